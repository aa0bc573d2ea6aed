package translate

import (
	"reflect"

	"google.golang.org/protobuf/proto"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waWeb"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/wa/translate/wellformed"
)

// Message converts a wire message to its row and its changes. The row is nil when a person does not see the message
// as one. Its texts are valid UTF-8: the decoder does not check that, so Message repairs info when a text is not.
func (c Context) Message(info *waWeb.WebMessageInfo) (*domain.Message, []domain.Change) {
	row, changes := c.row(info), c.changesOf(info)
	if wellformed.IsValid(row) && wellformed.IsValid(changes) {
		return row, changes
	}
	wellformed.Repair(info.ProtoReflect())
	return c.row(info), c.changesOf(info)
}

func (c Context) row(info *waWeb.WebMessageInfo) *domain.Message {
	chat, id := chatOf(info.GetKey()), info.GetKey().GetID()
	content, ok := visible(info)
	if chat == "" || id == "" || !ok {
		return nil
	}
	timestamp := seconds(int64(info.GetMessageTimestamp()))
	if timestamp == 0 {
		timestamp = c.Now / 1000
	}
	message := &domain.Message{
		ChatJID: chat, ID: id, Timestamp: timestamp,
		Sender: textOrNil(c.authorOf(info.GetKey(), info.GetParticipant())),
		FromMe: info.GetKey().GetFromMe(), Type: content.kind, Content: content.text,
		Filename: textOrNil(content.filename), Title: textOrNil(content.title),
		QuotedID:  textOrNil(content.context.GetStanzaID()),
		Forwarded: content.context.GetIsForwarded() || content.context.GetForwardingScore() > 0,
		ViewOnce:  content.viewOnce, Starred: info.GetStarred(), ExpiresAt: expiry(info, &content, timestamp),
		Details: details(&content), Raw: encode(info),
	}
	if message.FromMe && info.Status != nil {
		message.Status = textOrNil(deliveryOf(int32(info.GetStatus())))
	}
	return message
}

// visible returns the visible content of a message, and false when it shows nothing.
func visible(info *waWeb.WebMessageInfo) (content, bool) {
	message, viewOnce := unwrap(info.GetMessage())
	if field := visibleField(message); field != "" {
		found := read(field, message)
		found.viewOnce = found.viewOnce || viewOnce
		return found, true
	}
	if viewOnce { // already opened on another device
		found := content{kind: "unsupported", viewOnce: true}
		found.details.WireType = "viewOnceMessage"
		return found, true
	}
	// REVOKE is the only stub that replaces a message.
	return content{kind: "revoked"}, info.GetMessageStubType() == waWeb.WebMessageInfo_REVOKE
}

func expiry(info *waWeb.WebMessageInfo, content *content, timestamp int64) *int64 {
	duration := int64(info.GetEphemeralDuration())
	if duration == 0 {
		duration = int64(content.context.GetExpiration())
	}
	if duration == 0 {
		return nil
	}
	start := seconds(int64(info.GetEphemeralStartTimestamp()))
	if start == 0 {
		start = timestamp
	}
	end := start + duration
	return &end
}

func details(content *content) *domain.Details {
	all := content.details
	all.Quoted = quoted(content.context)
	for _, mentioned := range content.context.GetMentionedJID() {
		if jid := domain.NormalizeJID(mentioned); jid != "" {
			all.Mentions = append(all.Mentions, jid)
		}
	}
	if reflect.ValueOf(all).IsZero() {
		return nil
	}
	return &all
}

func quoted(context *waE2E.ContextInfo) *domain.Quoted {
	if context.GetStanzaID() == "" {
		return nil
	}
	quote := &domain.Quoted{ID: context.GetStanzaID(), Sender: domain.NormalizeJID(context.GetParticipant())}
	message, _ := unwrap(context.GetQuotedMessage())
	if field := visibleField(message); field != "" {
		found := read(field, message)
		quote.Type, quote.Text = found.kind, found.text
	}
	return quote
}

func encode(info *waWeb.WebMessageInfo) []byte {
	bytes, err := proto.MarshalOptions{Deterministic: true}.Marshal(info)
	if err != nil {
		return nil // without a required field: the row is stored without its wire form
	}
	return bytes
}
