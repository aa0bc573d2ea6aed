package wa

import (
	"context"
	"errors"

	"go.mau.fi/whatsmeow"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// StateOutput is the state after something was ended.
type StateOutput struct {
	State domain.State `json:"state"`
}

// CancelPairing stops a pairing that has not been completed.
func (b *Bridge) CancelPairing() StateOutput {
	if b.isPairing() {
		b.stopPairing("")
	}
	return StateOutput{b.Status().State}
}

// stopPairing ends a pairing and its connection.
func (b *Bridge) stopPairing(message string) {
	b.endFlow()
	b.current().Disconnect()
	b.set(domain.Unlinked, message)
}

func (b *Bridge) endFlow() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.flow != nil && b.flow.stop != nil {
		b.flow.stop.Stop()
	}
	b.flow = nil
}

// failFlow tells whoever waits for a code why there is none.
func (b *Bridge) failFlow(failure *domain.Error) {
	b.mutex.Lock()
	if b.flow != nil {
		b.flow.failure = failure
	}
	b.mutex.Unlock()
	b.endFlow()
}

// refusePasskey: the proof must come from a browser at WhatsApp's own address, which this program is not.
func (b *Bridge) refusePasskey() {
	const message = "WhatsApp asks for a passkey to link this account."
	b.failFlow(domain.Errorf(domain.NeedsPasskey, message))
	b.background(func(context.Context) { b.current().Disconnect() })
	b.set(domain.Unlinked, message)
}

// LogoutOutput says what was removed.
type LogoutOutput struct {
	State     domain.State `json:"state"`
	WasLinked bool         `json:"was_linked"`
}

// Logout removes this linked device from the account and forgets its keys; received messages stay. Fails when WhatsApp
// does not answer: then nothing was removed.
func (b *Bridge) Logout(ctx context.Context) (LogoutOutput, error) {
	if b.Account().JID == "" {
		return LogoutOutput{State: b.Status().State}, nil
	}
	if err := b.current().Logout(ctx); err != nil {
		if errors.Is(err, whatsmeow.ErrNotConnected) || errors.Is(err, whatsmeow.ErrNotLoggedIn) {
			return LogoutOutput{}, domain.Errorf(domain.BridgeUnavailable, "There is no connection to WhatsApp; nothing was removed.")
		}
		return LogoutOutput{}, &domain.Error{Code: domain.UpstreamUnanswered, Message: "WhatsApp did not remove this device.", Cause: err}
	}
	b.mutex.Lock()
	b.device = b.devices.Fresh(b.hooks())
	b.mutex.Unlock()
	b.set(domain.Unlinked, "")
	return LogoutOutput{State: domain.Unlinked, WasLinked: true}, nil
}
