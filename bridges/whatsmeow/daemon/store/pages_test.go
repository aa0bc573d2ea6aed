package store

import (
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

func old(jid, id string, at int64) domain.Message {
	message := from(jid, id)
	message.Timestamp = at
	return message
}

func wantOldest(t *testing.T, store *Store, chat string, want MessageRef) {
	t.Helper()
	got, _, found, err := store.Oldest(chat)
	if err != nil || found != (want.ID != "") || got != want {
		t.Errorf("%s: %+v, %t, %v", chat, got, found, err)
	}
}

// The oldest message is found under any address of its chat.
func TestStore_Oldest_addresses(t *testing.T) {
	store := newStore(t)
	write(t, store, domain.Batch{Lane: domain.Live, Messages: []domain.Message{old(adaPN, "P", begin),
		old(adaLID, "L", begin-9), old(crew, "G", begin-99)}})
	wantOldest(t, store, adaPN, MessageRef{adaPN, "P", false, begin})
	wantOldest(t, store, adaLID, MessageRef{adaLID, "L", false, begin - 9})
	write(t, store, domain.Batch{Lane: domain.Live, LIDPairs: []domain.LIDPair{{LID: adaLID, PN: adaPN}}})
	for _, chat := range []string{adaPN, adaLID} {
		wantOldest(t, store, chat, MessageRef{adaLID, "L", false, begin - 9})
	}
	if _, addresses, _, _ := store.Oldest(adaLID); len(addresses) != 2 {
		t.Errorf("addresses %v", addresses)
	}
	wantOldest(t, store, "15550100077@s.whatsapp.net", MessageRef{})
}

// Rows that have not moved after a merge belong to the kept chat.
func TestStore_Oldest_merged(t *testing.T) {
	store := newStore(t)
	write(t, store, domain.Batch{Lane: domain.Live, Messages: []domain.Message{old(adaPN, "P", begin),
		old(adaLID, "L", begin-9)}})
	s := store.writer
	s.MergeInto("chat", s.Alias("chat", adaLID), s.Alias("chat", adaPN))
	for _, chat := range []string{adaPN, adaLID} {
		wantOldest(t, store, chat, MessageRef{adaLID, "L", false, begin - 9})
	}
}

// Deleted messages are skipped.
func TestStore_Oldest_deleted(t *testing.T) {
	store := newStore(t)
	write(t, store, domain.Batch{Lane: domain.Live, Messages: []domain.Message{old(adaPN, "GONE", begin-5),
		old(adaPN, "HERE", begin)}})
	store.writer.Exec("UPDATE messages SET hidden_at = 1 WHERE id = 'GONE'", nil)
	wantOldest(t, store, adaPN, MessageRef{adaPN, "HERE", false, begin})
}

// A chat that is fetched further back stays in progress.
func TestStore_CompleteHistory_in_progress(t *testing.T) {
	store := newStore(t)
	write(t, store, domain.Batch{Lane: domain.History, Messages: []domain.Message{text("A1")}})
	statuses := func(want string) {
		t.Helper()
		wantRows(t, store, "SELECT status, messages_synced, completed_at IS NOT NULL AS done FROM checkpoints", want)
	}
	complete := func() {
		t.Helper()
		if err := store.CompleteHistory(); err != nil {
			t.Fatal(err)
		}
	}
	complete()
	statuses(`{"done":1,"messages_synced":1,"status":"completed"}`)
	page := domain.Batch{Lane: domain.History, Messages: []domain.Message{old(adaPN, "A0", begin-1)}}
	if counts, err := store.WritePage(page, map[string]string{adaPN: InProgress}); err != nil ||
		counts.Inserted != 1 {
		t.Fatal(counts, err)
	}
	complete()
	statuses(`{"done":1,"messages_synced":2,"status":"in_progress"}`)
}

// Rows and checkpoint of a page are committed together.
func TestStore_WritePage_atomic(t *testing.T) {
	store := newStore(t)
	store.writer.Exec("CREATE TRIGGER no BEFORE UPDATE OF status ON checkpoints BEGIN SELECT raise(ABORT, 'no'); END",
		nil)
	page := domain.Batch{Lane: domain.History, Messages: []domain.Message{text("A1")}}
	if _, err := store.WritePage(page, map[string]string{adaPN: Exhausted}); err == nil {
		t.Fatal("it was written")
	}
	wantRows(t, store, "SELECT id FROM messages")
	wantRows(t, store, "SELECT chat_id FROM checkpoints")
}
