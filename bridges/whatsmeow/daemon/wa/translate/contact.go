package translate

import (
	"go.mau.fi/whatsmeow/proto/waWeb"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// contactOf is a person with at least one name or second address; false when there is nothing to learn, or it is no
// person.
func contactOf(contact domain.Contact) (domain.Contact, bool) {
	jid := domain.NormalizeJID(contact.JID)
	pn, lid := domain.NormalizeJID(contact.PN), domain.NormalizeJID(contact.LID)
	known := 0
	contact.JID, contact.PN, contact.LID = jid, "", ""
	if domain.IsPN(jid) {
		pn = jid
	}
	if domain.IsLID(jid) {
		lid = jid
	}
	if domain.IsPN(pn) {
		contact.PN = pn
		known++
	}
	if domain.IsLID(lid) {
		contact.LID = lid
		known++
	}
	isNamed := contact.SavedName != "" || contact.PushName != "" || contact.BusinessName != ""
	return contact, (domain.IsPN(jid) || domain.IsLID(jid)) && (isNamed || known == 2)
}

// bookNames are the name of a person in the phone's address book and, where it has none, the one that they chose: a
// username is its bearer's own word and never a saved name.
func bookNames(username string, saved ...string) (savedName, pushName string) {
	savedName = firstText(saved...)
	if savedName == "" || savedName == username {
		return "", username
	}
	return savedName, ""
}

// authorContact is the author of a message under the name they gave themselves.
func (c Context) authorContact(info *waWeb.WebMessageInfo) (domain.Contact, bool) {
	if info.Key == nil || info.GetKey().GetFromMe() || info.GetPushName() == "" {
		return domain.Contact{}, false
	}
	return contactOf(domain.Contact{JID: c.authorOf(info.GetKey(), info.GetParticipant()), PushName: info.GetPushName()})
}
