package store

import (
	"fmt"
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

const chatFacts = `SELECT name, archived, pinned_at, muted_until, ephemeral_seconds, last_message_at, cleared_at, members_at FROM chats WHERE jid = '` + adaPN + `'`

func chatOf(change func(*domain.Chat)) domain.Batch {
	chat := domain.Chat{JID: adaPN}
	change(&chat)
	return domain.Batch{Chats: []domain.Chat{chat}}
}

func TestWhatIsNotSaidOfAChatStays(t *testing.T) {
	store := newStore(t)
	write(t, store, chatOf(func(c *domain.Chat) {
		c.Name, c.Archived, c.PinnedAt, c.MutedUntil = "Ada", pointer(true), pointer[int64](5), pointer[int64](6)
		c.EphemeralSeconds, c.LastMessageAt, c.ClearedAt, c.MembersAt = pointer[int64](7), pointer[int64](80), pointer[int64](90), pointer[int64](100)
	}))
	const whole = `{"archived":1,"cleared_at":90,"ephemeral_seconds":7,"last_message_at":80,"members_at":100,"muted_until":6,"name":"Ada","pinned_at":5}`
	wantRows(t, store, chatFacts, whole)
	write(t, store, chatOf(func(*domain.Chat) {}))
	wantRows(t, store, chatFacts, whole)
	write(t, store, chatOf(func(c *domain.Chat) { // older than the stored values
		c.LastMessageAt, c.ClearedAt, c.MembersAt = pointer[int64](1), pointer[int64](1), pointer[int64](1)
	}))
	wantRows(t, store, chatFacts, whole)
	write(t, store, chatOf(func(c *domain.Chat) {
		c.Name, c.Archived, c.PinnedAt, c.MutedUntil, c.EphemeralSeconds = "Ada L.", pointer(false), new(int64), new(int64), new(int64)
	}))
	wantRows(t, store, chatFacts, `{"archived":0,"cleared_at":90,"ephemeral_seconds":0,"last_message_at":80,"members_at":100,"muted_until":0,"name":"Ada L.","pinned_at":0}`)
}

func TestTheNewestCountOfThePhoneIsTheOneThatCounts(t *testing.T) {
	counted := func(count, at int64) domain.Batch {
		return chatOf(func(c *domain.Chat) { c.UnreadCount, c.UnreadAt = &count, &at })
	}
	timeless := chatOf(func(c *domain.Chat) { c.UnreadCount = pointer[int64](9) })
	for name, test := range map[string]struct {
		batches []domain.Batch
		want    int
	}{
		"the newest last":       {[]domain.Batch{counted(1, 10), counted(2, 20)}, 2},
		"the newest first":      {[]domain.Batch{counted(2, 20), counted(1, 10)}, 2},
		"at the same time":      {[]domain.Batch{counted(1, 10), counted(2, 10)}, 2},
		"without a time, later": {[]domain.Batch{counted(1, 10), timeless}, 1},
		"without a time, first": {[]domain.Batch{timeless, counted(1, 10)}, 1},
		"without a time, alone": {[]domain.Batch{timeless}, 9},
		"with the last message": {[]domain.Batch{chatOf(func(c *domain.Chat) {
			c.UnreadCount, c.LastMessageAt = pointer[int64](4), pointer[int64](30)
		}), counted(1, 20)}, 4},
		"read since": {[]domain.Batch{counted(5, 10), chatOf(func(c *domain.Chat) { c.ReadUpto = pointer[int64](10) })}, 0},
		"nothing":    {[]domain.Batch{counted(5, 10), counted(0, 20)}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			store := newStore(t)
			for _, batch := range test.batches {
				write(t, store, batch)
			}
			wantRows(t, store, "SELECT unread_count FROM chats", fmt.Sprintf(`{"unread_count":%d}`, test.want))
		})
	}
}

func TestNamesOfAPersonAreAddedToThoseThatAreKnown(t *testing.T) {
	store := newStore(t)
	for _, contact := range []domain.Contact{
		{JID: adaPN, SavedName: "Ada L."}, {JID: adaPN, PushName: "ada"}, {JID: adaPN, BusinessName: "Ada & Co"}, {JID: adaPN, PushName: "Ada!"}, {JID: adaPN},
	} {
		write(t, store, domain.Batch{Contacts: []domain.Contact{contact}})
	}
	const names = `{"business_name":"Ada & Co","push_name":"Ada!","saved_name":"Ada L."}`
	wantRows(t, store, "SELECT saved_name, push_name, business_name FROM contacts", names)
	wantRows(t, store, "SELECT saved_name, push_name, business_name FROM contact_names", names)
}

func TestWhatIsNoPersonIsNoContact(t *testing.T) {
	store := newStore(t)
	for _, jid := range []string{"", "nobody", crew, domain.StatusAddress, "120363000000000009@newsletter"} {
		write(t, store, domain.Batch{Contacts: []domain.Contact{{JID: jid, PushName: "x"}}, Members: []domain.Member{{ChatJID: "nobody", Member: adaPN, Role: "member"}}})
	}
	wantRows(t, store, "SELECT jid FROM contacts")
	wantRows(t, store, "SELECT member FROM chat_members")
}

func TestTheLatestWordOnAMemberWins(t *testing.T) {
	said := func(role string, at int64) domain.Batch {
		return domain.Batch{Members: []domain.Member{{ChatJID: crew, Member: adaPN, Role: role, At: at}}}
	}
	for name, test := range map[string]struct {
		batches []domain.Batch
		want    string
	}{
		"in order":         {[]domain.Batch{said("member", 1), said("admin", 2)}, "admin"},
		"out of order":     {[]domain.Batch{said("admin", 2), said("member", 1)}, "admin"},
		"at the same time": {[]domain.Batch{said("admin", 2), said("left", 2)}, "left"},
		"left and back":    {[]domain.Batch{said("left", 2), said("member", 3), said("admin", 1)}, "member"},
	} {
		t.Run(name, func(t *testing.T) {
			store := newStore(t)
			for _, batch := range append([]domain.Batch{{Chats: []domain.Chat{{JID: crew}}}}, test.batches...) {
				write(t, store, batch)
			}
			wantRows(t, store, "SELECT role FROM chat_members", fmt.Sprintf(`{"role":%q}`, test.want))
		})
	}
}

func TestEveryAddressIsWrittenWithoutItsDevice(t *testing.T) {
	store := newStore(t)
	const device = "15550100001:7@s.whatsapp.net"
	batch := domain.Batch{
		Contacts: []domain.Contact{{JID: device, PushName: "Ada"}}, Chats: []domain.Chat{{JID: "15550100001@c.us", Name: "Ada"}},
		Members:  []domain.Member{{ChatJID: crew, Member: device, Role: "admin", At: 1}},
		Messages: []domain.Message{from(device, "A1"), from(crew, "G1")},
		Changes:  []domain.Change{{ChatJID: device, MessageID: "A1", Kind: domain.Reaction, Actor: adaPN, At: 1, Value: "x"}},
	}
	write(t, store, batch)
	wantRows(t, store, "SELECT jid FROM chats", `{"jid":"`+adaPN+`"}`, `{"jid":"`+crew+`"}`)
	wantRows(t, store, "SELECT jid FROM contacts", `{"jid":"`+adaPN+`"}`)
	wantRows(t, store, "SELECT sender FROM messages WHERE id = 'A1'", `{"sender":"`+adaPN+`"}`)
	wantRows(t, store, "SELECT member FROM chat_members", `{"member":"`+adaPN+`"}`)
	if batch.Messages[0].ChatJID != device || *batch.Messages[0].Sender != device {
		t.Error("the batch itself was changed; it may have to be written again")
	}
}
