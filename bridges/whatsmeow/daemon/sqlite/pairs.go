package sqlite

import (
	"slices"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// namedPairs are the pairs that a batch tells: also a chat or contact that names both its addresses is one.
func namedPairs(batch *domain.Batch) []domain.Pair {
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
			pairs = append(pairs, domain.Pair{LID: lid, PN: pn})
		}
	}
	for _, contact := range batch.Contacts {
		add(contact.JID, contact.PN, contact.LID)
	}
	for _, chat := range slices.Concat(batch.Chats, batch.Settings) {
		add(chat.JID, chat.PN, chat.LID)
	}
	return slices.DeleteFunc(pairs, func(pair domain.Pair) bool {
		return !domain.IsLID(pair.LID) || !domain.IsPN(pair.PN)
	})
}

// isNews tells whether a pair changes anything: most come with every message.
func (s *session) isNews(pair domain.Pair) bool {
	if known := s.contactAddresses(pair.LID); known != pair {
		return true
	}
	byLID, byPN := s.alias("chat", pair.LID), s.alias("chat", pair.PN)
	return byLID != byPN
}
