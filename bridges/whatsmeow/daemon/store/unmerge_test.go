package store

import (
	"fmt"
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/store/rules"
)

// wrong is the first pair; right corrects it: the LID is Ben's.
var (
	wrong = domain.Batch{LIDPairs: []domain.LIDPair{ada}}
	right = domain.Batch{LIDPairs: []domain.LIDPair{{LID: adaLID, PN: benPN}}}
)

func row(format string, values ...any) string { return fmt.Sprintf(format, values...) }

func TestAChangeThatWaitsForItsMessageGoesBackWithItsAddress(t *testing.T) {
	store := newStore(t)
	write(t, store, domain.Batch{Messages: []domain.Message{from(adaPN, "P1"), from(adaLID, "L1")}})
	write(t, store, domain.Batch{Changes: []domain.Change{
		{ChatJID: adaLID, MessageID: "L2", Kind: domain.Edit, Actor: adaLID, At: begin * 1000, Value: "edited L"},
		{ChatJID: adaPN, MessageID: "P2", Kind: domain.Edit, Actor: adaPN, At: begin * 1000, Value: "edited P"},
	}})
	write(t, store, wrong)
	wantRows(t, store, "SELECT count(DISTINCT chat_id) AS n FROM changes", `{"n":1}`)
	write(t, store, right)
	wantRows(t, store, "SELECT c.jid, x.message_id FROM changes x JOIN chats c ON c.id = x.chat_id",
		row(`{"jid":%q,"message_id":"L2"}`, benPN), row(`{"jid":%q,"message_id":"P2"}`, adaPN))
	write(t, store, domain.Batch{Messages: []domain.Message{from(adaLID, "L2"), from(adaPN, "P2")}})
	wantRows(t, store, "SELECT c.jid, m.content FROM messages m JOIN chats c ON c.id = m.chat_id WHERE m.edited_at IS NOT NULL",
		row(`{"content":"edited L","jid":%q}`, benPN), row(`{"content":"edited P","jid":%q}`, adaPN))
}

func TestAMessageOfTwoPeopleUnderOneIDIsOneOfEachAgain(t *testing.T) {
	store := newStore(t)
	write(t, store, wrong)
	write(t, store, domain.Batch{Messages: []domain.Message{from(adaPN, "SAME")}})
	other := from(benPN, "SAME")
	other.ChatJID, other.Content = adaLID, "from Ben"
	if got := write(t, store, domain.Batch{Messages: []domain.Message{other}}); got != (rules.Counts{Failed: 1}) {
		t.Errorf("got %+v", got)
	}
	wantRows(t, store, "SELECT content FROM conflicts", `{"content":"from Ben"}`)
	write(t, store, domain.Batch{Messages: []domain.Message{from(benPN, "B1")}})
	write(t, store, right)
	wantRows(t, store, "SELECT content FROM conflicts")
	wantRows(t, store, "SELECT c.jid, m.id, m.content FROM messages m JOIN chats c ON c.id = m.chat_id",
		row(`{"content":"text SAME","id":"SAME","jid":%q}`, adaPN), row(`{"content":"from Ben","id":"SAME","jid":%q}`, benPN),
		row(`{"content":"text B1","id":"B1","jid":%q}`, benPN))
}

func TestCheckpointsFollowTheirRowsIntoAMergeAndOutOfIt(t *testing.T) {
	store := newStore(t)
	history := func(jid string, ids ...string) domain.Batch {
		batch := domain.Batch{Lane: domain.History}
		for i, id := range ids {
			message := from(jid, id)
			message.Timestamp = begin + int64(10*i)
			if jid == adaLID {
				message.Timestamp -= 100
			}
			batch.Messages = append(batch.Messages, message)
		}
		return batch
	}
	write(t, store, history(adaPN, "P1", "P2", "P3"))
	write(t, store, history(adaLID, "L1", "L2"))
	const checkpoints = "SELECT c.jid, k.messages_synced, k.oldest_message_id FROM checkpoints k JOIN chats c ON c.id = k.chat_id"
	wantRows(t, store, checkpoints, row(`{"jid":%q,"messages_synced":3,"oldest_message_id":"P1"}`, adaPN), row(`{"jid":%q,"messages_synced":2,"oldest_message_id":"L1"}`, adaLID))
	write(t, store, wrong)
	wantRows(t, store, checkpoints, row(`{"jid":%q,"messages_synced":5,"oldest_message_id":"L1"}`, adaPN))
	write(t, store, right)
	wantRows(t, store, checkpoints, row(`{"jid":%q,"messages_synced":3,"oldest_message_id":"P1"}`, adaPN), row(`{"jid":%q,"messages_synced":2,"oldest_message_id":"L1"}`, benPN))
	wantRows(t, store, "SELECT jid, last_message_at FROM chats WHERE merged_into IS NULL",
		row(`{"jid":%q,"last_message_at":%d}`, adaPN, begin+20), row(`{"jid":%q,"last_message_at":%d}`, benPN, begin-90))
}

func TestARepeatFoundByAMergeIsCountedOnce(t *testing.T) {
	store := newStore(t)
	write(t, store, domain.Batch{Lane: domain.History, Messages: []domain.Message{from(adaPN, "A1"), from(adaPN, "A2")}})
	repeat := from(adaLID, "A1")
	repeat.QuotedID = pointer("Q1")
	write(t, store, domain.Batch{Lane: domain.History, Messages: []domain.Message{repeat, from(adaLID, "A3")}})
	write(t, store, wrong)
	wantRows(t, store, "SELECT id, quoted_id FROM messages", `{"id":"A1","quoted_id":"Q1"}`, `{"id":"A2","quoted_id":null}`, `{"id":"A3","quoted_id":null}`)
	wantRows(t, store, "SELECT messages_synced FROM checkpoints", `{"messages_synced":3}`)
}

func TestASettingThatAMergeLentIsGivenBackAndANewerOneStays(t *testing.T) {
	setting := func(jid string, change func(*domain.Chat)) domain.Batch {
		chat := domain.Chat{JID: jid}
		change(&chat)
		return domain.Batch{Chats: []domain.Chat{chat}}
	}
	store := newStore(t)
	write(t, store, domain.Batch{Messages: []domain.Message{from(adaPN, "P1"), from(adaLID, "L1")}})
	write(t, store, setting(adaLID, func(c *domain.Chat) {
		c.Name, c.PinnedAt, c.MutedUntil = "hidden", pointer[int64](5), pointer[int64](6)
	}))
	write(t, store, wrong)
	const settings = "SELECT jid, name, pinned_at, muted_until FROM chats WHERE merged_into IS NULL"
	wantRows(t, store, settings, row(`{"jid":%q,"muted_until":6,"name":"hidden","pinned_at":5}`, adaPN))
	write(t, store, setting(adaPN, func(c *domain.Chat) { c.MutedUntil = pointer[int64](99) }))
	write(t, store, right)
	wantRows(t, store, settings, row(`{"jid":%q,"muted_until":99,"name":null,"pinned_at":null}`, adaPN), row(`{"jid":%q,"muted_until":6,"name":"hidden","pinned_at":5}`, benPN))
}

func TestAPairThatIsTakenBackAndToldAgainIsAsIfItWasAlwaysRight(t *testing.T) {
	store := newStore(t)
	write(t, store, domain.Batch{Messages: []domain.Message{from(adaPN, "P1"), from(adaLID, "L1"), from(benPN, "B1")}})
	for _, batch := range []domain.Batch{wrong, right, wrong, right, wrong} {
		write(t, store, batch)
	}
	wantRows(t, store, "SELECT c.jid, m.id FROM messages m JOIN chats c ON c.id = m.chat_id",
		row(`{"id":"P1","jid":%q}`, adaPN), row(`{"id":"L1","jid":%q}`, adaPN), row(`{"id":"B1","jid":%q}`, benPN))
	wantRows(t, store, "SELECT alias FROM chat_aliases a JOIN chats c ON c.id = a.chat_id WHERE c.jid = '"+adaPN+"'",
		row(`{"alias":%q}`, adaPN), row(`{"alias":%q}`, adaLID))
	wantRows(t, store, "SELECT jid FROM chats WHERE separating IS NOT NULL")
}
