package rules

import (
	"slices"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

var wordsOfPerson = rule("words_of_person")

// moment has the reports of one time about one person. words is empty when a list does not contain the person.
type moment struct {
	at    int64
	words []memberWord
}

type memberWord struct {
	member, told, role string
}

// wasAdmin reports whether an address was an admin of a group at a time (milliseconds), as far as is known.
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

// says reports whether all reports of a moment agree. Contradicting reports make no one an admin.
func (m moment) says(of func(memberWord) bool) bool {
	return len(m.words) > 0 && !slices.ContainsFunc(m.words, func(word memberWord) bool { return !of(word) })
}

func (w memberWord) hasRank() bool {
	return w.role == domain.RoleAdmin || w.role == domain.RoleSuperAdmin
}

// isAdmin reports whether the member is an admin from this report on.
func (w memberWord) isAdmin() bool { return w.hasRank() }

// wasAdmin reports whether the member was an admin before this report: only a list and a demotion show that.
func (w memberWord) wasAdmin() bool {
	return w.told == domain.ToldDemote || w.told == domain.ToldList && w.hasRank()
}
