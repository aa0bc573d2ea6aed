package translate

import (
	"time"

	"go.mau.fi/whatsmeow/proto/waSyncAction"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// Event returns the rows of any event that is not a message. The batch is empty for events without effect for a user.
func (c Context) Event(event any) domain.Batch {
	batch := domain.Batch{Lane: domain.Live}
	switch evt := event.(type) {
	case *events.Receipt:
		batch.Changes = c.receipts(evt)
		batch.LIDPairs = alternates(evt.MessageSource)
	case *events.PushName:
		if own := domain.NormalizeJID(evt.JID.String()); own == c.Me.JID || own == c.Me.LID {
			break // the account is not a contact of its own
		}
		batch.Contacts = contacts(domain.Contact{JID: evt.JID.String(), PushName: evt.NewPushName})
		if pair, ok := Pair(evt.JID.String(), evt.JIDAlt.String()); ok {
			batch.LIDPairs = []domain.LIDPair{pair}
		}
	case *events.BusinessName:
		batch.Contacts = contacts(domain.Contact{JID: evt.JID.String(), BusinessName: evt.NewBusinessName})
	case *events.Contact:
		action := evt.Action
		saved, chosen := bookNames(action.GetUsername(), action.GetFullName(), action.GetFirstName())
		batch.Contacts = contacts(domain.Contact{JID: evt.JID.String(), LID: action.GetLidJID(), PN: action.GetPnJID(),
			SavedName: saved, PushName: chosen})
	case *events.Star:
		batch.Changes = c.star(evt)
	case *events.DeleteForMe:
		batch.Deletions = c.deletions(evt)
	case *events.GroupInfo:
		c.groupChange(evt, &batch)
	case *events.JoinedGroup:
		chat, members, pairs := c.group(&evt.GroupInfo)
		batch.Chats, batch.Members, batch.LIDPairs = []domain.Chat{chat}, members, pairs
	case *events.NewsletterJoin:
		batch.Chats = []domain.Chat{{JID: domain.NormalizeJID(evt.ID.String()), Name: evt.ThreadMeta.Name.Text}}
	default:
		if chat, ok := c.setting(event); ok {
			batch.Settings = []domain.Chat{chat}
		}
	}
	return batch
}

func contacts(contact domain.Contact) []domain.Contact {
	if known, ok := contactOf(contact); ok {
		return []domain.Contact{known}
	}
	return nil
}

// setting returns the settings of a chat that an event changes. It returns false for other events and for invalid
// addresses.
func (c Context) setting(event any) (domain.Chat, bool) {
	var chat domain.Chat
	switch evt := event.(type) {
	case *events.Archive:
		chat.JID, chat.Archived = evt.JID.String(), boolean(evt.Action.GetArchived())
	case *events.Pin:
		chat.JID, chat.PinnedAt = evt.JID.String(), new(int64)
		if evt.Action.GetPinned() {
			*chat.PinnedAt = c.at(evt.Timestamp) / 1000
		}
	case *events.Mute:
		chat.JID, chat.MutedUntil = evt.JID.String(), new(int64)
		if evt.Action.GetMuted() {
			chat.MutedUntil = mutedUntil(evt.Action.GetMuteEndTimestamp())
		}
	case *events.MarkChatAsRead:
		chat = c.reading(evt)
	case *events.ClearChat:
		chat = c.cleared(evt.JID, evt.Timestamp, evt.Action.GetMessageRange())
	case *events.DeleteChat:
		chat = c.cleared(evt.JID, evt.Timestamp, evt.Action.GetMessageRange())
	default:
		return chat, false
	}
	chat.JID = domain.NormalizeJID(chat.JID)
	return chat, chat.JID != "" && chat.JID != domain.StatusAddress
}

// reading returns the read state of a chat. It counts as read up to the last message that the phone knew, because the
// event may arrive after newer messages.
func (c Context) reading(evt *events.MarkChatAsRead) domain.Chat {
	at, one := c.at(evt.Timestamp)/1000, int64(1)
	if evt.Action.GetRead() {
		return domain.Chat{JID: evt.JID.String(), ReadUpto: lastOf(evt.Action.GetMessageRange(), at)}
	}
	return domain.Chat{JID: evt.JID.String(), UnreadCount: &one, UnreadAt: &at}
}

func (c Context) cleared(jid types.JID, moment time.Time, known *waSyncAction.SyncActionMessageRange) domain.Chat {
	at := c.at(moment) / 1000
	return domain.Chat{JID: jid.String(), ClearedAt: &at, ReadUpto: lastOf(known, at)}
}

// lastOf returns the time of the last message that the phone knew in the chat, in seconds.
func lastOf(known *waSyncAction.SyncActionMessageRange, fallback int64) *int64 {
	for _, time := range []int64{known.GetLastMessageTimestamp(), known.GetLastSystemMessageTimestamp()} {
		if last := positive(seconds(time)); last != nil {
			return last
		}
	}
	return &fallback
}

func boolean(value bool) *bool { return &value }

// receiptStates are the receipts that a user sees.
var receiptStates = map[types.ReceiptType]string{
	types.ReceiptTypeDelivered: "delivered", types.ReceiptTypeRead: "read", types.ReceiptTypePlayed: "played",
}

// ownReceiptStates are the receipts of the account's own devices that count.
var ownReceiptStates = map[types.ReceiptType]string{
	types.ReceiptTypeRead: "read", types.ReceiptTypeReadSelf: "read",
	types.ReceiptTypePlayed: "played", types.ReceiptTypePlayedSelf: "played",
}

func (c Context) receipts(evt *events.Receipt) []domain.Change {
	chat := domain.NormalizeJID(evt.Chat.String())
	state, actor := receiptStates[evt.Type], chat
	switch {
	case evt.IsFromMe:
		state, actor = ownReceiptStates[evt.Type], c.Me.JID
	case evt.IsGroup:
		actor = domain.NormalizeJID(evt.Sender.String())
	}
	if state == "" || chat == "" || actor == "" || chat == domain.StatusAddress {
		return nil
	}
	var changes []domain.Change
	for _, id := range evt.MessageIDs {
		changes = append(changes, domain.Change{ChatJID: chat, MessageID: id, Kind: domain.Receipt, Actor: actor,
			At: receiptTime(evt.Timestamp.Unix(), state, c.Now), Value: state})
	}
	return changes
}

func (c Context) deletions(evt *events.DeleteForMe) []domain.Deletion {
	chat := domain.NormalizeJID(evt.ChatJID.String())
	if chat == "" || chat == domain.StatusAddress || evt.MessageID == "" {
		return nil
	}
	return []domain.Deletion{{ChatJID: chat, MessageID: evt.MessageID, At: c.at(evt.Timestamp)}}
}

func (c Context) star(evt *events.Star) []domain.Change {
	chat, value := domain.NormalizeJID(evt.ChatJID.String()), "0"
	if evt.Action.GetStarred() {
		value = "1"
	}
	if chat == "" || evt.MessageID == "" {
		return nil
	}
	return []domain.Change{{ChatJID: chat, MessageID: evt.MessageID, Kind: domain.Star, Actor: c.Me.JID,
		At: c.at(evt.Timestamp), Value: value}}
}
