package rules

import "whatsapp-hybrid-mcp/wa-bridge/domain"

// The methods for both chats and contacts take noun, which is "chat" or "contact".

// Alias returns the id of the row with this address, and 0 when there is none.
func (w *Writer) Alias(noun, address string) int64 {
	return w.Number("SELECT "+noun+"_id FROM "+noun+"_aliases WHERE alias = @alias", args{"alias": address})
}

func (w *Writer) setAlias(noun, address string, id int64) {
	w.Exec("INSERT INTO "+noun+"_aliases (alias, "+noun+"_id) VALUES (@alias, @id)"+
		" ON CONFLICT (alias) DO UPDATE SET "+noun+"_id = excluded."+noun+"_id", args{"alias": address, "id": id})
}

// MergeInto redirects all addresses and merged rows of gone to kept; readers follow `merged_into`.
func (w *Writer) MergeInto(noun string, gone, kept int64) {
	values := args{"gone": gone, "kept": kept}
	w.Exec("UPDATE "+noun+"_aliases SET "+noun+"_id = @kept WHERE "+noun+"_id = @gone", values)
	w.Exec("UPDATE "+noun+"s SET merged_into = @kept WHERE id = @gone OR merged_into = @gone", values)
}

func (w *Writer) jidOf(noun string, id int64) string {
	var jid string
	w.One("SELECT jid FROM "+noun+"s WHERE id = @id", args{"id": id}, &jid)
	return jid
}

// nameBoth gives a row both addresses and shows it under the phone number unless another row has that. It returns the
// LID under which the row was shown before, or "".
func (w *Writer) nameBoth(noun string, id int64, pair domain.LIDPair) string {
	w.setAlias(noun, pair.LID, id)
	w.setAlias(noun, pair.PN, id)
	before := w.jidOf(noun, id)
	// While rows are leaving a chat (unmerge), its address decides where rows without one of their own belong. A
	// number can pass to another person while the merged row that had it still exists.
	busy := ""
	if noun == "chat" {
		busy = "separating IS NOT NULL OR "
	}
	w.Exec("UPDATE "+noun+"s SET pn = @pn, lid = @lid, jid = CASE WHEN "+busy+
		"EXISTS (SELECT 1 FROM "+noun+"s WHERE jid = @pn AND id <> @id) THEN jid ELSE @pn END WHERE id = @id",
		args{"pn": pair.PN, "lid": pair.LID, "id": id})
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
	other := w.Number("SELECT id FROM "+noun+"s WHERE jid = @jid", args{"jid": goes})
	if other == 0 {
		other = w.makeOther(noun, goes, home, jid)
	}
	w.setAlias(noun, stays, home)
	if other == 0 {
		w.Exec("DELETE FROM "+noun+"_aliases WHERE alias = @alias", args{"alias": goes})
		return splitRows{home, 0}, true
	}
	w.resetTo(noun, other, goes)
	w.setAlias(noun, goes, other)
	return splitRows{home, other}, true
}

// resetTo reduces a row to one address.
func (w *Writer) resetTo(noun string, id int64, jid string) {
	both := addressesOf(jid)
	w.Exec("UPDATE "+noun+"s SET jid = @jid, pn = @pn, lid = @lid, merged_into = NULL WHERE id = @id",
		args{"id": id, "jid": jid, "pn": orNull(both.PN), "lid": orNull(both.LID)})
}

// makeOther creates the row of an address that leaves: always for a contact, for a chat only when something has
// arrived under the address.
func (w *Writer) makeOther(noun, jid string, home int64, homeJID string) int64 {
	if noun == "contact" {
		return w.Insert("INSERT INTO contacts (jid) VALUES (@jid)", args{"jid": jid})
	}
	arrived := func(table string) string {
		return "SELECT 1 FROM " + table + " WHERE chat_id IN (SELECT id FROM chats WHERE @home IN (id, merged_into))" +
			" AND coalesce(wire_chat, @home_jid) = @jid"
	}
	values := args{"jid": jid, "home": home, "home_jid": homeJID}
	if w.Number(arrived("messages")+" UNION ALL "+arrived("changes")+" LIMIT 1", values) == 0 {
		return 0
	}
	return w.Insert("INSERT INTO chats (jid, kind) VALUES (@jid, 'direct')", args{"jid": jid})
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
