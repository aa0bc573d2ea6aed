package translate

import (
	"errors"
	"fmt"
	"testing"

	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"google.golang.org/protobuf/proto"
)

const (
	ada   = "15550100001@s.whatsapp.net"
	adaID = "20000000000001@lid"
	ben   = "15550100002@s.whatsapp.net"
	team  = "120363000000000001@g.us"
)

// pointing returns a pointer to a value, or nil for zero, which the wire omits.
func pointing[T comparable](value T) *T {
	var none T
	if value == none {
		return nil
	}
	return &value
}

// past returns a message of the history, in Ada's chat unless it names another.
func past(id string, change func(*waWeb.WebMessageInfo)) *waHistorySync.HistorySyncMsg {
	info := &waWeb.WebMessageInfo{Key: &waCommon.MessageKey{RemoteJID: proto.String(ada), ID: proto.String(id)},
		Message: said1(id), MessageTimestamp: proto.Uint64(1_760_000_005)}
	if change != nil {
		change(info)
	}
	return &waHistorySync.HistorySyncMsg{Message: info}
}

// toldBy encodes, decodes and translates a chunk with these chats; it lists messages by their ids.
func toldBy(t *testing.T, kind waHistorySync.HistorySync_HistorySyncType, change func(*waHistorySync.HistorySync), chats ...*waHistorySync.Conversation) (facts string) {
	data := &waHistorySync.HistorySync{SyncType: kind.Enum(), Conversations: chats}
	if change != nil {
		change(data)
	}
	bytes, err := proto.Marshal(data)
	data = &waHistorySync.HistorySync{}
	if err := errors.Join(err, proto.Unmarshal(bytes, data)); err != nil {
		t.Fatal(err)
	}
	for batch := range us.History(data) {
		for i := range batch.Messages {
			facts += "+" + batch.Messages[i].ID
		}
		if batch.Messages == nil {
			facts += factsOf(batch)
		}
	}
	return facts
}

func TestAHistoryTellsWhoHasWhichAddresses(t *testing.T) {
	const pair = `pairs [{"lid":"20000000000001@lid","pn":"15550100001@s.whatsapp.net"}]`
	receipt := func(fromMe bool, to ...string) *waHistorySync.HistorySyncMsg {
		return past("M", func(info *waWeb.WebMessageInfo) {
			info.Key.RemoteJID, info.Key.FromMe = proto.String(adaID), &fromMe
			for _, jid := range to {
				info.UserReceipt = append(info.UserReceipt, &waWeb.UserReceipt{UserJID: proto.String(jid)})
			}
		})
	}
	for name, test := range map[string]struct {
		id, pn, lid string
		messages    []*waHistorySync.HistorySyncMsg
		want        string
	}{
		"a chat by number that names the other":       {ada, "", "20000000000001:3@lid", nil, pair},
		"a chat by identity that names the number":    {adaID, ada, "", nil, pair},
		"a chat that names only what it is":           {ada, ada, "", nil, ""},
		"its own address counts more than its fields": {ada, ben, adaID, nil, pair},
		"two addresses of one kind":                   {ada, "", ben, nil, ""},
		"no address of its own":                       {"nobody", ada, adaID, nil, ""},
		"who got an own message":                      {adaID, "", "", []*waHistorySync.HistorySyncMsg{receipt(true, ada)}, pair},
		"who got it, though the number is told":       {adaID, ben, "", []*waHistorySync.HistorySyncMsg{receipt(true, ada)}, `pairs [{"lid":"20000000000001@lid","pn":"15550100002@s.whatsapp.net"}]`},
		"who got what others wrote":                   {adaID, "", "", []*waHistorySync.HistorySyncMsg{receipt(false, ada)}, ""},
		"nobody got the first, somebody the second":   {adaID, "", "", []*waHistorySync.HistorySyncMsg{receipt(true), receipt(true, ada)}, pair},
		"an identity got it":                          {adaID, "", "", []*waHistorySync.HistorySyncMsg{receipt(true, "20000000000002@lid"), receipt(true, ada)}, pair},
		"in a chat by number":                         {ada, "", "", []*waHistorySync.HistorySyncMsg{receipt(true, ben)}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			conversation := &waHistorySync.Conversation{ID: &test.id, PnJID: pointing(test.pn), LidJID: pointing(test.lid), Messages: test.messages}
			if got := labelled("pairs", pairsOf(&waHistorySync.HistorySync{}, []*waHistorySync.Conversation{conversation})); got != test.want {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestAHistoryTellsNamesWhereItHasThem(t *testing.T) {
	stub := func(kind waWeb.WebMessageInfo_StubType, participant string, texts ...string) []*waHistorySync.HistorySyncMsg {
		return []*waHistorySync.HistorySyncMsg{past("S", func(info *waWeb.WebMessageInfo) {
			info.MessageStubType, info.MessageStubParameters, info.Key.Participant = &kind, texts, pointing(participant)
		})}
	}
	const shop = `contacts [{"jid":"15550100001@s.whatsapp.net","pn":"15550100001@s.whatsapp.net","businessName":"Shop"}]`
	for name, test := range map[string]struct {
		conversation *waHistorySync.Conversation
		want         string
	}{
		"the shown name comes first": {&waHistorySync.Conversation{DisplayName: proto.String("A"), Name: proto.String("B"), Username: proto.String("C")},
			`contacts [{"jid":"15550100001@s.whatsapp.net","pn":"15550100001@s.whatsapp.net","savedName":"A"}]`},
		"then the name": {&waHistorySync.Conversation{Name: proto.String("B"), Username: proto.String("C")},
			`contacts [{"jid":"15550100001@s.whatsapp.net","pn":"15550100001@s.whatsapp.net","savedName":"B"}]`},
		"a user name is the person's own word": {&waHistorySync.Conversation{Username: proto.String("C")},
			`contacts [{"jid":"15550100001@s.whatsapp.net","pn":"15550100001@s.whatsapp.net","pushName":"C"}]`},
		"also where it is repeated as the name": {&waHistorySync.Conversation{Name: proto.String("C"), Username: proto.String("C")},
			`contacts [{"jid":"15550100001@s.whatsapp.net","pn":"15550100001@s.whatsapp.net","pushName":"C"}]`},
		"two addresses are worth knowing without a name": {&waHistorySync.Conversation{AccountLid: proto.String(adaID)},
			`contacts [{"jid":"15550100001@s.whatsapp.net","pn":"15550100001@s.whatsapp.net","lid":"20000000000001@lid"}]`},
		"a number without a name is nobody":  {&waHistorySync.Conversation{PnJID: proto.String(ada)}, ""},
		"what is no identity is left out":    {&waHistorySync.Conversation{LidJID: proto.String(team), Name: proto.String("B")}, `contacts [{"jid":"15550100001@s.whatsapp.net","pn":"15550100001@s.whatsapp.net","savedName":"B"}]`},
		"a group is no person":               {&waHistorySync.Conversation{ID: proto.String(team), Name: proto.String("Crew")}, ""},
		"a shop that says its name":          {&waHistorySync.Conversation{Messages: stub(waWeb.WebMessageInfo_BIZ_PRIVACY_MODE_TO_BSP, "", "Shop", "x")}, shop},
		"another notice about privacy":       {&waHistorySync.Conversation{Messages: stub(waWeb.WebMessageInfo_BIZ_PRIVACY_MODE_TO_FB, "", "Shop")}, shop},
		"of somebody in a group":             {&waHistorySync.Conversation{ID: proto.String(team), Messages: stub(waWeb.WebMessageInfo_BIZ_PRIVACY_MODE_TO_FB, ada, "Shop")}, shop},
		"a notice without a name":            {&waHistorySync.Conversation{Messages: stub(waWeb.WebMessageInfo_BIZ_PRIVACY_MODE_TO_BSP, "")}, ""},
		"another notice with a text":         {&waHistorySync.Conversation{Messages: stub(waWeb.WebMessageInfo_GROUP_CHANGE_SUBJECT, "", "New")}, ""},
		"a notice of a text nobody has seen": {&waHistorySync.Conversation{Messages: stub(waWeb.WebMessageInfo_UNKNOWN, "", "x")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if test.conversation.ID == nil {
				test.conversation.ID = proto.String(ada)
			}
			if got := labelled("contacts", contactsOf(&waHistorySync.HistorySync{}, []*waHistorySync.Conversation{test.conversation})); got != test.want {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestOnlyTheRightKindsOfBlobBringChatsAndNames(t *testing.T) {
	names := func(data *waHistorySync.HistorySync) {
		data.Pushnames = []*waHistorySync.Pushname{{ID: proto.String(ada), Pushname: proto.String("ada")}, {ID: proto.String(team), Pushname: proto.String("x")}}
	}
	chat := &waHistorySync.Conversation{ID: proto.String(ada), Messages: []*waHistorySync.HistorySyncMsg{past("M", nil), {}}}
	const whole = `chats [{"jid":"15550100001@s.whatsapp.net","kind":"direct"}]+M`
	for kind, want := range map[waHistorySync.HistorySync_HistorySyncType]string{
		waHistorySync.HistorySync_INITIAL_BOOTSTRAP: whole, waHistorySync.HistorySync_RECENT: whole, waHistorySync.HistorySync_FULL: whole,
		waHistorySync.HistorySync_ON_DEMAND: whole, waHistorySync.HistorySync_INITIAL_STATUS_V3: "", waHistorySync.HistorySync_NON_BLOCKING_DATA: "",
		waHistorySync.HistorySync_PUSH_NAME: `contacts [{"jid":"15550100001@s.whatsapp.net","pn":"15550100001@s.whatsapp.net","pushName":"ada"}]`,
	} {
		if got := toldBy(t, kind, names, chat); got != want {
			t.Errorf("%s: %s", kind, got)
		}
	}
}

func TestTheMembersOfAGroupAreThoseOfItsListAndThoseWhoLeft(t *testing.T) {
	at := proto.Uint64(1_760_000_001)
	listed := func(jid string, rank waHistorySync.GroupParticipant_Rank) *waHistorySync.GroupParticipant {
		return &waHistorySync.GroupParticipant{UserJID: &jid, Rank: &rank}
	}
	crew := &waHistorySync.Conversation{ID: proto.String(team), ConversationTimestamp: at, Participant: []*waHistorySync.GroupParticipant{
		listed(ada, 2), listed(ben, 1), listed(adaID, 0), listed("nobody", 1), listed("15550100003:2@s.whatsapp.net", 9),
	}}
	direct := &waHistorySync.Conversation{ID: proto.String(ada), Participant: []*waHistorySync.GroupParticipant{listed(ben, 1)}}
	left := func(jid string, seconds uint64) *waHistorySync.PastParticipant {
		return &waHistorySync.PastParticipant{UserJID: &jid, LeaveTS: &seconds}
	}
	past := func(data *waHistorySync.HistorySync) {
		data.PastParticipants = []*waHistorySync.PastParticipants{
			{GroupJID: proto.String(team), PastParticipants: []*waHistorySync.PastParticipant{left("15550100004@s.whatsapp.net", 1_750_000_000), left("15550100005@s.whatsapp.net", 0)}},
			{GroupJID: proto.String(ada), PastParticipants: []*waHistorySync.PastParticipant{left(ben, 1_750_000_000)}},
		}
	}
	want := `chats [{"jid":"120363000000000001@g.us","kind":"group","lastMessageAt":1760000001,"membersAt":1760000001000},{"jid":"15550100001@s.whatsapp.net","kind":"direct"}]members`
	for _, one := range [][2]any{
		{"15550100004@s.whatsapp.net left", 1_750_000_000_000}, {"15550100005@s.whatsapp.net left", 1}, {ada + " superadmin", 1_760_000_001_000},
		{ben + " admin", 1_760_000_001_000}, {adaID + " member", 1_760_000_001_000},
		{"15550100003@s.whatsapp.net member", 1_760_000_001_000}, // a rank of newer phones
	} {
		want += fmt.Sprintf(" %s %d;", one[0], one[1])
	}
	if got := toldBy(t, waHistorySync.HistorySync_FULL, past, crew, direct); got != want {
		t.Errorf("\n  got  %s\n  want %s", got, want)
	}
}

func TestARankThatNobodyKnowsIsThatOfAMember(t *testing.T) {
	for rank, want := range map[waHistorySync.GroupParticipant_Rank]string{-1: "member", 0: "member", 1: "admin", 2: "superadmin", 3: "member", 1 << 30: "member"} {
		if got := roleOf(rank); got != want {
			t.Errorf("%d is %s", rank, got)
		}
	}
}

func TestAnAuthorIsNamedOnceInABatchByTheLatestName(t *testing.T) {
	named := func(jid, name string, fromMe bool) *waWeb.WebMessageInfo {
		return past("M", func(info *waWeb.WebMessageInfo) {
			info.Key.RemoteJID, info.Key.FromMe, info.PushName = &jid, &fromMe, pointing(name)
		}).Message
	}
	batch := us.Messages([]*waWeb.WebMessageInfo{named(ada, "old", false), named(ben, "Ben", false), named(ada, "new", false), named(ada, "me", true),
		named(ada, "", false), named("120363000000000001@g.us", "nobody knows whose", false), {PushName: proto.String("nobody")}})
	want := `contacts [{"jid":"15550100001@s.whatsapp.net","pn":"15550100001@s.whatsapp.net","pushName":"new"},` +
		`{"jid":"15550100002@s.whatsapp.net","pn":"15550100002@s.whatsapp.net","pushName":"Ben"}]`
	if got := labelled("contacts", batch.Contacts); got != want {
		t.Errorf("got %s", got)
	}
}
