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

// noteRole keeps what was said of a member of a group, and when; member "" stands for a list itself. Of the lists of 30
// days that say the same, the first and the last are kept; every event is.
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

// redecide decides changes again when something is learned that their right depends on.
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

// redecideMember: something was said of a member of a group, "" for who is on a list.
func (w *Writer) redecideMember(chat int64, address string) {
	find := revokesInChat
	if address != "" {
		find = revokesOfPerson
	}
	w.redecide(find, args{"chat_id": chat, "address": address})
}

// RedecidePeople: these addresses were paired, or taken apart.
func (w *Writer) RedecidePeople(addresses []string) {
	slices.Sort(addresses)
	for _, address := range slices.Compact(addresses) {
		w.redecide(changesOfActor, args{"address": address})
	}
}
