package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/spool"
	"whatsapp-hybrid-mcp/wa-bridge/store/rules"
)

const (
	adaPN  = "15550100001@s.whatsapp.net"
	adaLID = "20000000000001@lid"
	crew   = "120363000000000001@g.us"
	begin  = 1_760_000_000
)

func pointer[T any](value T) *T { return &value }

// text returns a message that Ada sent.
func text(id string) domain.Message {
	return domain.Message{ChatJID: adaPN, ID: id, Timestamp: begin, Sender: pointer(adaPN), Type: "text", Content: "text " + id}
}

func from(jid, id string) domain.Message {
	message := text(id)
	message.ChatJID, message.Sender = jid, pointer(jid)
	return message
}

func wantRows(t *testing.T, store *Store, query string, want ...string) {
	t.Helper()
	if diff := difference(rows(t, store, query), want); diff != "" {
		t.Errorf("%s%s", query, diff)
	}
}

func TestWritingTheSameAgainChangesNothing(t *testing.T) {
	store := newStore(t)
	batch := domain.Batch{Lane: domain.Live, Messages: []domain.Message{text("A1"), text("A2")},
		Changes: []domain.Change{{ChatJID: adaPN, MessageID: "A1", Kind: domain.Edit, Actor: adaPN, At: (begin + 1) * 1000, Value: "new"}}}
	if got := write(t, store, batch); got != (rules.Counts{Inserted: 2}) {
		t.Errorf("first: %+v", got)
	}
	before := rows(t, store, "SELECT * FROM messages")
	if got := write(t, store, batch); got != (rules.Counts{Duplicates: 2}) {
		t.Errorf("again: %+v", got)
	}
	if diff := difference(rows(t, store, "SELECT * FROM messages"), before); diff != "" {
		t.Error(diff)
	}
	wantRows(t, store, "SELECT source FROM messages GROUP BY source", `{"source":"whatsmeow"}`)
}

func TestRowsThatNoTableTakesAreCountedAndTheOthersAreWritten(t *testing.T) {
	store := newStore(t)
	without := func(change func(*domain.Message)) domain.Message {
		message := text("BAD")
		change(&message)
		return message
	}
	got := write(t, store, domain.Batch{Messages: []domain.Message{
		text("A1"),
		without(func(m *domain.Message) { m.ID = "" }),
		without(func(m *domain.Message) { m.Timestamp = 0 }),
		without(func(m *domain.Message) { m.Type = "" }),
		without(func(m *domain.Message) { m.ChatJID = "nobody" }),
		without(func(m *domain.Message) { m.ChatJID = "" }),
	}, Changes: []domain.Change{{ChatJID: "nobody", MessageID: "A1", Kind: domain.Edit}, {ChatJID: adaPN, MessageID: "A1", Kind: "rumour"}}})
	if got != (rules.Counts{Inserted: 1, Failed: 7}) {
		t.Errorf("got %+v", got)
	}
}

func TestABatchIsWrittenWholeOrNotAtAll(t *testing.T) {
	store := newStore(t)
	batch := domain.Batch{Messages: []domain.Message{text("A1")}}
	failure := errors.New("the disk is full")
	if _, err := store.write(batch, func(s *rules.Writer) { s.Err = failure }); !errors.Is(err, failure) {
		t.Errorf("got %v", err)
	}
	wantRows(t, store, "SELECT id FROM messages")
	func() {
		defer func() { _ = recover() }()
		_, _ = store.write(batch, func(*rules.Writer) { panic("a defect") })
	}()
	wantRows(t, store, "SELECT id FROM messages")
	if got := write(t, store, batch); got.Inserted != 1 {
		t.Errorf("afterwards: %+v", got)
	}
}

func TestWhatIsHereOfAPartOfABlobAndItsCursorAreCommittedTogether(t *testing.T) {
	store := newStore(t)
	at := func(want int) {
		t.Helper()
		if got, err := store.HistoryCursor("BLOB"); err != nil || got != want {
			t.Errorf("the cursor is at %d (%v), want %d", got, err, want)
		}
	}
	at(0)
	for upto := 1; upto <= 2; upto++ {
		batch := domain.Batch{Lane: domain.History, Messages: []domain.Message{text(fmt.Sprint("A", upto))}}
		if _, err := store.WriteHistory(batch, "BLOB", upto); err != nil {
			t.Fatal(err)
		}
		at(upto)
	}
	wantRows(t, store, "SELECT status, messages_synced, oldest_message_id FROM checkpoints",
		`{"messages_synced":2,"oldest_message_id":"A1","status":"in_progress"}`)
	if err := store.CompleteHistory(); err != nil {
		t.Error(err)
	}
	wantRows(t, store, "SELECT status, completed_at > 0 AS done FROM checkpoints", `{"done":1,"status":"completed"}`)
	if err := store.ForgetCursor("BLOB"); err != nil {
		t.Error(err)
	}
	at(0)
}

func TestOneFileBelongsToOneAccount(t *testing.T) {
	store := newStore(t)
	account := domain.Account{JID: "15550100000:4@s.whatsapp.net", LID: "20000000000000:4@lid"}
	for range 2 {
		if err := store.LinkAccount(account); err != nil {
			t.Fatal(err)
		}
	}
	if jid, err := store.Meta("account_jid"); err != nil || jid != "15550100000@s.whatsapp.net" {
		t.Errorf("got %q, %v", jid, err)
	}
	if err := store.LinkAccount(domain.Account{JID: adaPN}); codeOf(err) != domain.AccountMismatch {
		t.Errorf("got %v", err)
	}
	if none, err := store.Meta("no such fact"); err != nil || none != "" {
		t.Errorf("got %q, %v", none, err)
	}
}

func TestRowsOfAMergedChatMoveAtMostAThousandAtATime(t *testing.T) {
	store := newStore(t)
	for part := range 3 {
		var batch domain.Batch
		for i := range 500 {
			batch.Messages = append(batch.Messages, from(adaLID, fmt.Sprint("L", part*500+i)))
		}
		write(t, store, batch)
	}
	write(t, store, domain.Batch{Messages: []domain.Message{text("L7"), text("P1")}})
	s := store.writer
	if err := s.Transaction(func() { s.LearnPair(domain.LIDPair{LID: adaLID, PN: adaPN}) }); err != nil {
		t.Fatal(err)
	}
	for _, left := range []string{`{"n":500}`, `{"n":0}`} {
		if worked, err := s.FollowMerges(rowsPerStep); !worked || err != nil {
			t.Fatalf("worked: %t, %v", worked, err)
		}
		wantRows(t, store, "SELECT count(*) AS n FROM messages WHERE chat_id IN (SELECT id FROM chats WHERE merged_into IS NOT NULL)", left)
	}
	if worked, err := s.FollowMerges(rowsPerStep); worked || err != nil {
		t.Errorf("there was more to do: %t, %v", worked, err)
	}
	wantRows(t, store, "SELECT count(*) AS n, count(wire_chat) AS hidden FROM messages", `{"hidden":1499,"n":1501}`)
}

func TestSettingsWaitForTheirChatThroughARestart(t *testing.T) {
	folder := t.TempDir()
	open := func() (*Store, func()) {
		waiting, err := spool.Open(filepath.Join(folder, "whatsmeow.db"))
		if err != nil {
			t.Fatal(err)
		}
		store, err := Open(filepath.Join(folder, "messages.db"), waiting)
		if err != nil {
			t.Fatal(err)
		}
		return store, func() { store.Close(); waiting.Close() }
	}
	store, closing := open()
	write(t, store, domain.Batch{Lane: domain.Live, Settings: []domain.Chat{{JID: crew, Name: "Crew", Archived: pointer(true)}},
		Members: []domain.Member{{ChatJID: crew, Member: adaLID, Role: domain.RoleAdmin, At: begin}}})
	wantRows(t, store, "SELECT jid FROM chats")
	closing()
	store, closing = open()
	defer closing()
	write(t, store, domain.Batch{Lane: domain.Live, Messages: []domain.Message{from(crew, "G1")}})
	wantRows(t, store, "SELECT name, archived FROM chats", `{"archived":1,"name":"Crew"}`)
	wantRows(t, store, "SELECT role FROM chat_members", `{"role":"admin"}`)
	if left, err := store.spool.FactChats(); err != nil || len(left) != 0 {
		t.Errorf("still waiting: %v, %v", left, err)
	}
}

func TestOtherWritersGetTheirTurn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "messages.db")
	one, other := openAt(t, path), openAt(t, path)
	defer one.Close()
	defer other.Close()
	done := make(chan error, 2)
	for name, store := range map[string]*Store{"one": one, "other": other} {
		go func() {
			var failure error
			for i := range 100 {
				if _, err := store.Write(domain.Batch{Messages: []domain.Message{text(fmt.Sprint(name, i))}}); err != nil {
					failure = err
				}
			}
			done <- failure
		}()
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	wantRows(t, one, "SELECT count(*) AS n FROM messages", `{"n":200}`)
}
