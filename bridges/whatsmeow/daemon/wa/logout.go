package wa

import (
	"context"
	"errors"

	"go.mau.fi/whatsmeow"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// StateOutput is the state after a pairing was cancelled.
type StateOutput struct {
	State domain.State `json:"state"`
}

// CancelPairing stops a pairing that is not complete.
func (p *pairing) CancelPairing() StateOutput {
	if p.isPairing() {
		p.stopPairing("")
	}
	return StateOutput{p.stateForOthers()}
}

// refusePasskey ends a pairing that needs a passkey: only a browser on WhatsApp's own site can prove one.
func (p *pairing) refusePasskey() {
	const message = "WhatsApp asks for a passkey to link this account."
	p.failFlow(domain.Errorf(domain.NeedsPasskey, message))
	p.background(func(context.Context) { p.current().Disconnect() })
	p.set(domain.Unlinked, message)
}

// LogoutOutput is the result of a logout.
type LogoutOutput struct {
	State     domain.State `json:"state"`
	WasLinked bool         `json:"was_linked"`
}

// Logout removes this linked device from the account and deletes its keys; received messages stay. Fails with
// bridge_unavailable or upstream_unanswered; then nothing was removed.
func (p *pairing) Logout(ctx context.Context) (LogoutOutput, error) {
	if p.Account().JID == "" {
		return LogoutOutput{State: p.stateForOthers()}, nil
	}
	if err := p.current().Logout(ctx); err != nil {
		if errors.Is(err, whatsmeow.ErrNotConnected) || errors.Is(err, whatsmeow.ErrNotLoggedIn) {
			return LogoutOutput{}, domain.Errorf(domain.BridgeUnavailable, "There is no connection to WhatsApp; nothing was removed.")
		}
		return LogoutOutput{}, &domain.Error{Code: domain.UpstreamUnanswered, Message: "WhatsApp did not remove this device.", Cause: err}
	}
	p.renewDevice()
	p.set(domain.Unlinked, "")
	return LogoutOutput{State: domain.Unlinked, WasLinked: true}, nil
}
