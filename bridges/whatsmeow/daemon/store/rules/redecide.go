package rules

import (
	"slices"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

var (
	noteWord        = rule("note_word")
	changesOfActor  = rule("changes_of_actor")
	revokesInChat   = rule("revokes_in_chat")
	revokesOfPerson = rule("revokes_of_person")
)

// noteRole stores a report about a member of a group; member "" stands for the list itself. Of equal lists within 30
// days it keeps the first and the last time; it keeps every event.
func (w *Writer) noteRole(chat int64, word domain.Member) {
	told := word.Told
	if told == "" {
		told = "word"
	}
	if w.Exec(noteWord,
		args{"chat_id": chat, "member": word.Member, "told": told, "role": word.Role, "at": word.At}) == 1 {
		w.redecideMember(chat, word.Member)
	}
}

// redecide applies the changes of the found messages again after their verdict may have changed.
func (w *Writer) redecide(find string, values args) {
	var chats []int64
	var ids []string
	w.Each(find, values, func(scan func(...any)) {
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
	find := revokesInChat
	if address != "" {
		find = revokesOfPerson
	}
	w.redecide(find, args{"chat_id": chat, "address": address})
}

// RedecidePeople decides edits and revokes of these addresses again after they were paired or separated.
func (w *Writer) RedecidePeople(addresses []string) {
	slices.Sort(addresses)
	for _, address := range slices.Compact(addresses) {
		w.redecide(changesOfActor, args{"address": address})
	}
}
