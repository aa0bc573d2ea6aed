package translate

import (
	"crypto/sha256"
	"slices"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waWeb"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// deliveries maps WebMessageInfo.Status to our delivery states.
var deliveries = []string{"failed", "queued", "server", "delivered", "read", "played"}

func deliveryOf(status int32) string {
	if status < 0 || int(status) >= len(deliveries) {
		return ""
	}
	return deliveries[status]
}

// receiptTime returns when a receipt's state was reached, in milliseconds. WhatsApp gives seconds, in which a message
// can be both delivered and read, so a later state gets a later millisecond.
func receiptTime(told int64, state string, fallback int64) int64 {
	if told <= 0 {
		return fallback
	}
	return told*1000 + int64(slices.Index(deliveries, state))
}

// ChosenOptions returns the options of a vote by name. Hashes that match no option are skipped.
func ChosenOptions(names []string, hashes [][]byte) []string {
	chosen := []string{}
	for _, name := range names {
		hash := sha256.Sum256([]byte(name))
		if slices.ContainsFunc(hashes, func(other []byte) bool { return string(other) == string(hash[:]) }) {
			chosen = append(chosen, name)
		}
	}
	return chosen
}

// changesOf returns all changes in a wire message: the change that it makes to another message, and those attached to
// the message itself.
func (c Context) changesOf(info *waWeb.WebMessageInfo) []domain.Change {
	chat := chatOf(info.GetKey())
	if chat == "" {
		return nil
	}
	fallback := int64(info.GetMessageTimestamp()) * 1000
	if fallback <= 0 {
		fallback = c.Now
	}
	var changes []domain.Change
	if sent := c.sentChange(info, chat, fallback); sent != nil {
		changes = append(changes, *sent)
	}
	if info.GetKey().GetID() == "" {
		return changes
	}
	return append(changes, c.attached(info, chat, fallback)...)
}

// sentChange returns the edit, revoke or reaction that a message makes to another one, or nil.
func (c Context) sentChange(info *waWeb.WebMessageInfo, chat string, fallback int64) *domain.Change {
	message, _ := unwrap(info.GetMessage())
	actor := c.authorOf(info.GetKey(), info.GetParticipant())
	protocol, reaction := message.GetProtocolMessage(), message.GetReactionMessage()
	target := firstText(protocol.GetKey().GetID(), reaction.GetKey().GetID())
	if actor == "" || target == "" {
		return nil
	}
	change := &domain.Change{ChatJID: chat, MessageID: target, Actor: actor, At: fallback}
	switch {
	case reaction != nil:
		change.Kind, change.Value = domain.Reaction, reaction.GetText()
		change.At = orElse(reaction.GetSenderTimestampMS(), fallback)
	case protocol.GetType() == waE2E.ProtocolMessage_REVOKE:
		change.Kind = domain.Revoke
	case protocol.GetType() == waE2E.ProtocolMessage_MESSAGE_EDIT && protocol.GetEditedMessage() != nil:
		change.Kind, change.Value = domain.Edit, visibleText(protocol.GetEditedMessage())
		change.At = editTime(orElse(protocol.GetTimestampMS(), fallback), fallback)
	default:
		return nil
	}
	return change
}

// skew limits how much earlier than the server an author may date an edit, in milliseconds.
const skew = 120_000

// editTime returns the time of an edit, in milliseconds. The author's own time orders edits within a second, but it
// may be at most two minutes before the server's. Otherwise an author could edit a message long after the time that
// phones allow.
func editTime(claimed, sentAt int64) int64 {
	return min(max(claimed, sentAt-skew), sentAt+999)
}

func orElse(time, fallback int64) int64 {
	if time > 0 {
		return time
	}
	return fallback
}

// attached returns the changes that history attaches to a message: reactions, receipts, and the votes that the phone
// could decrypt.
func (c Context) attached(info *waWeb.WebMessageInfo, chat string, fallback int64) []domain.Change {
	var changes []domain.Change
	add := func(kind, actor string, at int64, value string) {
		if actor != "" {
			changes = append(changes, domain.Change{ChatJID: chat, MessageID: info.GetKey().GetID(), Kind: kind, Actor: actor, At: at, Value: value})
		}
	}
	for _, reaction := range info.GetReactions() {
		if reaction.Key != nil {
			add(domain.Reaction, c.authorIn(chat, reaction.GetKey().GetFromMe(), reaction.GetKey().GetParticipant()),
				orElse(reaction.GetSenderTimestampMS(), fallback), reaction.GetText())
		}
	}
	for _, receipt := range info.GetUserReceipt() {
		if at, state := reached(receipt); state != "" {
			add(domain.Receipt, domain.NormalizeJID(receipt.GetUserJID()), receiptTime(at, state, fallback), state)
		}
	}
	message, _ := unwrap(info.GetMessage())
	field := visibleField(message)
	if field == "" || len(info.GetPollUpdates()) == 0 {
		return changes
	}
	if poll := read(field, message).details.Poll; poll != nil {
		for _, update := range info.GetPollUpdates() {
			if key := update.GetPollUpdateMessageKey(); key != nil && update.Vote != nil {
				add(domain.Vote, c.authorIn(chat, key.GetFromMe(), key.GetParticipant()),
					orElse(update.GetSenderTimestampMS(), fallback),
					domain.JSON(ChosenOptions(poll.Options, update.GetVote().GetSelectedOptions())))
			}
		}
	}
	return changes
}

// authorIn returns the author of a change that has no key of its own.
func (c Context) authorIn(chat string, fromMe bool, participant string) string {
	switch {
	case fromMe:
		return c.Me.JID
	case domain.IsGroup(chat):
		return domain.NormalizeJID(participant)
	case domain.IsBroadcast(chat):
		return domain.NormalizeJID(participant)
	}
	return chat
}

// reached returns the time (seconds since 1970) and the name of the latest delivery state of one recipient.
func reached(receipt *waWeb.UserReceipt) (int64, string) {
	switch {
	case receipt.GetPlayedTimestamp() > 0:
		return receipt.GetPlayedTimestamp(), "played"
	case receipt.GetReadTimestamp() > 0:
		return receipt.GetReadTimestamp(), "read"
	case receipt.GetReceiptTimestamp() > 0:
		return receipt.GetReceiptTimestamp(), "delivered"
	}
	return 0, ""
}
