package translate

import (
	"go.mau.fi/whatsmeow/proto/waCommon"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// Context is what a translation needs to know: whose account it is, and the time (milliseconds since 1970) of what
// carries none.
type Context struct {
	Me  domain.Account
	Now int64
}

// chatOf is the chat that a key names, or "" for what is no chat to us: status posts, system addresses. A broadcast
// list is a chat to its owner only; to everybody else its messages come from the person who wrote them.
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

// authorOf says who wrote it: the account itself under its phone number, the participant in groups, else the other
// side; "" when WhatsApp did not say.
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
