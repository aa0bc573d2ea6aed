package rules

import (
	"slices"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// NamedPairs returns the pairs of a batch, including those of chats and contacts that name both addresses.
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

// IsNews reports whether a pair changes anything. Most pairs are repeated with every message.
func (w *Writer) IsNews(pair domain.LIDPair) bool {
	if known := w.contactAddresses(pair.LID); known != pair {
		return true
	}
	byLID, byPN := w.Alias("chat", pair.LID), w.Alias("chat", pair.PN)
	return byLID != byPN
}
