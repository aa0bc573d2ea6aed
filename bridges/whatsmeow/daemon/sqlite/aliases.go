package sqlite

import "whatsapp-hybrid-mcp/wa-bridge/domain"

// Chats and contacts have addresses in the same way: noun is "chat" or "contact".

// alias is the number of what an address names; 0 for nothing.
func (s *session) alias(noun, address string) int64 {
	return s.number("SELECT "+noun+"_id FROM "+noun+"_aliases WHERE alias = @alias", args{"alias": address})
}

func (s *session) setAlias(noun, address string, id int64) {
	s.exec("INSERT INTO "+noun+"_aliases (alias, "+noun+"_id) VALUES (@alias, @id)"+
		" ON CONFLICT (alias) DO UPDATE SET "+noun+"_id = excluded."+noun+"_id", args{"alias": address, "id": id})
}

// mergeInto: everything that pointed to gone points to kept from here on; readers follow `merged_into`.
func (s *session) mergeInto(noun string, gone, kept int64) {
	values := args{"gone": gone, "kept": kept}
	s.exec("UPDATE "+noun+"_aliases SET "+noun+"_id = @kept WHERE "+noun+"_id = @gone", values)
	s.exec("UPDATE "+noun+"s SET merged_into = @kept WHERE id = @gone OR merged_into = @gone", values)
}

func (s *session) jidOf(noun string, id int64) string {
	var jid string
	s.one("SELECT jid FROM "+noun+"s WHERE id = @id", args{"id": id}, &jid)
	return jid
}

// nameBoth gives a row both addresses and shows it under the number where that is free; it answers the hidden identity
// that the row was shown under until now, "" if it was not.
func (s *session) nameBoth(noun string, id int64, pair domain.Pair) string {
	s.setAlias(noun, pair.LID, id)
	s.setAlias(noun, pair.PN, id)
	before := s.jidOf(noun, id)
	// While rows are leaving a chat, its address says where those without one of their own belong. A number can come
	// back to another person, while the row that once had it is merged away but not gone.
	busy := ""
	if noun == "chat" {
		busy = "separating IS NOT NULL OR "
	}
	s.exec("UPDATE "+noun+"s SET pn = @pn, lid = @lid, jid = CASE WHEN "+busy+
		"EXISTS (SELECT 1 FROM "+noun+"s WHERE jid = @pn AND id <> @id) THEN jid ELSE @pn END WHERE id = @id",
		args{"pn": pair.PN, "lid": pair.LID, "id": id})
	if domain.IsLID(before) && s.jidOf(noun, id) != before {
		return before
	}
	return ""
}

// separation is the row that both addresses had, and the row of the one that goes: 0 for a chat that nothing ever came
// to.
type separation struct{ home, other int64 }

// separateAliases gives each of two addresses a row of its own again; firstOf says which of them a row had first.
func (s *session) separateAliases(noun string, pair domain.Pair, firstOf func(int64) string) (separation, bool) {
	home := s.alias(noun, pair.LID)
	if home == 0 || s.alias(noun, pair.PN) != home {
		return separation{}, false
	}
	first, jid := firstOf(home), s.jidOf(noun, home)
	stays, goes := pair.PN, pair.LID
	if first == pair.LID || jid == pair.LID {
		stays, goes = pair.LID, pair.PN
	}
	s.resetTo(noun, home, stays)
	other := s.number("SELECT id FROM "+noun+"s WHERE jid = @jid", args{"jid": goes})
	if other == 0 {
		other = s.makeOther(noun, goes, home, jid)
	}
	s.setAlias(noun, stays, home)
	if other == 0 {
		s.exec("DELETE FROM "+noun+"_aliases WHERE alias = @alias", args{"alias": goes})
		return separation{home, 0}, true
	}
	s.resetTo(noun, other, goes)
	s.setAlias(noun, goes, other)
	return separation{home, other}, true
}

// resetTo leaves a row one address.
func (s *session) resetTo(noun string, id int64, jid string) {
	both := addressesOf(jid)
	s.exec("UPDATE "+noun+"s SET jid = @jid, pn = @pn, lid = @lid, merged_into = NULL WHERE id = @id",
		args{"id": id, "jid": jid, "pn": orNull(both.PN), "lid": orNull(both.LID)})
}

// makeOther makes a contact; a chat only where something arrived under its address.
func (s *session) makeOther(noun, jid string, home int64, homeJID string) int64 {
	if noun == "contact" {
		return s.insert("INSERT INTO contacts (jid) VALUES (@jid)", args{"jid": jid})
	}
	arrived := func(table string) string {
		return "SELECT 1 FROM " + table + " WHERE chat_id IN (SELECT id FROM chats WHERE @home IN (id, merged_into))" +
			" AND coalesce(wire_chat, @home_jid) = @jid"
	}
	values := args{"jid": jid, "home": home, "home_jid": homeJID}
	if s.number(arrived("messages")+" UNION ALL "+arrived("changes")+" LIMIT 1", values) == 0 {
		return 0
	}
	return s.insert("INSERT INTO chats (jid, kind) VALUES (@jid, 'direct')", args{"jid": jid})
}

// addressesOf says which of a person's two addresses this is; of the other one nothing is known.
func addressesOf(jid string) domain.Pair {
	var both domain.Pair
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
