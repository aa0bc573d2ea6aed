package translate

import (
	"math"
	"testing"

	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"google.golang.org/protobuf/proto"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// A conversation becomes a chat with what the phone knew.
func TestChatOfConversation(t *testing.T) {
	type conversation = waHistorySync.Conversation
	direct := func(fields string) string { return `{"jid":"` + ada + `","kind":"direct"` + fields + `}` }
	for name, test := range map[string]struct {
		conversation *conversation
		want         string
	}{
		"nothing but its address": {&conversation{}, direct("")},
		"a story":                 {&conversation{ID: proto.String("status@broadcast")}, ""},
		"no address":              {&conversation{ID: proto.String("nobody")}, ""},
		"no address at all":       {&conversation{ID: proto.String("")}, ""},
		"a group": {&conversation{ID: proto.String(team)}, `{"jid":"` + team +
			`","kind":"group"}`},
		"a community": {&conversation{ID: proto.String(team), IsParentGroup: proto.Bool(true)},
			`{"jid":"` + team + `","kind":"community"}`},
		"a group of a community": {&conversation{ID: proto.String(team),
			ParentGroupID: proto.String("120363000000000002@g.us")}, `{"jid":"` + team +
			`","kind":"group","parentJid":"120363000000000002@g.us"}`},
		"a channel": {&conversation{ID: proto.String("120363000000000009@newsletter")},
			`{"jid":"120363000000000009@newsletter","kind":"newsletter"}`},
		"the name that is shown": {&conversation{DisplayName: proto.String("A"), Name: proto.String("B")},
			direct(`,"name":"A"`)},
		"the other name": {&conversation{Name: proto.String("B")}, direct(`,"name":"B"`)},
		"both addresses": {&conversation{LidJID: proto.String("20000000000001:3@lid")},
			direct(`,"pn":"` + ada + `","lid":"20000000000001@lid"`)},
		"a group with addresses": {&conversation{ID: proto.String(team), PnJID: proto.String(ada),
			LidJID: proto.String("20000000000001@lid")}, `{"jid":"` + team + `","kind":"group"}`},
		"archived":     {&conversation{Archived: proto.Bool(true)}, direct(`,"archived":true`)},
		"not archived": {&conversation{Archived: proto.Bool(false)}, direct(`,"archived":false`)},
		"unread":       {&conversation{UnreadCount: proto.Uint32(3)}, direct(`,"unreadCount":3`)},
		"read":         {&conversation{UnreadCount: proto.Uint32(0)}, direct(`,"unreadCount":0`)},
		"marked as unread": {&conversation{MarkedAsUnread: proto.Bool(true)},
			direct(`,"unreadCount":1`)},
		"marked as unread, and unread": {&conversation{MarkedAsUnread: proto.Bool(true),
			UnreadCount: proto.Uint32(3)}, direct(`,"unreadCount":3`)},
		"pinned": {&conversation{Pinned: proto.Uint32(1_760_000_000)},
			direct(`,"pinnedAt":1760000000`)},
		"not pinned": {&conversation{Pinned: proto.Uint32(0)}, direct("")},
		"messages go after a day": {&conversation{EphemeralExpiration: proto.Uint32(86_400)},
			direct(`,"ephemeralSeconds":86400`)},
		"muted until a second": {&conversation{MuteEndTime: proto.Uint64(1_760_000_000)},
			direct(`,"mutedUntil":1760000000`)},
		"muted until a millisecond": {&conversation{MuteEndTime: proto.Uint64(1_760_000_000_999)},
			direct(`,"mutedUntil":1760000000`)},
		"not muted": {&conversation{MuteEndTime: proto.Uint64(0)}, direct(`,"mutedUntil":0`)},
		"muted for ever": {&conversation{MuteEndTime: proto.Uint64(math.MaxUint64)},
			direct(`,"mutedUntil":253402300799`)},
		"muted for longer than for ever": {&conversation{MuteEndTime: proto.Uint64(math.MaxInt64)},
			direct(`,"mutedUntil":253402300799`)},
		"the last message": {&conversation{LastMsgTimestamp: proto.Uint64(5),
			ConversationTimestamp: proto.Uint64(9)}, direct(`,"lastMessageAt":5`)},
		"the last change": {&conversation{LastMsgTimestamp: proto.Uint64(0),
			ConversationTimestamp: proto.Uint64(9_000_000_000_000)}, direct(`,"lastMessageAt":9000000000`)},
		"a list of members": {&conversation{ID: proto.String(team),
			Participant: []*waHistorySync.GroupParticipant{{UserJID: proto.String(ada)}}}, `{"jid":"` + team +
			`","kind":"group","membersAt":1}`},
		"a dated list of members": {&conversation{ID: proto.String(team), LastMsgTimestamp: proto.Uint64(7),
			Participant: []*waHistorySync.GroupParticipant{{UserJID: proto.String(ada)}}},
			`{"jid":"` + team + `","kind":"group","lastMessageAt":7,"membersAt":7000}`},
		"members of no group": {
			&conversation{Participant: []*waHistorySync.GroupParticipant{{UserJID: proto.String(ada)}}}, direct("")},
	} {
		t.Run(name, func(t *testing.T) {
			if test.conversation.ID == nil {
				test.conversation.ID = proto.String(ada)
			}
			got := ""
			if chat, ok := chatOfConversation(test.conversation); ok {
				got = domain.JSON(chat)
			}
			if got != test.want {
				t.Errorf("\n  got  %s\n  want %s", got, test.want)
			}
		})
	}
}

// Times in seconds and in milliseconds are both read.
func TestSeconds(t *testing.T) {
	for value, want := range map[int64]int64{-1: 0, 0: 0, 1: 1, 1_760_000_000: 1_760_000_000,
		100_000_000_000: 100_000_000_000,
		100_000_000_001: 100_000_000, 1_760_000_000_999: 1_760_000_000} {
		if got := seconds(value); got != want {
			t.Errorf("%d is second %d", value, got)
		}
	}
	for end, want := range map[int64]int64{-1: forever, math.MinInt64: forever, 0: 0, forever * 1000: forever,
		forever*1000 + 1: forever, math.MaxInt64: forever} {
		if got := *mutedUntil(end); got != want {
			t.Errorf("%d mutes until %d", end, got)
		}
	}
	for value, want := range map[uint64]int64{0: 0, math.MaxInt64: math.MaxInt64, math.MaxInt64 + 1: -1,
		math.MaxUint64: -1} {
		if got := signed(value); got != want {
			t.Errorf("%d is %d", value, got)
		}
	}
}

// Only a phone number and a LID make a pair.
func TestPair(t *testing.T) {
	const pair = `{"lid":"20000000000001@lid","pn":"15550100001@s.whatsapp.net"}`
	for _, test := range []struct{ one, other, want string }{
		{ada, adaID, pair}, {adaID, ada, pair}, {"15550100001:5@s.whatsapp.net", "20000000000001:7@lid", pair},
		{"15550100001@c.us", adaID, pair},
		{ada, ben, ""}, {adaID, "20000000000002@lid", ""}, {ada, "", ""}, {"", adaID, ""}, {"", "", ""},
		{team, adaID, ""}, {ada, team, ""}, {ada, "nobody", ""},
	} {
		got := ""
		if pair, ok := Pair(test.one, test.other); ok {
			got = domain.JSON(pair)
		}
		if got != test.want {
			t.Errorf("%q and %q: %s", test.one, test.other, got)
		}
	}
}

// A contact needs a name or both addresses.
func TestContactOf(t *testing.T) {
	for _, test := range []struct {
		contact domain.Contact
		want    string
	}{
		{domain.Contact{JID: ada}, ""},
		{domain.Contact{JID: adaID}, ""},
		{domain.Contact{JID: ada, PN: ada}, ""},
		{domain.Contact{JID: ada, PN: ben, LID: adaID}, `{"jid":"` + ada + `","pn":"` + ada + `","lid":"` + adaID +
			`"}`},
		{domain.Contact{JID: adaID, PN: ada}, `{"jid":"` + adaID + `","pn":"` + ada + `","lid":"` + adaID + `"}`},
		{domain.Contact{JID: adaID, PN: team, PushName: "a"}, `{"jid":"` + adaID + `","lid":"` + adaID +
			`","pushName":"a"}`},
		{domain.Contact{JID: ada, LID: ben, SavedName: "a"}, `{"jid":"` + ada + `","pn":"` + ada +
			`","savedName":"a"}`},
		{domain.Contact{JID: "15550100001:7@s.whatsapp.net", BusinessName: "a"}, `{"jid":"` + ada + `","pn":"` + ada +
			`","businessName":"a"}`},
		{domain.Contact{JID: team, PN: ada, LID: adaID, PushName: "a"}, ""},
		{domain.Contact{JID: "nobody", PN: ada, LID: adaID, PushName: "a"}, ""},
	} {
		got := ""
		if known, ok := contactOf(test.contact); ok {
			got = domain.JSON(known)
		}
		if got != test.want {
			t.Errorf("%+v: %s", test.contact, got)
		}
	}
}
