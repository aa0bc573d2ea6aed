package device

import (
	"context"
	"errors"
	"net/http"

	"go.mau.fi/whatsmeow"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// QueryError converts the error of a query to a domain.Error; what names the requested data. Unknown errors are
// returned unchanged.
func QueryError(err error, what string) error {
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
