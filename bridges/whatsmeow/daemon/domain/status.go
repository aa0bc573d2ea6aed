package domain

// BridgeStatus is the status of this bridge; making it needs no query to WhatsApp.
type BridgeStatus struct {
	State State `json:"state"`
	// Linked means that credentials exist; the bridge may still not be ready.
	Linked bool `json:"linked"`
	// Connected means that the socket to WhatsApp is open and logged in.
	Connected bool    `json:"connected"`
	JID       *string `json:"jid"`
	LID       *string `json:"lid"`
	// Message explains the state to a person.
	Message *string `json:"message"`
	// Gaps counts the messages that arrived and could not be decrypted.
	Gaps int `json:"gaps"`
	// PendingHistory counts the history chunks that were announced and are not written yet.
	PendingHistory int `json:"pending_history"`
	// Store measures the writes of messages.db.
	Store *Writing `json:"store,omitempty"`
}

// Writing measures the latest writes of messages.db, at most 1,000 of them, each from its request to its commit,
// including the wait for other programs. The times are in milliseconds, and null before the first write.
type Writing struct {
	// Writes counts all writes since the program started, BusyErrors the transactions that did not get the lock in
	// time.
	Writes     int64    `json:"writes"`
	BusyErrors int64    `json:"busy_errors"`
	P50        *float64 `json:"write_p50_ms"`
	P95        *float64 `json:"write_p95_ms"`
	Max        *float64 `json:"write_max_ms"`
}
