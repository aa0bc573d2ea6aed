package device

import (
	"context"

	"go.mau.fi/whatsmeow"
	binary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/spool"
)

// client is a whatsmeow client with the parts that this program adds.
type client struct {
	*whatsmeow.Client
	inbox *spool.Inbox
}

func (c client) ID() types.JID  { return c.Store.GetJID() }
func (c client) LID() types.JID { return c.Store.GetLID() }

// LearnSecret stores the key of a message; the encrypted parts of messages about it (votes, edits, comments) need it.
func (c client) LearnSecret(ctx context.Context, chat, author types.JID, id types.MessageID, secret []byte) error {
	return c.Store.MsgSecrets.PutMessageSecret(ctx, chat, author, id, secret)
}

// HasSettingsKey reports whether the phone has shared a key of its settings.
func (c client) HasSettingsKey(ctx context.Context) bool {
	key, err := c.Store.AppStateKeys.GetLatestAppStateSyncKeyID(ctx)
	return err == nil && len(key) > 0
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

// AskPage asks the phone for older messages. It fails with ErrNoSession when the phone has not yet written to this
// device.
func (c client) AskPage(ctx context.Context, id types.MessageID, before *types.MessageInfo, count int) error {
	_, err := c.SendMessage(ctx, c.ID().ToNonAD(), c.BuildHistorySyncRequest(before, count),
		whatsmeow.SendRequestExtra{ID: id, Peer: true, Timeout: domain.AnswerTimeout})
	return err
}

// Ask sends a query and returns the whole answer. The library's own functions omit parts of it, or take a refusal for
// an empty answer.
func (c client) Ask(ctx context.Context, question whatsmeow.DangerousInfoQuery) (*binary.Node, error) {
	return c.DangerousInternals().SendIQ(ctx, question)
}
