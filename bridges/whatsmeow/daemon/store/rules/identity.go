package rules

import (
	"database/sql"
	"slices"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// One person is one chat and one contact, shown under the phone number if known, otherwise under the LID. Every
// method here runs in the caller's transaction.

var (
	addressesOfContact = rule("addresses_of_contact")
	insertContact      = rule("insert_contact")
	fillContact        = rule("fill_contact")
	insertChat         = rule("insert_chat")
	fillChat           = rule("fill_chat")
	startUnmerge       = rule("start_unmerge")
)

// ChatID returns the chat of an address and creates it if missing; 0 for an invalid address.
func (w *Writer) ChatID(jid string) int64 {
	if id := w.Alias("chat", jid); id != 0 {
		return id
	}
	if domain.NormalizeJID(jid) != jid || jid == "" {
		return 0
	}
	return w.addChat(jid, w.contactAddresses(jid))
}

// contactID returns the contact of an address and creates it if missing; 0 when it is not the address of a person.
func (w *Writer) contactID(jid string) int64 {
	if id := w.Alias("contact", jid); id != 0 {
		return id
	}
	if !domain.IsPN(jid) && !domain.IsLID(jid) {
		return 0
	}
	return w.addContact(addressesOf(jid))
}

// LearnPair makes two addresses one person. It returns the addresses whose person has changed. Rows of a merged chat
// move later (FollowMerges). The latest pair wins: an address that was paired with another one is separated from it
// first.
func (w *Writer) LearnPair(pair domain.LIDPair) []string {
	if !domain.IsLID(pair.LID) || !domain.IsPN(pair.PN) {
		return nil
	}
	pn, lid := w.contactAddresses(pair.LID).PN, w.contactAddresses(pair.PN).LID
	if pn != "" && pn != pair.PN {
		w.unmerge(domain.LIDPair{LID: pair.LID, PN: pn})
	}
	if lid != "" && lid != pair.LID {
		w.unmerge(domain.LIDPair{LID: lid, PN: pair.PN})
	}
	w.joinContacts(pair)
	w.joinChats(pair)
	if pn == pair.PN && lid == pair.LID {
		return nil
	}
	return slices.DeleteFunc([]string{pair.LID, pair.PN, pn, lid}, func(address string) bool { return address == "" })
}

// unmerge undoes a wrong pair: each address becomes a person and a chat of its own again. Rows move back to the chat
// of the address they arrived under later (FollowUnmerges).
func (w *Writer) unmerge(pair domain.LIDPair) {
	if rows, ok := w.splitAliases("contact", pair, func(int64) string { return "" }); ok {
		w.restoreNames(rows.home)
		w.restoreNames(rows.other)
	}
	jid := w.jidOf("chat", w.Alias("chat", pair.PN))
	if rows, ok := w.splitAliases("chat", pair, w.firstAddress); ok {
		w.undoMerge(rows.other, rows.home)
		w.Exec(startUnmerge, args{"jid": jid, "id": rows.home})
	}
}

// contactAddresses returns the known addresses of a person.
func (w *Writer) contactAddresses(jid string) domain.LIDPair {
	var pn, lid sql.NullString
	if w.One(addressesOfContact, args{"jid": jid}, &pn, &lid) {
		return domain.LIDPair{LID: lid.String, PN: pn.String}
	}
	return addressesOf(jid)
}

func (w *Writer) addContact(both domain.LIDPair) int64 {
	jid := both.PN
	if jid == "" {
		jid = both.LID
	}
	id := w.Insert(insertContact, args{"jid": jid, "pn": orNull(both.PN), "lid": orNull(both.LID)})
	for _, alias := range []string{both.PN, both.LID} {
		if alias != "" {
			w.setAlias("contact", alias, id)
		}
	}
	return id
}

func (w *Writer) joinContacts(pair domain.LIDPair) {
	byLID, byPN := w.Alias("contact", pair.LID), w.Alias("contact", pair.PN)
	switch {
	case byLID == 0 && byPN == 0:
		w.addContact(pair)
		return
	case byLID == byPN:
		return
	case byLID != 0 && byPN != 0:
		w.Exec(fillContact, args{"kept": byPN, "gone": byLID})
		w.MergeInto("contact", byLID, byPN)
	}
	w.nameBoth("contact", firstOf(byPN, byLID), pair)
}

func firstOf(ids ...int64) int64 {
	for _, id := range ids {
		if id != 0 {
			return id
		}
	}
	return 0
}

func (w *Writer) addChat(jid string, both domain.LIDPair) int64 {
	kind := domain.KindOf(jid)
	if kind != domain.Direct {
		id := w.Insert(insertChat, args{"jid": jid, "kind": string(kind), "pn": nil, "lid": nil})
		w.setAlias("chat", jid, id)
		return id
	}
	canonical := jid
	if both.PN != "" {
		canonical = both.PN
	}
	other := firstOf(w.Alias("chat", both.PN), w.Alias("chat", both.LID))
	id := other
	if other == 0 {
		id = w.Insert(insertChat,
			args{"jid": canonical, "kind": string(kind), "pn": orNull(both.PN), "lid": orNull(both.LID)})
	}
	for _, alias := range []string{jid, both.PN, both.LID} {
		if alias != "" {
			w.setAlias("chat", alias, id)
		}
	}
	if other == 0 && canonical != jid {
		w.noteFirstAddress(id, jid)
	}
	return id
}

func (w *Writer) joinChats(pair domain.LIDPair) {
	byLID, byPN := w.Alias("chat", pair.LID), w.Alias("chat", pair.PN)
	if byLID == byPN {
		return
	}
	if byLID != 0 && byPN != 0 {
		w.noteMerge(byLID, byPN, func() { w.Exec(fillChat, args{"kept": byPN, "gone": byLID}) })
		w.MergeInto("chat", byLID, byPN)
	}
	id := firstOf(byPN, byLID)
	if first := w.nameBoth("chat", id, pair); first != "" {
		w.noteFirstAddress(id, first)
	}
}
