package translate

import (
	"go.mau.fi/whatsmeow/proto/waWeb"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// contactOf normalizes a contact. It returns false when the address is not a person's, or when there is neither a
// name nor a second address.
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

// bookNames separates the name in the phone's address book from the username, which the person chose and which is
// never a saved name.
func bookNames(username string, saved ...string) (savedName, pushName string) {
	savedName = firstText(saved...)
	if savedName == "" || savedName == username {
		return "", username
	}
	return savedName, ""
}

// authorContact returns the author of a message with the push name, and false when there is none.
func (c Context) authorContact(info *waWeb.WebMessageInfo) (domain.Contact, bool) {
	if info.Key == nil || info.GetKey().GetFromMe() || info.GetPushName() == "" {
		return domain.Contact{}, false
	}
	return contactOf(domain.Contact{JID: c.authorOf(info.GetKey(), info.GetParticipant()), PushName: info.GetPushName()})
}
