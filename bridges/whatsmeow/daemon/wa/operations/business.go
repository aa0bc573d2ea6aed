package operations

import (
	"context"
	"errors"

	"go.mau.fi/whatsmeow"
	binary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/http"
	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
	"whatsapp-hybrid-mcp/wa-bridge/wa/translate"
)

type business struct{ Linked }

// Business returns the operations on business accounts.
func Business(linked Linked) http.Operations {
	return http.Operations{"business.profile": http.Define(business{linked}.profile)}
}

// profile returns the profile of a business account, or an empty one for an account that is not a business. A LID is
// replaced by its phone number where this device knows it. Fails with invalid_input, not_linked, bridge_unavailable,
// upstream_unanswered, upstream_rejected or rate_limited.
func (b business) profile(ctx context.Context, input personInput) (translate.Profile, error) {
	jid := string(input.JID)
	if domain.KindOf(jid) != domain.Direct || jid == "" {
		return translate.Profile{}, domain.Errorf(domain.InvalidInput, "jid must be the address of a person.")
	}
	if err := b.AssertReady(); err != nil {
		return translate.Profile{}, err
	}
	address := parsed(jid)
	if address.Server == types.HiddenUserServer {
		if number := b.Asker().NumberOf(ctx, address); !number.IsEmpty() {
			address = number
		}
	}
	answer, err := b.Asker().Ask(ctx, whatsmeow.DangerousInfoQuery{
		Namespace: "w:biz", Type: "get", To: types.ServerJID,
		Content: []binary.Node{{Tag: "business_profile", Attrs: binary.Attrs{"v": "244"},
			Content: []binary.Node{{Tag: "profile", Attrs: binary.Attrs{"jid": address}}}}},
	})
	if err = device.QueryError(err, "business profile"); err == nil {
		return translate.ProfileOf(answer), nil
	}
	var failure *domain.Error
	if errors.As(err, &failure) && failure.Code == domain.NotFound {
		return translate.Profile{}, nil
	}
	return translate.Profile{}, err
}
