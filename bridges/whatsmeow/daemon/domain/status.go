package domain

// Report is what this bridge says about itself at any moment, without asking anybody.
type Report struct {
	State State `json:"state"`
	// Linked: credentials exist. Linked is not ready.
	Linked bool `json:"linked"`
	// Connected: the socket to WhatsApp is open and logged in.
	Connected bool    `json:"connected"`
	JID       *string `json:"jid"`
	LID       *string `json:"lid"`
	// Message says why it is in this state, for a person.
	Message *string `json:"message"`
	// Gaps are messages that arrived and that nobody could make readable.
	Gaps int `json:"gaps"`
	// PendingHistory are history blobs that were announced and are not written.
	PendingHistory int `json:"pending_history"`
}
