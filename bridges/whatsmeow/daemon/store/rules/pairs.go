package rules

import (
	"slices"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// NamedPairs are the pairs that a batch tells: also a chat or contact that names both its addresses is one.
func NamedPairs(batch *domain.Batch) []domain.LIDPair {
	pairs := slices.Clone(batch.LIDPairs)
	add := func(jid, pn, lid string) {
		own := addressesOf(jid)
		if pn == "" {
			pn = own.PN
		}
		if lid == "" {
			lid = own.LID
		}
		if pn != "" && lid != "" {
			pairs = append(pairs, domain.LIDPair{LID: lid, PN: pn})
		}
	}
	for _, contact := range batch.Contacts {
		add(contact.JID, contact.PN, contact.LID)
	}
	for _, chat := range slices.Concat(batch.Chats, batch.Settings) {
		add(chat.JID, chat.PN, chat.LID)
	}
	return slices.DeleteFunc(pairs, func(pair domain.LIDPair) bool {
		return !domain.IsLID(pair.LID) || !domain.IsPN(pair.PN)
	})
}

// IsNews tells whether a pair changes anything: most come with every message.
func (w *Writer) IsNews(pair domain.LIDPair) bool {
	if known := w.contactAddresses(pair.LID); known != pair {
		return true
	}
	byLID, byPN := w.Alias("chat", pair.LID), w.Alias("chat", pair.PN)
	return byLID != byPN
}
