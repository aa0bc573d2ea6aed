package sqlite

import (
	"slices"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// noteWord keeps what was said of a member of a group, and when; member "" stands for a list itself. Of the lists of 30
// days that say the same, the first and the last are kept; every event is.
func (s *session) noteWord(chat int64, word domain.Member) {
	told := word.Told
	if told == "" {
		told = "word"
	}
	if s.exec(`INSERT INTO member_words (chat_id, member, told, role, period, first_at, last_at)
    VALUES (@chat_id, @member, @told, @role, CASE WHEN @told = 'list' THEN @at / 2592000000 ELSE @at END, @at, @at)
    ON CONFLICT (chat_id, member, told, role, period) DO UPDATE SET first_at = min(first_at, excluded.first_at),
      last_at = max(last_at, excluded.last_at)
    WHERE excluded.first_at < first_at OR excluded.last_at > last_at`,
		args{"chat_id": chat, "member": word.Member, "told": told, "role": word.Role, "at": word.At}) == 1 {
		s.redecideMember(chat, word.Member)
	}
}

// addresses are one address and, where it is known, the other one of that person.
const addresses = `SELECT @address UNION SELECT alias FROM contact_aliases
  WHERE contact_id = (SELECT contact_id FROM contact_aliases WHERE alias = @address)`

// moment is what was said at one time about one person; words is empty where a list did not name them.
type moment struct {
	at    int64
	words []memberWord
}

type memberWord struct {
	member, told, role string
}

// wasAdmin tells whether an address was an admin of a group at a time (milliseconds), as far as is known.
func (s *session) wasAdmin(chat int64, address string, at int64) bool {
	var moments []moment
	add := func(at int64, word memberWord) {
		i, known := slices.BinarySearchFunc(moments, at, func(one moment, at int64) int { return int(one.at - at) })
		if !known {
			moments = slices.Insert(moments, i, moment{at: at})
		}
		if word.member != "" {
			moments[i].words = append(moments[i].words, word)
		}
	}
	s.each(`SELECT member, told, role, first_at, last_at FROM member_words
    WHERE chat_id = @chat_id AND member IN (SELECT '' UNION `+addresses+`)`,
		args{"chat_id": chat, "address": address}, func(scan func(...any)) {
			var word memberWord
			var first, last int64
			scan(&word.member, &word.told, &word.role, &first, &last)
			add(first, word)
			if last != first {
				add(last, word)
			}
		})
	next, known := slices.BinarySearchFunc(moments, at, func(one moment, at int64) int { return int(one.at - at) })
	switch {
	case known:
		return moments[next].says(memberWord.isAdmin)
	case next > 0:
		return moments[next-1].says(memberWord.isAdmin)
	case len(moments) > 0:
		return moments[0].says(memberWord.wasAdmin)
	}
	return false
}

// says: words of one moment that contradict each other make nobody an admin.
func (m moment) says(of func(memberWord) bool) bool {
	return len(m.words) > 0 && !slices.ContainsFunc(m.words, func(word memberWord) bool { return !of(word) })
}

func (w memberWord) hasRank() bool {
	return w.role == domain.RoleAdmin || w.role == domain.RoleSuperAdmin
}

// isAdmin: a word says what somebody is from then on.
func (w memberWord) isAdmin() bool { return w.hasRank() }

// wasAdmin: a list, and only that, also says what somebody was before; a demotion, that they were an admin.
func (w memberWord) wasAdmin() bool {
	return w.told == domain.ToldDemote || w.told == domain.ToldList && w.hasRank()
}

// redecide decides changes again when something is learned that their right depends on.
func (s *session) redecide(find string, values args) {
	var chats []int64
	var ids []string
	s.each("SELECT DISTINCT chat_id, message_id FROM changes "+find, values, func(scan func(...any)) {
		var chat int64
		var id string
		scan(&chat, &id)
		chats, ids = append(chats, chat), append(ids, id)
	})
	for i, id := range ids {
		s.apply(chats[i], id)
	}
}

// redecideMember: something was said of a member of a group, "" for who is on a list.
func (s *session) redecideMember(chat int64, address string) {
	find := "INDEXED BY changes_revoking WHERE chat_id = @chat_id AND kind = 'revoke'"
	if address != "" {
		find += " AND actor IN (" + addresses + ")"
	}
	s.redecide(find, args{"chat_id": chat, "address": address})
}

// redecidePeople: these addresses were paired, or taken apart.
func (s *session) redecidePeople(addresses []string) {
	slices.Sort(addresses)
	for _, address := range slices.Compact(addresses) {
		s.redecide("WHERE actor = @address AND kind IN ('edit', 'revoke')", args{"address": address})
	}
}
