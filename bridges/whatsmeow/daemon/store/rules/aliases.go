package rules

import "whatsapp-hybrid-mcp/wa-bridge/domain"

// Chats and contacts have addresses in the same way: noun is "chat" or "contact".

var (
	findAlias    = forNouns("find_alias")
	setAlias     = forNouns("set_alias")
	dropAlias    = forNouns("drop_alias")
	moveAliases  = forNouns("move_aliases")
	mergeInto    = forNouns("merge_into")
	jidOf        = forNouns("jid_of")
	rowOfJID     = forNouns("row_of_jid")
	resetAddress = forNouns("reset_address")
	// While rows are leaving a chat, its address says where those without one of their own belong.
	nameBoth = map[string]string{
		"chat":    rule("name_both", parts{"noun": "chat", "busy": "separating IS NOT NULL"}),
		"contact": rule("name_both", parts{"noun": "contact", "busy": "false"}),
	}
	arrivedUnder = rule("arrived_under")
)

// Alias is the number of what an address names; 0 for nothing.
func (w *Writer) Alias(noun, address string) int64 {
	return w.Number(findAlias[noun], args{"alias": address})
}

func (w *Writer) setAlias(noun, address string, id int64) {
	w.Exec(setAlias[noun], args{"alias": address, "id": id})
}

// MergeInto: everything that pointed to gone points to kept from here on; readers follow `merged_into`.
func (w *Writer) MergeInto(noun string, gone, kept int64) {
	values := args{"gone": gone, "kept": kept}
	w.Exec(moveAliases[noun], values)
	w.Exec(mergeInto[noun], values)
}

func (w *Writer) jidOf(noun string, id int64) string {
	var jid string
	w.One(jidOf[noun], args{"id": id}, &jid)
	return jid
}

// nameBoth gives a row both addresses and shows it under the number where that is free; it answers the hidden identity
// that the row was shown under until now, "" if it was not.
func (w *Writer) nameBoth(noun string, id int64, pair domain.LIDPair) string {
	w.setAlias(noun, pair.LID, id)
	w.setAlias(noun, pair.PN, id)
	before := w.jidOf(noun, id)
	w.Exec(nameBoth[noun], args{"pn": pair.PN, "lid": pair.LID, "id": id})
	if domain.IsLID(before) && w.jidOf(noun, id) != before {
		return before
	}
	return ""
}

// splitRows is the row that both addresses had, and the row of the one that goes: 0 for a chat that nothing ever came
// to.
type splitRows struct{ home, other int64 }

// splitAliases gives each of two addresses a row of its own again; firstOf says which of them a row had first.
func (w *Writer) splitAliases(noun string, pair domain.LIDPair, firstOf func(int64) string) (splitRows, bool) {
	home := w.Alias(noun, pair.LID)
	if home == 0 || w.Alias(noun, pair.PN) != home {
		return splitRows{}, false
	}
	first, jid := firstOf(home), w.jidOf(noun, home)
	stays, goes := pair.PN, pair.LID
	if first == pair.LID || jid == pair.LID {
		stays, goes = pair.LID, pair.PN
	}
	w.resetTo(noun, home, stays)
	other := w.Number(rowOfJID[noun], args{"jid": goes})
	if other == 0 {
		other = w.makeOther(noun, goes, home, jid)
	}
	w.setAlias(noun, stays, home)
	if other == 0 {
		w.Exec(dropAlias[noun], args{"alias": goes})
		return splitRows{home, 0}, true
	}
	w.resetTo(noun, other, goes)
	w.setAlias(noun, goes, other)
	return splitRows{home, other}, true
}

// resetTo leaves a row one address.
func (w *Writer) resetTo(noun string, id int64, jid string) {
	both := addressesOf(jid)
	w.Exec(resetAddress[noun], args{"id": id, "jid": jid, "pn": orNull(both.PN), "lid": orNull(both.LID)})
}

// makeOther makes a contact; a chat only where something arrived under its address.
func (w *Writer) makeOther(noun, jid string, home int64, homeJID string) int64 {
	if noun == "contact" {
		return w.Insert(insertContact, args{"jid": jid, "pn": nil, "lid": nil})
	}
	values := args{"jid": jid, "home": home, "home_jid": homeJID}
	if w.Number(arrivedUnder, values) == 0 {
		return 0
	}
	return w.Insert(insertChat, args{"jid": jid, "kind": string(domain.Direct), "pn": nil, "lid": nil})
}

// addressesOf says which of a person's two addresses this is; of the other one nothing is known.
func addressesOf(jid string) domain.LIDPair {
	var both domain.LIDPair
	if domain.IsPN(jid) {
		both.PN = jid
	}
	if domain.IsLID(jid) {
		both.LID = jid
	}
	return both
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}
