package store

import (
	"fmt"
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

func deleted(chat, id string) domain.Batch {
	return domain.Batch{Deletions: []domain.Deletion{{ChatJID: chat, MessageID: id, At: (begin + 5) * 1000}}}
}

// A deleted message is hidden in every order of arrival.
func TestStore_Write_deletion_orders(t *testing.T) {
	hidden := fmt.Sprintf(`{"hidden_at":%d}`, begin+5)
	for name, batches := range map[string][]domain.Batch{
		"under its own address": {{Messages: []domain.Message{from(adaPN, "A1")}}, deleted(adaPN, "A1")},
		"under the other address": {{Messages: []domain.Message{from(adaPN, "A1")}}, deleted(adaLID, "A1"),
			{LIDPairs: []domain.LIDPair{ada}}},
		"told twice": {{Messages: []domain.Message{from(adaPN, "A1")}}, deleted(adaPN, "A1"),
			deleted(adaPN, "A1")},
	} {
		everyOrder(batches, func(order string, batches []domain.Batch) {
			t.Run(name+" "+order, func(t *testing.T) {
				store := newStore(t)
				for _, batch := range batches {
					write(t, store, batch)
				}
				wantRows(t, store, "SELECT hidden_at FROM messages", hidden)
				wantRows(t, store, "SELECT unread_count FROM chats WHERE merged_into IS NULL", `{"unread_count":0}`)
				wantRows(t, store, "SELECT content FROM messages", `{"content":"text A1"}`)
			})
		})
	}
}

// Only the deleted message of its chat is hidden.
func TestStore_Write_deletion_scope(t *testing.T) {
	store := newStore(t)
	write(t, store, domain.Batch{Messages: []domain.Message{from(adaPN, "A1"), from(adaPN, "A2"), from(benPN, "A1")}})
	write(t, store, deleted(adaPN, "A1"))
	write(t, store, deleted("15550100009@s.whatsapp.net", "A2"))
	wantRows(t, store, "SELECT c.jid, m.id FROM messages m JOIN chats c ON c.id = m.chat_id WHERE m.hidden_at IS "+
		"NULL",
		fmt.Sprintf(`{"id":"A2","jid":%q}`, adaPN), fmt.Sprintf(`{"id":"A1","jid":%q}`, benPN))
}

// The first deletion gives the time.
func TestStore_Write_deletion_time(t *testing.T) {
	store := newStore(t)
	write(t, store, domain.Batch{Messages: []domain.Message{text("A1")}})
	write(t, store, deleted(adaPN, "A1"))
	later := deleted(adaPN, "A1")
	later.Deletions[0].At += 60_000
	write(t, store, later)
	wantRows(t, store, "SELECT hidden_at FROM messages", fmt.Sprintf(`{"hidden_at":%d}`, begin+5))
	wantRows(t, store, "SELECT at FROM deletions", fmt.Sprintf(`{"at":%d}`, (begin+5)*1000))
}
