package translate

import (
	"math"

	"go.mau.fi/whatsmeow/proto/waHistorySync"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// forever is the last second that ISO 8601 can write with four digits of year.
const forever = 253_402_300_799

// mutedUntil: WhatsApp writes −1 (or its unsigned twin) for ever, 0 for not muted.
func mutedUntil(end int64) *int64 {
	last := int64(forever)
	if end >= 0 && end <= forever*1000 {
		last = min(seconds(end), forever)
	}
	return &last
}

// Pair is two addresses of one person, in whichever order they come; false when they are none.
func Pair(one, other string) (domain.LIDPair, bool) {
	a, b := domain.NormalizeJID(one), domain.NormalizeJID(other)
	if domain.IsPN(a) {
		a, b = b, a
	}
	return domain.LIDPair{LID: a, PN: b}, domain.IsLID(a) && domain.IsPN(b)
}

// pairOf is both addresses of the person a direct chat is with, when the chat names them.
func pairOf(conversation *waHistorySync.Conversation) (domain.LIDPair, bool) {
	own := domain.NormalizeJID(conversation.GetID())
	lid, pn := domain.NormalizeJID(conversation.GetLidJID()), domain.NormalizeJID(conversation.GetPnJID())
	if domain.IsLID(own) {
		lid = own
	}
	if domain.IsPN(own) {
		pn = own
	}
	return domain.LIDPair{LID: lid, PN: pn}, own != "" && domain.IsLID(lid) && domain.IsPN(pn)
}

// chatOfConversation is a history conversation as a chat; false for status and for addresses that are none.
func chatOfConversation(conversation *waHistorySync.Conversation) (domain.Chat, bool) {
	jid := domain.NormalizeJID(conversation.GetID())
	if jid == "" || jid == domain.StatusAddress {
		return domain.Chat{}, false
	}
	chat := domain.Chat{
		JID: jid, Kind: domain.KindOf(jid), Name: firstText(conversation.GetDisplayName(), conversation.GetName()),
		ParentJID: domain.NormalizeJID(conversation.GetParentGroupID()), Archived: conversation.Archived,
		UnreadCount: unreadOf(conversation), PinnedAt: positive(seconds(int64(conversation.GetPinned()))),
		EphemeralSeconds: positive(int64(conversation.GetEphemeralExpiration())), LastMessageAt: lastMessageAt(conversation),
	}
	if conversation.GetIsParentGroup() {
		chat.Kind = domain.Community
	}
	if pair, ok := pairOf(conversation); ok && !domain.IsGroup(jid) {
		chat.PN, chat.LID = pair.PN, pair.LID
	}
	if conversation.MuteEndTime != nil {
		chat.MutedUntil = mutedUntil(signed(conversation.GetMuteEndTime()))
	}
	if domain.IsGroup(jid) && len(conversation.GetParticipant()) > 0 {
		at := listedAt(conversation)
		chat.MembersAt = &at
	}
	return chat, true
}

func signed(value uint64) int64 {
	if value > math.MaxInt64 {
		return -1
	}
	return int64(value)
}

func unreadOf(conversation *waHistorySync.Conversation) *int64 {
	count := int64(conversation.GetUnreadCount())
	if conversation.GetMarkedAsUnread() {
		count = max(count, 1)
	} else if conversation.UnreadCount == nil {
		return nil
	}
	return &count
}

func lastMessageAt(conversation *waHistorySync.Conversation) *int64 {
	if at := positive(seconds(int64(conversation.GetLastMsgTimestamp()))); at != nil {
		return at
	}
	return positive(seconds(int64(conversation.GetConversationTimestamp())))
}

// listedAt is when the phone wrote a list of members down (milliseconds since 1970): not before the last message it
// knew. A blob may be read much later, so the present would let an old list win over newer news.
func listedAt(conversation *waHistorySync.Conversation) int64 {
	if at := lastMessageAt(conversation); at != nil {
		return *at * 1000
	}
	return 1
}

func positive(value int64) *int64 {
	if value <= 0 {
		return nil
	}
	return &value
}
