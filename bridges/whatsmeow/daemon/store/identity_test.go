package store

import (
	"fmt"
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

const (
	benPN  = "15550100002@s.whatsapp.net"
	benLID = "20000000000002@lid"
)

var ada = domain.LIDPair{LID: adaLID, PN: adaPN}

func TestOnePersonIsOneChatWhicheverAddressComesFirst(t *testing.T) {
	byLID := domain.Batch{Messages: []domain.Message{from(adaLID, "L1")}}
	byPN := domain.Batch{Messages: []domain.Message{from(adaPN, "P1")}}
	pair := domain.Batch{LIDPairs: []domain.LIDPair{ada}}
	named := domain.Batch{Contacts: []domain.Contact{{JID: adaPN, LID: adaLID, SavedName: "Ada"}}}
	for name, batches := range map[string][]domain.Batch{
		"hidden first":         {byLID, byPN, pair},
		"number first":         {byPN, byLID, pair},
		"pair first":           {pair, byLID, byPN},
		"pair between":         {byLID, pair, byPN},
		"told by a contact":    {byLID, named, byPN},
		"told by a chat":       {byPN, {Chats: []domain.Chat{{JID: adaLID, PN: adaPN}}}, byLID},
		"with its message":     {{LIDPairs: []domain.LIDPair{ada}, Messages: byLID.Messages}, byPN},
		"told again and again": {pair, byLID, pair, byPN, pair},
	} {
		t.Run(name, func(t *testing.T) {
			store := newStore(t)
			for _, batch := range batches {
				write(t, store, batch)
			}
			chat := fmt.Sprintf(`{"jid":%q,"lid":%q,"pn":%q}`, adaPN, adaLID, adaPN)
			wantRows(t, store, "SELECT jid, pn, lid FROM chats WHERE merged_into IS NULL", chat)
			wantRows(t, store, "SELECT jid, pn, lid FROM contacts WHERE merged_into IS NULL", chat)
			wantRows(t, store, "SELECT c.jid, m.id, m.wire_chat FROM messages m JOIN chats c ON c.id = m.chat_id",
				fmt.Sprintf(`{"id":"L1","jid":%q,"wire_chat":%q}`, adaPN, adaLID), fmt.Sprintf(`{"id":"P1","jid":%q,"wire_chat":null}`, adaPN))
		})
	}
}

func TestAWrongPairIsTakenBackWithNothingLost(t *testing.T) {
	store := newStore(t)
	write(t, store, domain.Batch{Messages: []domain.Message{from(adaLID, "L1"), from(adaPN, "P1"), from(benPN, "B1")},
		Contacts: []domain.Contact{{JID: adaLID, PushName: "hidden"}, {JID: adaPN, SavedName: "Ada"}, {JID: benPN, SavedName: "Ben"}}})
	write(t, store, domain.Batch{LIDPairs: []domain.LIDPair{ada}})
	wantRows(t, store, "SELECT count(DISTINCT chat_id) AS n FROM messages", `{"n":2}`)
	write(t, store, domain.Batch{LIDPairs: []domain.LIDPair{{LID: adaLID, PN: benPN}}})
	wantRows(t, store, "SELECT c.jid, m.id FROM messages m JOIN chats c ON c.id = m.chat_id",
		fmt.Sprintf(`{"id":"L1","jid":%q}`, benPN), fmt.Sprintf(`{"id":"P1","jid":%q}`, adaPN), fmt.Sprintf(`{"id":"B1","jid":%q}`, benPN))
	wantRows(t, store, "SELECT jid, saved_name, push_name FROM contacts WHERE merged_into IS NULL",
		fmt.Sprintf(`{"jid":%q,"push_name":null,"saved_name":"Ada"}`, adaPN), fmt.Sprintf(`{"jid":%q,"push_name":"hidden","saved_name":"Ben"}`, benPN))
}

func TestPairsThatAreNoneChangeNothing(t *testing.T) {
	store := newStore(t)
	write(t, store, domain.Batch{LIDPairs: []domain.LIDPair{{}, {LID: adaPN, PN: adaLID}, {LID: crew, PN: adaPN}, {LID: adaLID, PN: benLID}, {LID: adaLID}}})
	wantRows(t, store, "SELECT jid FROM contacts")
}

func TestAnEditOrARevokeTakesEffectOnlyFromItsAuthor(t *testing.T) {
	const later = (begin + 60) * 1000
	edit := func(actor string) domain.Change {
		return domain.Change{ChatJID: adaPN, MessageID: "A1", Kind: domain.Edit, Actor: actor, At: later, Value: "edited"}
	}
	revoke := func(actor string) domain.Change {
		return domain.Change{ChatJID: adaPN, MessageID: "A1", Kind: domain.Revoke, Actor: actor, At: later}
	}
	kept, edited, revoked := `{"content":"text A1","type":"text"}`, `{"content":"edited","type":"text"}`, `{"content":"","type":"revoked"}`
	for name, test := range map[string]struct {
		pairs  []domain.LIDPair
		change domain.Change
		want   string
	}{
		"the author":                             {nil, edit(adaPN), edited},
		"somebody else":                          {nil, edit(benPN), kept},
		"the author's other address":             {[]domain.LIDPair{ada}, edit(adaLID), edited},
		"a hidden address nobody knows":          {nil, edit(adaLID), kept},
		"another person's hidden address":        {[]domain.LIDPair{{LID: benLID, PN: benPN}}, edit(benLID), kept},
		"a revoke of the author":                 {nil, revoke(adaPN), revoked},
		"a revoke of somebody else":              {nil, revoke(benPN), kept},
		"a revoke by the author's other address": {[]domain.LIDPair{ada}, revoke(adaLID), revoked},
	} {
		for _, order := range []string{"afterwards", "before"} {
			t.Run(name+", "+order, func(t *testing.T) {
				store := newStore(t)
				message := domain.Batch{LIDPairs: test.pairs, Messages: []domain.Message{text("A1")}}
				change := domain.Batch{LIDPairs: test.pairs, Changes: []domain.Change{test.change}}
				batches := []domain.Batch{message, change}
				if order == "before" {
					batches = []domain.Batch{change, message}
				}
				for _, batch := range batches {
					write(t, store, batch)
				}
				wantRows(t, store, "SELECT type, content FROM messages", test.want)
			})
		}
	}
}

func TestWhatIsUnreadFollowsFromRowsAndMarks(t *testing.T) {
	store := newStore(t)
	unread := func(want int) {
		t.Helper()
		wantRows(t, store, "SELECT unread_count FROM chats", fmt.Sprintf(`{"unread_count":%d}`, want))
	}
	at := func(id string, seconds int64, fromMe bool) domain.Message {
		message := text(id)
		message.Timestamp, message.FromMe = begin+seconds, fromMe
		return message
	}
	setting := func(chat domain.Chat) domain.Batch {
		chat.JID = adaPN
		return domain.Batch{Lane: domain.Live, Settings: []domain.Chat{chat}}
	}
	write(t, store, domain.Batch{Messages: []domain.Message{at("A1", 1, false), at("A2", 2, false), at("MINE", 3, true)}})
	unread(2)
	write(t, store, setting(domain.Chat{ReadUpto: pointer[int64](begin + 1)}))
	unread(1)
	write(t, store, setting(domain.Chat{UnreadCount: pointer[int64](7), UnreadAt: pointer[int64](begin + 2)}))
	unread(7)
	write(t, store, domain.Batch{Messages: []domain.Message{at("A4", 4, false)}})
	unread(8)
	write(t, store, setting(domain.Chat{ReadUpto: pointer[int64](begin)})) // older than the stored value
	unread(8)
	write(t, store, domain.Batch{Deletions: []domain.Deletion{{ChatJID: adaPN, MessageID: "A4", At: begin * 1000}}})
	unread(7)
	write(t, store, domain.Batch{Messages: []domain.Message{at("A5", 5, false)}, Changes: []domain.Change{
		{ChatJID: adaPN, MessageID: "A5", Kind: domain.Receipt, Actor: "15550100000@s.whatsapp.net", At: begin * 1000, Value: "read"}}})
	unread(0)
}
