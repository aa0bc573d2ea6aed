package device

import (
	"context"

	"go.mau.fi/whatsmeow"
	binary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// Asker asks WhatsApp. The functions of the library take many refusals for empty answers; so whole answers are handed
// over, to be read as they are.
type Asker interface {
	// ID is the address of the linked account with the device, empty before pairing.
	ID() types.JID
	Ask(ctx context.Context, question whatsmeow.DangerousInfoQuery) (*binary.Node, error)
	// TrustToken shows that somebody trusts this account; empty where there is none.
	TrustToken(ctx context.Context, jid types.JID) []byte
	// NumberOf is the address with the number of somebody known by a hidden identity; empty where it is not known.
	NumberOf(ctx context.Context, lid types.JID) types.JID
	RequestID() string
	// Platform is what the phone is.
	Platform() string
}

func (c client) TrustToken(ctx context.Context, jid types.JID) []byte {
	token, err := c.DangerousInternals().EnsureTCToken(ctx, jid)
	if err != nil {
		return nil
	}
	return token
}

func (c client) NumberOf(ctx context.Context, lid types.JID) types.JID {
	known, err := c.Store.LIDs.GetPNForLID(ctx, lid)
	if err != nil {
		return types.EmptyJID
	}
	return known.ToNonAD()
}

func (c client) RequestID() string { return c.DangerousInternals().GenerateRequestID() }

func (c client) Platform() string { return c.Store.Platform }

// AskPage sends the phone the question for older messages. Only a phone that has written to this device can be asked.
func (c client) AskPage(ctx context.Context, id types.MessageID, before *types.MessageInfo, count int) error {
	_, err := c.SendMessage(ctx, c.ID().ToNonAD(), c.BuildHistorySyncRequest(before, count),
		whatsmeow.SendRequestExtra{ID: id, Peer: true, Timeout: AnswerTimeout})
	return err
}
