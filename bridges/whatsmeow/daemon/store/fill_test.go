package store

import (
	"fmt"
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/store/rules"
)

// full returns a message with a value in every column.
func full(id string) domain.Message {
	message := text(id)
	message.Filename, message.Title, message.QuotedID = pointer("plan.pdf"), pointer("The plan"), pointer("Q1")
	message.ExpiresAt, message.Status = pointer[int64](begin+86_400), pointer("delivered")
	message.Details = &domain.Details{Link: &domain.Link{URL: "https://plans.example"}}
	message.Raw = []byte{1, 2, 3}
	return message
}

// bare returns the same message with the fewest values.
func bare(id string) domain.Message {
	return domain.Message{ChatJID: adaPN, ID: id, Timestamp: begin, Type: "unsupported"}
}

const allColumns = `SELECT timestamp, sender, type, content, filename, title, quoted_id, expires_at, status, details, hex(raw) AS raw FROM messages`

func TestARepeatFillsWhatIsMissingWhicheverComesFirst(t *testing.T) {
	whole := fmt.Sprintf(`{"content":"text A1","details":"{\"link\":{\"url\":\"https://plans.example\"}}","expires_at":%d,"filename":"plan.pdf",`+
		`"quoted_id":"Q1","raw":"010203","sender":%q,"status":"delivered","timestamp":%d,"title":"The plan","type":"text"}`, begin+86_400, adaPN, begin)
	for name, deliveries := range map[string][]domain.Message{
		"all, then little":    {full("A1"), bare("A1")},
		"little, then all":    {bare("A1"), full("A1")},
		"all twice":           {full("A1"), full("A1")},
		"little, all, little": {bare("A1"), full("A1"), bare("A1")},
	} {
		t.Run(name, func(t *testing.T) {
			store := newStore(t)
			for i, one := range deliveries {
				want := rules.Counts{Duplicates: 1}
				if i == 0 {
					want = rules.Counts{Inserted: 1}
				}
				if got := write(t, store, domain.Batch{Messages: []domain.Message{one}}); got != want {
					t.Errorf("delivery %d: %+v", i, got)
				}
			}
			wantRows(t, store, allColumns, whole)
			wantRows(t, store, "SELECT id FROM conflicts")
		})
	}
}

func TestAFilledColumnIsNeverChangedByARepeat(t *testing.T) {
	other := func(change func(*domain.Message)) domain.Message {
		message := full("A1")
		change(&message)
		return message
	}
	store := newStore(t)
	for name, repeat := range map[string]domain.Message{
		"another text":       other(func(m *domain.Message) { m.Content = "other" }),
		"no text":            other(func(m *domain.Message) { m.Content = "" }),
		"another type":       other(func(m *domain.Message) { m.Type = "image" }),
		"an unreadable type": other(func(m *domain.Message) { m.Type = "unsupported" }),
		"another file":       other(func(m *domain.Message) { m.Filename = pointer("other.pdf") }),
		"another title":      other(func(m *domain.Message) { m.Title = pointer("other") }),
		"another quote":      other(func(m *domain.Message) { m.QuotedID = pointer("Q2") }),
		"another end":        other(func(m *domain.Message) { m.ExpiresAt = pointer[int64](begin) }),
		"another state":      other(func(m *domain.Message) { m.Status = pointer("queued") }),
		"other details":      other(func(m *domain.Message) { m.Details = &domain.Details{WireType: "x"} }),
		"other bytes":        other(func(m *domain.Message) { m.Raw = []byte{9} }),
		"a later time":       other(func(m *domain.Message) { m.Timestamp = begin + 100 }),
		"no author":          other(func(m *domain.Message) { m.Sender = nil }),
		"a star":             other(func(m *domain.Message) { m.Starred = true }),
	} {
		for _, brings := range []string{"nothing else", "something that was missing"} {
			t.Run(name+" and "+brings, func(t *testing.T) {
				first, id := full(name+brings), fmt.Sprintf("'%s%s'", name, brings)
				repeat.ID = first.ID
				if brings != "nothing else" {
					first.QuotedID = nil
				}
				write(t, store, domain.Batch{Messages: []domain.Message{first}})
				columns := "SELECT timestamp, sender, from_me, type, content, filename, title, expires_at, status, details, starred, hex(raw) AS raw FROM messages WHERE id = " + id
				before := rows(t, store, columns)
				if got := write(t, store, domain.Batch{Messages: []domain.Message{repeat}}); got != (rules.Counts{Duplicates: 1}) {
					t.Errorf("got %+v", got)
				}
				wantRows(t, store, columns, before...)
				wantRows(t, store, "SELECT quoted_id IS NOT NULL AS quoted FROM messages WHERE id = "+id, `{"quoted":1}`)
			})
		}
	}
}

func TestWhatIsToldLaterKeepsTheTimeOfWhatCameFirst(t *testing.T) {
	store := newStore(t)
	late := full("A1")
	late.Timestamp = begin + 100
	write(t, store, domain.Batch{Messages: []domain.Message{bare("A1")}})
	write(t, store, domain.Batch{Messages: []domain.Message{late}})
	wantRows(t, store, "SELECT timestamp, type FROM messages", fmt.Sprintf(`{"timestamp":%d,"type":"text"}`, begin))
}

func TestAnEditDoesNotBringBackWhatCameRevoked(t *testing.T) {
	store := newStore(t)
	revoked := text("A1")
	revoked.Type, revoked.Content = "revoked", ""
	write(t, store, domain.Batch{Messages: []domain.Message{revoked}, Changes: []domain.Change{about(domain.Edit, "edited", 10)}})
	wantRows(t, store, "SELECT type, content FROM messages", `{"content":"","type":"revoked"}`)
}

func TestTheEarliestTimeStaysAndTheChatIsNotMovedBack(t *testing.T) {
	store := newStore(t)
	early := full("A1")
	early.Timestamp = begin - 100
	write(t, store, domain.Batch{Messages: []domain.Message{full("A1")}})
	write(t, store, domain.Batch{Messages: []domain.Message{early}})
	wantRows(t, store, "SELECT timestamp FROM messages", fmt.Sprintf(`{"timestamp":%d}`, begin-100))
	wantRows(t, store, "SELECT last_message_at FROM chats", fmt.Sprintf(`{"last_message_at":%d}`, begin))
}

func TestWhatWasRevokedStaysRevokedWhicheverComesFirst(t *testing.T) {
	revoked := text("A1")
	revoked.Type, revoked.Content, revoked.Raw = "revoked", "", []byte{7}
	for name, deliveries := range map[string][]domain.Message{
		"the message, then that it is revoked": {full("A1"), revoked},
		"that it is revoked, then the message": {revoked, full("A1")},
		"revoked twice":                        {revoked, revoked},
	} {
		t.Run(name, func(t *testing.T) {
			store := newStore(t)
			for _, one := range deliveries {
				write(t, store, domain.Batch{Messages: []domain.Message{one}})
			}
			wantRows(t, store, "SELECT type, content, filename, title, details, hex(raw) AS raw FROM messages",
				`{"content":"","details":null,"filename":null,"raw":"07","title":null,"type":"revoked"}`)
		})
	}
}

func TestAnotherAuthorUnderATakenIDIsKeptApart(t *testing.T) {
	store := newStore(t)
	mine := text("G1")
	mine.ChatJID = crew
	theirs := mine
	theirs.Sender, theirs.Content = pointer(benPN), "theirs"
	own := mine
	own.FromMe, own.Sender, own.Content = true, pointer("15550100000@s.whatsapp.net"), "own"
	for i, test := range []struct {
		message domain.Message
		want    rules.Counts
	}{
		{mine, rules.Counts{Inserted: 1}}, {theirs, rules.Counts{Failed: 1}}, {own, rules.Counts{Failed: 1}}, {theirs, rules.Counts{Duplicates: 1}}, {mine, rules.Counts{Duplicates: 1}},
	} {
		if got := write(t, store, domain.Batch{Messages: []domain.Message{test.message}}); got != test.want {
			t.Errorf("delivery %d: %+v", i, got)
		}
	}
	wantRows(t, store, "SELECT content FROM messages", `{"content":"text G1"}`)
	wantRows(t, store, "SELECT content, sender, source FROM conflicts",
		fmt.Sprintf(`{"content":"theirs","sender":%q,"source":"whatsmeow"}`, benPN),
		`{"content":"own","sender":"15550100000@s.whatsapp.net","source":"whatsmeow"}`)
}

func TestAConflictIsSettledWhenBothAuthorsTurnOutToBeOne(t *testing.T) {
	store := newStore(t)
	byPN := text("G1")
	byPN.ChatJID, byPN.Content = crew, ""
	byLID := byPN
	byLID.Sender, byLID.Content = pointer(adaLID), "hello"
	byBen := byPN
	byBen.Sender, byBen.Content = pointer(benPN), "other"
	for _, one := range []domain.Message{byPN, byLID, byBen} {
		write(t, store, domain.Batch{Messages: []domain.Message{one}})
	}
	wantRows(t, store, "SELECT count(*) AS n FROM conflicts", `{"n":2}`)
	write(t, store, domain.Batch{LIDPairs: []domain.LIDPair{ada}})
	wantRows(t, store, "SELECT content, sender FROM messages", fmt.Sprintf(`{"content":"hello","sender":%q}`, adaPN))
	wantRows(t, store, "SELECT content FROM conflicts", `{"content":"other"}`)
}
