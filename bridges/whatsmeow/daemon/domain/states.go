package domain

// State is the state of a bridge, in the words of src/domain/states.ts.
type State string

// The states of this bridge. The Node program reports not_configured itself.
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
