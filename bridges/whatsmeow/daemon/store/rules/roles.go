package rules

import (
	"slices"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

var wordsOfPerson = rule("words_of_person")

// moment is what was said at one time about one person; words is empty where a list did not name them.
type moment struct {
	at    int64
	words []memberWord
}

type memberWord struct {
	member, told, role string
}

// wasAdmin tells whether an address was an admin of a group at a time (milliseconds), as far as is known.
func (w *Writer) wasAdmin(chat int64, address string, at int64) bool {
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
	w.Each(wordsOfPerson,
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
