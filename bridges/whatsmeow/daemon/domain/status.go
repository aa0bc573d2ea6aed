package domain

// BridgeStatus is what this bridge says about itself at any moment, without asking anybody.
type BridgeStatus struct {
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
	// Store says how writing messages.db goes.
	Store *Writing `json:"store,omitempty"`
}

// Writing is how the latest writes of messages.db went, at most a thousand: from wanting to write, waiting for other
// programs included, until it was committed. The times are null before the first one.
type Writing struct {
	// Writes are all since the program began, BusyErrors the transactions that did not get the lock within seconds.
	Writes     int64    `json:"writes"`
	BusyErrors int64    `json:"busy_errors"`
	P50        *float64 `json:"write_p50_ms"`
	P95        *float64 `json:"write_p95_ms"`
	Max        *float64 `json:"write_max_ms"`
}
