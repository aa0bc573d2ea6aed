package wa

import (
	"context"
	"errors"
	"net/http"
	"time"

	"go.mau.fi/whatsmeow"
	binary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/wa/translate"
)

// answerTime is how long WhatsApp gets for the answer to one question.
const answerTime = 10 * time.Second

// Ask hands a whole answer over. The functions of the library leave out a part of what it says, or take a refusal for an
// empty answer.
func (c client) Ask(ctx context.Context, question whatsmeow.DangerousInfoQuery) (*binary.Node, error) {
	return c.DangerousInternals().SendIQ(ctx, question)
}

// AskProfile asks WhatsApp for the profile of a business, and hands its whole answer over. Somebody known by a hidden
// identity is asked about by number, where this device has learned it.
func (c client) AskProfile(ctx context.Context, jid types.JID) (*binary.Node, error) {
	if jid.Server == types.HiddenUserServer {
		if known, err := c.Store.LIDs.GetPNForLID(ctx, jid); err == nil && !known.IsEmpty() {
			jid = known.ToNonAD()
		}
	}
	return c.DangerousInternals().SendIQ(ctx, whatsmeow.DangerousInfoQuery{
		Namespace: "w:biz", Type: "get", To: types.ServerJID,
		Content: []binary.Node{{Tag: "business_profile", Attrs: binary.Attrs{"v": "244"},
			Content: []binary.Node{{Tag: "profile", Attrs: binary.Attrs{"jid": jid}}}}},
	})
}

// BusinessProfile is how a business account presents itself, or that an account is none. Fails with not_linked,
// bridge_unavailable, upstream_unanswered, upstream_rejected or rate_limited.
func (b *Bridge) BusinessProfile(ctx context.Context, jid string) (translate.Profile, error) {
	if domain.KindOf(jid) != domain.Direct || jid == "" {
		return translate.Profile{}, domain.Errorf(domain.InvalidInput, "jid must be the address of a person.")
	}
	address, err := types.ParseJID(jid)
	if err == nil {
		err = b.assertReady()
	}
	if err != nil {
		return translate.Profile{}, err
	}
	answer, err := b.current().AskProfile(ctx, address)
	if err = askFailure(err, "business profile"); err == nil {
		return translate.ProfileOf(answer), nil
	}
	var failure *domain.Error
	if errors.As(err, &failure) && failure.Code == domain.NotFound {
		return translate.Profile{}, nil
	}
	return translate.Profile{}, err
}

// assertReady says why nothing can be asked now.
func (b *Bridge) assertReady() error {
	if b.account().JID == "" {
		return domain.Errorf(domain.NotLinked, "No phone is linked to wa-bridge.")
	}
	if !b.isConnected() {
		return domain.Errorf(domain.BridgeUnavailable, "wa-bridge has no connection to WhatsApp now.")
	}
	return nil
}

// askFailure makes a failure of ours of what came in place of an answer.
func askFailure(err error, what string) error {
	var refusal *whatsmeow.IQError
	var lost *whatsmeow.DisconnectedError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refusal) && refusal.Code == http.StatusNotFound:
		return domain.Errorf(domain.NotFound, "WhatsApp has no %s here.", what)
	case errors.As(err, &refusal) && refusal.Code == http.StatusTooManyRequests:
		return domain.Errorf(domain.RateLimited, "WhatsApp answers no more questions for %s for now.", what)
	case errors.As(err, &refusal):
		return domain.Errorf(domain.UpstreamRejected, "WhatsApp refused the %s (%d).", what, refusal.Code)
	case errors.Is(err, whatsmeow.ErrIQTimedOut), errors.Is(err, context.DeadlineExceeded):
		return domain.Errorf(domain.UpstreamUnanswered, "WhatsApp did not answer when asked for the %s.", what)
	case errors.As(err, &lost), errors.Is(err, whatsmeow.ErrNotConnected), errors.Is(err, whatsmeow.ErrNotLoggedIn):
		return domain.Errorf(domain.BridgeUnavailable, "The connection ended before WhatsApp gave the %s.", what)
	}
	return err
}
