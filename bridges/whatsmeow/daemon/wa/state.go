package wa

import (
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// transition is the new state after an event of the connection; message explains it to a person.
type transition struct {
	state   domain.State
	message string
	// stop means that the library does not reconnect by itself, and must not.
	stop bool
}

// transitionOf returns the state after an event, and false for events that do not change it. The messages are those
// of the other bridge for the same WhatsApp codes.
func transitionOf(event any, now time.Time) (transition, bool) {
	switch evt := event.(type) {
	case *events.Connected, *events.KeepAliveRestored, *events.OfflineSyncCompleted:
		return transition{state: domain.Ready}, true
	case *events.OfflineSyncPreview:
		return transition{state: domain.Syncing}, evt.Total > 0
	case *events.PairSuccess:
		return transition{state: domain.Connecting}, true
	case *events.PairError:
		return transition{domain.Unlinked, "The phone and this program did not agree on the link; try again.", true}, true
	case *events.Disconnected:
		return transition{state: domain.Connecting, message: "The connection was closed."}, true
	case *events.KeepAliveTimeout:
		return transition{state: domain.Degraded, message: "WhatsApp does not answer; the connection is being tried."}, true
	case *events.StreamReplaced:
		return transition{domain.Replaced, "Another program connected with the credentials of this linked device.", true}, true
	case *events.LoggedOut:
		if evt.Reason == events.ConnectFailureMainDeviceGone || evt.Reason == events.ConnectFailureUnknownLogout {
			return transition{domain.Restricted, "WhatsApp restricted this account.", true}, true
		}
		return transition{domain.LoggedOut, "The phone removed this linked device.", true}, true
	case *events.TemporaryBan:
		until := now.Add(evt.Expire).UTC().Format(time.RFC3339)
		return transition{domain.Restricted, fmt.Sprintf("WhatsApp restricted this account until %s (code %d).", until, int(evt.Code)), true}, true
	case *events.ClientOutdated:
		return transition{domain.Outdated, "WhatsApp refuses this client version.", true}, true
	case *events.ConnectFailure:
		return transition{domain.Down, fmt.Sprintf("WhatsApp refused the connection (code %d).", int(evt.Reason)), true}, true
	case *events.StreamError:
		return transition{state: domain.Connecting, message: "WhatsApp ended the connection with an error."}, true
	}
	return transition{}, false
}
