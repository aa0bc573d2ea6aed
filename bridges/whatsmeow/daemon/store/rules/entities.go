package rules

import (
	"slices"
	"strings"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

var (
	updateContact = rule("update_contact")
	noteNames     = rule("note_names")
	updateChat    = rule("update_chat")
	setMember     = rule("set_member")
)

// writeContact adds new names to a contact. It also stores them by the address they arrived under, so that a merge of
// two people can be undone.
func (w *Writer) writeContact(contact domain.Contact) {
	id := w.contactID(contact.JID)
	if id == 0 {
		return
	}
	values := args{"id": id, "jid": contact.JID, "saved_name": orNull(contact.SavedName),
		"push_name": orNull(contact.PushName), "business_name": orNull(contact.BusinessName)}
	w.Exec(updateContact, values)
	w.Exec(noteNames, values)
}

// writeChat creates a chat if missing and adds what is newly known about it.
func (w *Writer) writeChat(chat domain.Chat) {
	id := w.ChatID(chat.JID)
	if id == 0 {
		return
	}
	var unreadAt *int64
	if chat.UnreadCount != nil {
		unreadAt = firstKnown(chat.UnreadAt, chat.LastMessageAt)
	}
	var archived any
	if chat.Archived != nil {
		archived = boolean(*chat.Archived)
	}
	w.Exec(updateChat, args{
		"id": id, "kind": orNull(string(chat.Kind)), "name": orNull(chat.Name), "parent_jid": orNull(chat.ParentJID),
		"archived": archived, "pinned_at": chat.PinnedAt, "muted_until": chat.MutedUntil,
		"ephemeral_seconds": chat.EphemeralSeconds, "unread_count": chat.UnreadCount, "unread_at": unreadAt,
		"read_upto": chat.ReadUpto, "members_at": chat.MembersAt, "cleared_at": chat.ClearedAt,
		"last_message_at": chat.LastMessageAt,
	})
	w.countUnread(id)
	if chat.MembersAt != nil {
		w.noteRole(id, domain.Member{Role: domain.RoleLeft, At: *chat.MembersAt, Told: domain.ToldList})
	}
}

// firstKnown returns the first time that is not nil, or 0: a count without a time is older than any other.
func firstKnown(times ...*int64) *int64 {
	for _, time := range times {
		if time != nil {
			return time
		}
	}
	var none int64
	return &none
}

func (w *Writer) writeMember(member domain.Member) {
	id := w.ChatID(member.ChatJID)
	if id == 0 {
		return
	}
	w.Exec(setMember,
		args{"chat_id": id, "member": member.Member, "role": member.Role, "at": member.At})
	w.noteRole(id, member)
}

// sortedBy sorts rows by key as the Node writer does; rows of one key keep their order.
func sortedBy[T any](rows []T, key func(T) string) []T {
	sorted := slices.Clone(rows)
	slices.SortStableFunc(sorted, func(a, b T) int { return strings.Compare(key(a), key(b)) })
	return sorted
}

// WriteFacts writes the contacts, chats, members and deletions of a batch.
func (w *Writer) WriteFacts(batch *domain.Batch) {
	for _, contact := range sortedBy(batch.Contacts, func(row domain.Contact) string { return row.JID }) {
		w.writeContact(contact)
	}
	for _, chat := range sortedBy(batch.Chats, func(row domain.Chat) string { return row.JID }) {
		w.writeChat(chat)
	}
	for _, member := range sortedBy(batch.Members, func(row domain.Member) string {
		return row.ChatJID + " " +
			row.Member
	}) {
		w.writeMember(member)
	}
	for _, deletion := range batch.Deletions {
		w.writeDeletion(deletion)
	}
}
