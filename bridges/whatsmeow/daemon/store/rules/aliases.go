package rules

import "whatsapp-hybrid-mcp/wa-bridge/domain"

// The methods for both chats and contacts take noun, which is "chat" or "contact".

var (
	findAlias    = forNouns("find_alias")
	setAlias     = forNouns("set_alias")
	dropAlias    = forNouns("drop_alias")
	moveAliases  = forNouns("move_aliases")
	mergeInto    = forNouns("merge_into")
	jidOf        = forNouns("jid_of")
	rowOfJID     = forNouns("row_of_jid")
	resetAddress = forNouns("reset_address")
	// While rows are leaving a chat (unmerge), its address decides where rows without one of their own belong. A
	// number can pass to another person while the merged row that had it still exists.
	nameBoth = map[string]string{
		"chat":    rule("name_both", parts{"noun": "chat", "busy": "separating IS NOT NULL"}),
		"contact": rule("name_both", parts{"noun": "contact", "busy": "false"}),
	}
	arrivedUnder = rule("arrived_under")
)

// Alias returns the id of the row with this address, and 0 when there is none.
func (w *Writer) Alias(noun, address string) int64 {
	return w.Number(findAlias[noun], args{"alias": address})
}

func (w *Writer) setAlias(noun, address string, id int64) {
	w.Exec(setAlias[noun], args{"alias": address, "id": id})
}

// MergeInto redirects all addresses and merged rows of gone to kept; readers follow `merged_into`.
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

// nameBoth gives a row both addresses and shows it under the phone number unless another row has that. It returns the
// LID under which the row was shown before, or "".
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

// splitRows are the row that had both addresses, and the row of the address that leaves; 0 for a chat under whose
// address nothing has arrived.
type splitRows struct{ home, other int64 }

// splitAliases gives each of two addresses its own row again. firstOf returns the address that a row had first.
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

// resetTo reduces a row to one address.
func (w *Writer) resetTo(noun string, id int64, jid string) {
	both := addressesOf(jid)
	w.Exec(resetAddress[noun], args{"id": id, "jid": jid, "pn": orNull(both.PN), "lid": orNull(both.LID)})
}

// makeOther creates the row of an address that leaves: always for a contact, for a chat only when something has
// arrived under the address.
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

// addressesOf returns a pair in which only the kind of the given address is set.
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
