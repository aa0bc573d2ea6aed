package domain

// State is what a bridge is doing, in the words of src/domain/states.ts.
type State string

// The states that this bridge can be in; that it is not_configured is what others say of it.
const (
	Unlinked   State = "unlinked"
	Pairing    State = "pairing"
	Connecting State = "connecting"
	Syncing    State = "syncing"
	Ready      State = "ready"
	Degraded   State = "degraded"
	Replaced   State = "replaced"
	LoggedOut  State = "logged_out"
	Restricted State = "restricted"
	Outdated   State = "outdated"
	Down       State = "down"
)
