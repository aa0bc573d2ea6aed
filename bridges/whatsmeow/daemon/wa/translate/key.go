package translate

import (
	"go.mau.fi/whatsmeow/proto/waCommon"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// Context is what a translation needs besides the event: the linked account, and the time (milliseconds since 1970)
// for events without one.
type Context struct {
	Me  domain.Account
	Now int64
}

// chatOf returns the chat of a key, or "" for status posts and system addresses. A broadcast list is a chat for its
// owner only; for a recipient its messages belong to the chat with the sender.
func chatOf(key *waCommon.MessageKey) string {
	jid := domain.NormalizeJID(key.GetRemoteJID())
	if jid == domain.StatusAddress {
		return ""
	}
	if domain.IsBroadcast(jid) && !key.GetFromMe() {
		return domain.NormalizeJID(key.GetParticipant())
	}
	return jid
}

// authorOf returns the author of a message: the account's phone number for own messages, the participant in groups,
// otherwise the other person; "" when WhatsApp does not name one.
func (c Context) authorOf(key *waCommon.MessageKey, participant string) string {
	if key.GetFromMe() {
		return c.Me.JID
	}
	chat := chatOf(key)
	if chat == "" || domain.IsGroup(chat) {
		if key.Participant != nil {
			participant = key.GetParticipant()
		}
		return domain.NormalizeJID(participant)
	}
	return chat
}

func textOrNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
