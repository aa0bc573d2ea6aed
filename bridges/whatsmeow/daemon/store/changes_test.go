package store

import (
	"fmt"
	"slices"
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/store/rules"
)

// everyOrder calls play with each order of the parts.
func everyOrder[T any](parts []T, play func(order string, parts []T)) {
	var place func(chosen []int)
	place = func(chosen []int) {
		if len(chosen) == len(parts) {
			ordered := make([]T, 0, len(parts))
			for _, i := range chosen {
				ordered = append(ordered, parts[i])
			}
			play(fmt.Sprint(chosen), ordered)
			return
		}
		for i := range parts {
			if !slices.Contains(chosen, i) {
				place(append(slices.Clone(chosen), i))
			}
		}
	}
	place(nil)
}

// about returns a change of message A1 by Ada, in seconds after it was sent.
func about(kind, value string, seconds int64) domain.Change {
	return domain.Change{ChatJID: adaPN, MessageID: "A1", Kind: kind, Actor: adaPN, At: (begin + seconds) * 1000, Value: value}
}

func TestWhatBecameOfAMessageDoesNotDependOnTheOrderOfTheNews(t *testing.T) {
	const me = "15550100000@s.whatsapp.net"
	store := newStore(t)
	by := func(actor string, change domain.Change) domain.Change {
		change.Actor = actor
		return change
	}
	for name, test := range map[string]struct {
		fromMe  bool
		changes []domain.Change
		want    string
	}{
		"the latest edit counts": {false, []domain.Change{about(domain.Edit, "second", 20), about(domain.Edit, "first", 10), about(domain.Edit, "third", 30)},
			fmt.Sprintf(`{"content":"third","edited_at":%d,"revoked_at":null,"starred":0,"status":null,"type":"text"}`, begin+30)},
		"an edit of somebody else does not": {false, []domain.Change{about(domain.Edit, "first", 10), by(benPN, about(domain.Edit, "theirs", 20))},
			fmt.Sprintf(`{"content":"first","edited_at":%d,"revoked_at":null,"starred":0,"status":null,"type":"text"}`, begin+10)},
		"a revoke counts more than any edit": {false, []domain.Change{about(domain.Revoke, "", 10), about(domain.Edit, "later", 20)},
			fmt.Sprintf(`{"content":"","edited_at":%d,"revoked_at":%d,"starred":0,"status":null,"type":"revoked"}`, begin+20, begin+10)},
		"the latest revoke counts": {false, []domain.Change{about(domain.Revoke, "", 10), about(domain.Revoke, "", 20)},
			fmt.Sprintf(`{"content":"","edited_at":null,"revoked_at":%d,"starred":0,"status":null,"type":"revoked"}`, begin+20)},
		"the latest star counts": {false, []domain.Change{by(me, about(domain.Star, "1", 10)), by(me, about(domain.Star, "0", 20)), by(me, about(domain.Star, "1", 30))},
			`{"content":"text A1","edited_at":null,"revoked_at":null,"starred":1,"status":null,"type":"text"}`},
		"a star is taken away": {false, []domain.Change{by(me, about(domain.Star, "1", 10)), by(me, about(domain.Star, "0", 20))},
			`{"content":"text A1","edited_at":null,"revoked_at":null,"starred":0,"status":null,"type":"text"}`},
		"a delivery state only rises": {true, []domain.Change{about(domain.Receipt, "read", 10), about(domain.Receipt, "delivered", 20), about(domain.Receipt, "server", 30)},
			`{"content":"text A1","edited_at":null,"revoked_at":null,"starred":0,"status":"read","type":"text"}`},
		"played is the last": {true, []domain.Change{about(domain.Receipt, "played", 10), about(domain.Receipt, "read", 20)},
			`{"content":"text A1","edited_at":null,"revoked_at":null,"starred":0,"status":"played","type":"text"}`},
		"a failure is no step of a way": {true, []domain.Change{about(domain.Receipt, "failed", 30), about(domain.Receipt, "server", 10)},
			`{"content":"text A1","edited_at":null,"revoked_at":null,"starred":0,"status":"server","type":"text"}`},
		"what others sent has no state": {false, []domain.Change{about(domain.Receipt, "delivered", 10)},
			`{"content":"text A1","edited_at":null,"revoked_at":null,"starred":0,"status":null,"type":"text"}`},
		"a reaction and a vote change no row": {false, []domain.Change{about(domain.Reaction, "👍", 10), about(domain.Vote, `["tea"]`, 20)},
			`{"content":"text A1","edited_at":null,"revoked_at":null,"starred":0,"status":null,"type":"text"}`},
	} {
		message := text("A1")
		message.FromMe = test.fromMe
		batches := []domain.Batch{{Messages: []domain.Message{message}}}
		for _, change := range test.changes {
			batches = append(batches, domain.Batch{Changes: []domain.Change{change}})
		}
		everyOrder(batches, func(order string, batches []domain.Batch) {
			t.Run(name+" "+order, func(t *testing.T) {
				id := name + order
				for _, batch := range batches {
					write(t, store, renamed(batch, adaPN, id))
				}
				wantRows(t, store, fmt.Sprintf("SELECT type, content, edited_at, revoked_at, starred, status FROM messages WHERE id = '%s'", id), test.want)
				wantRows(t, store, fmt.Sprintf("SELECT count(*) AS n FROM changes WHERE message_id = '%s'", id), fmt.Sprintf(`{"n":%d}`, len(test.changes)))
			})
		})
	}
}

// renamed returns a batch with other ids, so that many cases share one store.
func renamed(batch domain.Batch, chat, id string) domain.Batch {
	for _, message := range batch.Messages {
		message.ChatJID, message.ID = chat, id
		return domain.Batch{Messages: []domain.Message{message}}
	}
	change := batch.Changes[0]
	change.ChatJID, change.MessageID = chat, id
	return domain.Batch{Changes: []domain.Change{change}}
}

func TestAChangeToldTwiceIsOne(t *testing.T) {
	store := newStore(t)
	change := domain.Batch{Changes: []domain.Change{about(domain.Reaction, "👍", 10)}}
	for range 2 {
		if got := write(t, store, change); got != (rules.Counts{}) {
			t.Errorf("got %+v", got)
		}
	}
	wantRows(t, store, "SELECT value FROM changes", `{"value":"👍"}`)
}

func TestReadingOnAnOwnDeviceReadsTheChatUpToThatMessage(t *testing.T) {
	store := newStore(t)
	chats := 0
	for name, test := range map[string]struct {
		value string
		want  int
	}{
		"read": {"read", 1}, "played": {"played", 1}, "only delivered": {"delivered", 3},
	} {
		second := about(domain.Receipt, test.value, 60)
		second.MessageID, second.Actor = "A2", "15550100000@s.whatsapp.net"
		batches := []domain.Batch{{Changes: []domain.Change{second}}}
		for i := range 3 {
			message := text(fmt.Sprint("A", i+1))
			message.Timestamp += int64(i)
			batches = append(batches, domain.Batch{Messages: []domain.Message{message}})
		}
		everyOrder(batches, func(order string, batches []domain.Batch) {
			t.Run(name+" "+order, func(t *testing.T) {
				chats++
				chat := fmt.Sprintf("1555010%04d@s.whatsapp.net", chats)
				for _, batch := range batches {
					id := second.MessageID
					for _, message := range batch.Messages {
						id = message.ID
					}
					write(t, store, renamed(batch, chat, id))
				}
				wantRows(t, store, fmt.Sprintf("SELECT unread_count FROM chats WHERE jid = '%s'", chat), fmt.Sprintf(`{"unread_count":%d}`, test.want))
			})
		})
	}
}
