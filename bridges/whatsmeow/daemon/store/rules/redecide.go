package rules

import (
	"slices"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// noteRole stores a report about a member of a group; member "" stands for the list itself. Of equal lists within 30
// days it keeps the first and the last time; it keeps every event.
func (w *Writer) noteRole(chat int64, word domain.Member) {
	told := word.Told
	if told == "" {
		told = "word"
	}
	if w.Exec(`INSERT INTO member_words (chat_id, member, told, role, period, first_at, last_at)
    VALUES (@chat_id, @member, @told, @role, CASE WHEN @told = 'list' THEN @at / 2592000000 ELSE @at END, @at, @at)
    ON CONFLICT (chat_id, member, told, role, period) DO UPDATE SET first_at = min(first_at, excluded.first_at),
      last_at = max(last_at, excluded.last_at)
    WHERE excluded.first_at < first_at OR excluded.last_at > last_at`,
		args{"chat_id": chat, "member": word.Member, "told": told, "role": word.Role, "at": word.At}) == 1 {
		w.redecideMember(chat, word.Member)
	}
}

// redecide applies the changes of the found messages again after their verdict may have changed.
func (w *Writer) redecide(find string, values args) {
	var chats []int64
	var ids []string
	w.Each("SELECT DISTINCT chat_id, message_id FROM changes "+find, values, func(scan func(...any)) {
		var chat int64
		var id string
		scan(&chat, &id)
		chats, ids = append(chats, chat), append(ids, id)
	})
	for i, id := range ids {
		w.ApplyChanges(chats[i], id)
	}
}

// redecideMember decides revokes again after a report about a member, or about a list when address is "".
func (w *Writer) redecideMember(chat int64, address string) {
	find := "INDEXED BY changes_revoking WHERE chat_id = @chat_id AND kind = 'revoke'"
	if address != "" {
		find += " AND actor IN (" + addresses + ")"
	}
	w.redecide(find, args{"chat_id": chat, "address": address})
}

// RedecidePeople decides edits and revokes of these addresses again after they were paired or separated.
func (w *Writer) RedecidePeople(addresses []string) {
	slices.Sort(addresses)
	for _, address := range slices.Compact(addresses) {
		w.redecide("WHERE actor = @address AND kind IN ('edit', 'revoke')", args{"address": address})
	}
}
