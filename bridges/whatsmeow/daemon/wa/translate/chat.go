package translate

import (
	"math"

	"go.mau.fi/whatsmeow/proto/waHistorySync"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// forever is the last second with a four-digit year, the latest time that ISO 8601 can write.
const forever = 253_402_300_799

// mutedUntil converts the end of a mute to seconds. WhatsApp writes −1 (or its unsigned form) for ever and 0 for not
// muted.
func mutedUntil(end int64) *int64 {
	last := int64(forever)
	if end >= 0 && end <= forever*1000 {
		last = min(seconds(end), forever)
	}
	return &last
}

// Pair returns the pair of two addresses in either order, and false when they are not a phone number and a LID.
func Pair(one, other string) (domain.LIDPair, bool) {
	a, b := domain.NormalizeJID(one), domain.NormalizeJID(other)
	if domain.IsPN(a) {
		a, b = b, a
	}
	return domain.LIDPair{LID: a, PN: b}, domain.IsLID(a) && domain.IsPN(b)
}

// pairOf returns both addresses of the person in a direct chat, and false when the chat does not name both.
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

// chatOfConversation converts a conversation of the history to a chat. It returns false for status and for invalid
// addresses.
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

// listedAt returns when the phone wrote a list of members (milliseconds since 1970): the time of its last known
// message. A chunk may be read much later, and with the current time an old list would override newer changes.
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
