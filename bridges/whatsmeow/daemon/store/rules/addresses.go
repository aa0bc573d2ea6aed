package rules

import "whatsapp-hybrid-mcp/wa-bridge/domain"

// address removes the device part. Invalid addresses are returned unchanged, and messages.db rejects them.
func address(jid string) string {
	if normal := domain.NormalizeJID(jid); normal != "" {
		return normal
	}
	return jid
}

// Normalize replaces the addresses of a batch in copies of its rows, so that the caller can write the original again
// after an error.
func Normalize(batch *domain.Batch) {
	batch.Contacts = mapped(batch.Contacts, func(row *domain.Contact) { row.JID = address(row.JID) })
	batch.Chats = mapped(batch.Chats, func(row *domain.Chat) { row.JID = address(row.JID) })
	batch.Settings = mapped(batch.Settings, func(row *domain.Chat) { row.JID = address(row.JID) })
	batch.Members = mapped(batch.Members, func(row *domain.Member) {
		row.ChatJID, row.Member = address(row.ChatJID), address(row.Member)
	})
	batch.Changes = mapped(batch.Changes, func(row *domain.Change) { row.ChatJID = address(row.ChatJID) })
	batch.Deletions = mapped(batch.Deletions, func(row *domain.Deletion) { row.ChatJID = address(row.ChatJID) })
	batch.Messages = mapped(batch.Messages, func(row *domain.Message) {
		row.ChatJID = address(row.ChatJID)
		if row.Sender != nil {
			sender := address(*row.Sender)
			row.Sender = &sender
		}
	})
}

func mapped[T any](rows []T, change func(*T)) []T {
	copies := make([]T, len(rows))
	copy(copies, rows)
	for i := range copies {
		change(&copies[i])
	}
	return copies
}
