package translate

import (
	"testing"
	"time"

	"go.mau.fi/whatsmeow/proto/waSyncAction"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// Events change what a user sees.
func TestContext_Event(t *testing.T) {
	direct := types.MessageSource{Chat: adaPN, Sender: adaPN}
	fromMe := types.MessageSource{Chat: adaPN, Sender: self, IsFromMe: true}
	inGroup := types.MessageSource{Chat: crew, Sender: adaLID, IsGroup: true, SenderAlt: adaPN}
	ids := []types.MessageID{"A", "B"}
	receipt := func(source types.MessageSource, kind types.ReceiptType) *events.Receipt {
		return &events.Receipt{MessageSource: source, MessageIDs: ids[:1], Timestamp: moment, Type: kind}
	}
	change := func(chat, actor, at, value string) string {
		return `"changes":[{"chatJid":"` + chat + `","messageId":"A","kind":"receipt","actor":"` + actor + `","at":` +
			at + `,"value":"` + value + `"}]`
	}
	const ada, me, team = "15550100001@s.whatsapp.net", "15550100000@s.whatsapp.net", "120363000000000001@g.us"
	setting := func(fields string) string {
		return `{"lane":"live","settings":[{"jid":"` + ada + `",` + fields + `}]}`
	}
	const nothing = `{"lane":"live"}`
	for name, test := range map[string]struct {
		event any
		want  string
	}{
		"delivered": {receipt(direct, types.ReceiptTypeDelivered), `{"lane":"live",` +
			change(ada, ada, "1760000005003", "delivered") + `}`},
		"read": {receipt(direct, types.ReceiptTypeRead), `{"lane":"live",` + change(ada, ada,
			"1760000005004", "read") + `}`},
		"played in a group": {receipt(inGroup, types.ReceiptTypePlayed),
			`{"lane":"live","lidPairs":[{"lid":"20000000000001@lid","pn":"` + ada + `"}],` +
				change(team, "20000000000001@lid", "1760000005005", "played") + `}`},
		"read on the phone": {receipt(fromMe, types.ReceiptTypeRead), `{"lane":"live",` + change(ada, me,
			"1760000005004", "read") + `}`},
		"read on the phone, secret": {receipt(fromMe, types.ReceiptTypeReadSelf), `{"lane":"live",` + change(ada, me,
			"1760000005004", "read") + `}`},
		"delivered to an own device": {receipt(fromMe, types.ReceiptTypeDelivered), nothing},
		"asked for again":            {receipt(direct, types.ReceiptTypeRetry), nothing},
		"a story was seen": {receipt(types.MessageSource{Chat: types.StatusBroadcastJID, Sender: adaPN,
			IsGroup: true}, types.ReceiptTypeRead), nothing},
		"archived": {&events.Archive{JID: adaPN, Timestamp: moment,
			Action: &waSyncAction.ArchiveChatAction{Archived: proto.Bool(true)}}, setting(`"archived":true`)},
		"unarchived": {&events.Archive{JID: adaPN, Timestamp: moment,
			Action: &waSyncAction.ArchiveChatAction{Archived: proto.Bool(false)}}, setting(`"archived":false`)},
		"pinned": {&events.Pin{JID: adaPN, Timestamp: moment,
			Action: &waSyncAction.PinAction{Pinned: proto.Bool(true)}}, setting(`"pinnedAt":1760000005`)},
		"unpinned": {&events.Pin{JID: adaPN, Timestamp: moment, Action: &waSyncAction.PinAction{}},
			setting(`"pinnedAt":0`)},
		"muted": {&events.Mute{JID: adaPN,
			Action: &waSyncAction.MuteAction{Muted: proto.Bool(true),
				MuteEndTimestamp: proto.Int64(1_760_000_100_000)}}, setting(`"mutedUntil":1760000100`)},
		"muted for ever": {&events.Mute{JID: adaPN,
			Action: &waSyncAction.MuteAction{Muted: proto.Bool(true), MuteEndTimestamp: proto.Int64(-1)}},
			setting(`"mutedUntil":253402300799`)},
		"unmuted": {&events.Mute{JID: adaPN,
			Action: &waSyncAction.MuteAction{Muted: proto.Bool(false)}}, setting(`"mutedUntil":0`)},
		"marked read": {&events.MarkChatAsRead{JID: adaPN, Timestamp: moment,
			Action: &waSyncAction.MarkChatAsReadAction{Read: proto.Bool(true)}}, setting(`"readUpto":1760000005`)},
		"marked unread": {&events.MarkChatAsRead{JID: adaPN, Timestamp: moment,
			Action: &waSyncAction.MarkChatAsReadAction{}}, setting(`"unreadCount":1,"unreadAt":1760000005`)},
		"read up to what the phone knew": {&events.MarkChatAsRead{JID: adaPN, Timestamp: moment,
			Action: &waSyncAction.MarkChatAsReadAction{Read: proto.Bool(true),
				MessageRange: &waSyncAction.SyncActionMessageRange{
					LastMessageTimestamp: proto.Int64(1_760_000_001)}}}, setting(`"readUpto":1760000001`)},
		"cleared": {&events.ClearChat{JID: adaPN, Timestamp: moment, Action: &waSyncAction.ClearChatAction{
			MessageRange: &waSyncAction.SyncActionMessageRange{
				LastSystemMessageTimestamp: proto.Int64(1_760_000_002)}}},
			setting(`"readUpto":1760000002,"clearedAt":1760000005`)},
		"deleted as a chat": {&events.DeleteChat{JID: adaPN, Timestamp: moment},
			setting(`"readUpto":1760000005,"clearedAt":1760000005`)},
		"deleted for the owner": {&events.DeleteForMe{ChatJID: adaPN, MessageID: "A", Timestamp: moment},
			`{"lane":"live","deletions":[{"chatJid":"` + ada + `","messageId":"A","at":1760000005000}]}`},
		"deleted for the owner, without a chat": {&events.DeleteForMe{MessageID: "A"}, nothing},
		"archived, without a chat": {&events.Archive{Action: &waSyncAction.ArchiveChatAction{}},
			nothing},
		"starred": {&events.Star{ChatJID: adaPN, MessageID: "A", Timestamp: moment,
			Action: &waSyncAction.StarAction{Starred: proto.Bool(true)}},
			`{"lane":"live","changes":[{"chatJid":"` + ada + `","messageId":"A","kind":"star","actor":"` + me +
				`","at":1760000005000,"value":"1"}]}`},
		"a name": {&events.PushName{JID: adaLID, JIDAlt: adaPN, NewPushName: "Ada"},
			`{"lane":"live","contacts":[{"jid":"20000000000001@lid","lid":"20000000000001@lid","pushName":"Ada"}],` +
				`"lidPairs":[{"lid":"20000000000001@lid","pn":"` + ada + `"}]}`},
		"the own name": {&events.PushName{JID: types.NewJID("20000000000000", types.HiddenUserServer), JIDAlt: self,
			NewPushName: "Me"}, nothing},
		"a shop": {&events.BusinessName{JID: adaPN, NewBusinessName: "Shop"},
			`{"lane":"live","contacts":[{"jid":"` + ada + `","pn":"` + ada + `","businessName":"Shop"}]}`},
		"an entry of the address book": {&events.Contact{JID: adaPN,
			Action: &waSyncAction.ContactAction{FullName: proto.String("Ada L."), FirstName: proto.String("Ada"),
				LidJID: proto.String("20000000000001@lid")}},
			`{"lane":"live","contacts":[{"jid":"` + ada + `","pn":"` + ada +
				`","lid":"20000000000001@lid","savedName":"Ada L."}]}`},
		"a user name, which is no entry of it": {&events.Contact{JID: adaPN,
			Action: &waSyncAction.ContactAction{Username: proto.String("wren")}},
			`{"lane":"live","contacts":[{"jid":"` + ada + `","pn":"` + ada + `","pushName":"wren"}]}`},
		"a newsletter": {&events.NewsletterJoin{NewsletterMetadata: types.NewsletterMetadata{
			ID:         types.NewJID("120363000000000009", types.NewsletterServer),
			ThreadMeta: types.NewsletterThreadMetadata{Name: types.NewsletterText{Text: "News"}}}},
			`{"lane":"live","chats":[{"jid":"120363000000000009@newsletter","name":"News"}]}`},
		"a lost key":       {&events.Disconnected{}, nothing},
		"something new":    {struct{}{}, nothing},
		"an unnamed group": {&events.GroupInfo{JID: crew, Timestamp: moment}, nothing},
	} {
		t.Run(name, func(t *testing.T) { wants(t, us.Event(test.event), test.want) })
	}
}

// A receipt applies to all of its messages.
func TestContext_Event_receipts(t *testing.T) {
	got := us.Event(&events.Receipt{MessageSource: types.MessageSource{Chat: adaPN, Sender: adaPN},
		MessageIDs: []types.MessageID{"A", "B"}, Timestamp: time.Unix(0, 0)})
	if len(got.Changes) != 2 || got.Changes[1].MessageID != "B" || got.Changes[0].At != us.Now {
		t.Errorf("got %+v", got.Changes)
	}
}

// A group has its name, timer, parent and members.
func TestContext_Groups(t *testing.T) {
	alt := types.NewJID("120363000000000002", types.GroupServer)
	info := types.GroupInfo{
		JID: crew, GroupName: types.GroupName{Name: "Crew"},
		GroupLinkedParent: types.GroupLinkedParent{LinkedParentJID: alt},
		Participants: []types.GroupParticipant{
			{JID: adaLID, LID: adaLID, PhoneNumber: adaPN, IsAdmin: true, IsSuperAdmin: true},
			{JID: self, IsAdmin: true}, {JID: types.NewJID("15550100003", types.DefaultUserServer)},
		},
	}
	const facts = `{"jid":"120363000000000001@g.us","name":"Crew","parentJid":"120363000000000002@g.us",` +
		`"membersAt":1760000000000}`
	const rest = `,"members":[{"chatJid":"120363000000000001@g.us","member":"20000000000001@lid",` +
		`"role":"superadmin","at":1760000000000,"told":"list"},` +
		`{"chatJid":"120363000000000001@g.us","member":"15550100000@s.whatsapp.net","role":"admin",` +
		`"at":1760000000000,"told":"list"},` +
		`{"chatJid":"120363000000000001@g.us","member":"15550100003@s.whatsapp.net","role":"member",` +
		`"at":1760000000000,"told":"list"}],` +
		`"lidPairs":[{"lid":"20000000000001@lid","pn":"15550100001@s.whatsapp.net"}]}`
	wants(t, us.Event(&events.JoinedGroup{GroupInfo: info}), `{"lane":"live","chats":[`+facts+`]`+rest)
	listed := us.Groups([]*types.GroupInfo{&info, {}})
	if len(listed) != 1 {
		t.Fatalf("%d groups", len(listed))
	}
	wants(t, listed[0], `{"lane":"live","settings":[`+facts+`]`+rest)
	wants(t,
		us.Event(&events.JoinedGroup{GroupInfo: types.GroupInfo{JID: crew,
			GroupParent: types.GroupParent{IsParent: true}}}),
		`{"lane":"live","chats":[{"jid":"120363000000000001@g.us","kind":"community"}]}`)
}

// A change of a group contains only what changed.
func TestContext_Event_group_change(t *testing.T) {
	member := func(jid, role, told string) string {
		return `{"chatJid":"120363000000000001@g.us","member":"` + jid + `","role":"` + role +
			`","at":1760000005000,"told":"` + told + `"}`
	}
	ben, eve := types.NewJID("15550100002", types.DefaultUserServer),
		types.NewJID("15550100003", types.DefaultUserServer)
	wants(t, us.Event(&events.GroupInfo{JID: crew, Timestamp: moment, Sender: &adaLID, SenderPN: &adaPN,
		Name: &types.GroupName{Name: "New"}, Ephemeral: &types.GroupEphemeral{DisappearingTimer: 60},
		Link: &types.GroupLinkChange{Type: types.GroupLinkChangeTypeParent, Group: types.GroupLinkTarget{JID: crew}},
		Join: []types.JID{self}, Leave: []types.JID{adaLID}, Promote: []types.JID{ben}, Demote: []types.JID{eve}}),
		`{"lane":"live","settings":[{"jid":"120363000000000001@g.us","name":"New",`+
			`"parentJid":"120363000000000001@g.us","ephemeralSeconds":0}],"members":[`+
			member("15550100000@s.whatsapp.net", "member", "add")+`,`+member("15550100003@s.whatsapp.net", "member",
			"demote")+`,`+
			member("15550100002@s.whatsapp.net", "admin", "promote")+`,`+member("20000000000001@lid", "left",
			"remove")+
			`],"lidPairs":[{"lid":"20000000000001@lid","pn":"15550100001@s.whatsapp.net"}]}`)
	wants(t,
		us.Event(&events.GroupInfo{JID: crew, Ephemeral: &types.GroupEphemeral{IsEphemeral: true,
			DisappearingTimer: 60}}),
		`{"lane":"live","settings":[{"jid":"120363000000000001@g.us","ephemeralSeconds":60}]}`)
}

const quiet = `{"lane":"live"}`

// An event without its subject changes nothing.
func TestContext_Event_incomplete(t *testing.T) {
	status, nowhere := types.StatusBroadcastJID, types.EmptyJID
	read := func(source types.MessageSource) *events.Receipt {
		return &events.Receipt{MessageSource: source, MessageIDs: []types.MessageID{"A"}, Timestamp: moment,
			Type: types.ReceiptTypeRead}
	}
	starred := &waSyncAction.StarAction{Starred: proto.Bool(true)}
	for name, event := range map[string]any{
		"a receipt in no chat":                read(types.MessageSource{}),
		"a receipt without author in a group": read(types.MessageSource{Chat: crew, IsGroup: true}),
		"a receipt of a kind of its own": &events.Receipt{MessageSource: types.MessageSource{Chat: adaPN},
			MessageIDs: []types.MessageID{"A"}, Type: "weather"},
		"a receipt of no message": &events.Receipt{MessageSource: types.MessageSource{Chat: adaPN},
			Type: types.ReceiptTypeRead},
		"a story deleted":   &events.DeleteForMe{ChatJID: status, MessageID: "A"},
		"nothing deleted":   &events.DeleteForMe{ChatJID: adaPN},
		"a star in no chat": &events.Star{ChatJID: nowhere, MessageID: "A", Action: starred},
		"a star on nothing": &events.Star{ChatJID: adaPN, Action: starred},
		"stories muted": &events.Mute{JID: status,
			Action: &waSyncAction.MuteAction{Muted: proto.Bool(true)}},
		"stories cleared":           &events.ClearChat{JID: status},
		"the own name, by number":   &events.PushName{JID: self, NewPushName: "Me"},
		"a name of a group":         &events.PushName{JID: crew, NewPushName: "Crew"},
		"a name that is none":       &events.PushName{JID: adaPN},
		"a shop without a name":     &events.BusinessName{JID: adaPN},
		"an entry without a name":   &events.Contact{JID: adaPN, Action: &waSyncAction.ContactAction{}},
		"an entry that was removed": &events.Contact{JID: adaPN},
		"a change of what is no group": &events.GroupInfo{JID: adaPN, Name: &types.GroupName{Name: "x"},
			Join: []types.JID{adaPN}},
		"a linked group, as a community": &events.GroupInfo{JID: crew,
			Link: &types.GroupLinkChange{Type: types.GroupLinkChangeTypeSub,
				Group: types.GroupLinkTarget{JID: crew}}},
		"a link that says nothing":        &events.GroupInfo{JID: crew, Link: &types.GroupLinkChange{}},
		"a person without both addresses": &events.GroupInfo{JID: crew, Sender: &adaLID},
		"a person with one address twice": &events.GroupInfo{JID: crew, Sender: &adaPN, SenderPN: &adaPN},
		"a member without an address":     &events.GroupInfo{JID: crew, Join: []types.JID{nowhere}},
		"another picture":                 &events.Picture{JID: adaPN},
		"typing":                          &events.ChatPresence{},
		"presence":                        &events.Presence{From: adaPN},
		"another security code":           &events.IdentityChange{JID: adaPN},
		"blocked":                         &events.Blocklist{},
		"a call":                          &events.CallOffer{},
		"an end of pairing":               &events.PairSuccess{ID: self},
		"nothing at all":                  nil,
	} {
		t.Run(name, func(t *testing.T) { wants(t, us.Event(event), quiet) })
	}
}

// Device parts and alternative servers mean the same person.
func TestContext_Event_addresses(t *testing.T) {
	device := types.JID{User: "15550100001", Device: 9, Server: types.DefaultUserServer}
	wants(t,
		us.Event(&events.Archive{JID: device, Action: &waSyncAction.ArchiveChatAction{Archived: proto.Bool(true)}}),
		`{"lane":"live","settings":[{"jid":"`+ada+`","archived":true}]}`)
	wants(t, us.Event(&events.Receipt{MessageSource: types.MessageSource{Chat: device, Sender: device},
		MessageIDs: []types.MessageID{"A"}, Type: types.ReceiptTypeDelivered, Timestamp: moment}),
		`{"lane":"live","changes":[{"chatJid":"`+ada+`","messageId":"A","kind":"receipt","actor":"`+
			ada+`","at":1760000005003,"value":"delivered"}]}`)
	wants(t, us.Event(&events.DeleteForMe{ChatJID: device, MessageID: "A"}),
		`{"lane":"live","deletions":[{"chatJid":"`+ada+`","messageId":"A","at":1760000000000}]}`)
	wants(t, us.Event(&events.Star{ChatJID: device, MessageID: "A", Action: &waSyncAction.StarAction{}}),
		`{"lane":"live","changes":[{"chatJid":"`+ada+`","messageId":"A","kind":"star",`+
			`"actor":"15550100000@s.whatsapp.net","at":1760000000000,"value":"0"}]}`)
}

// Actions of own devices count as the account's.
func TestContext_Event_own_device(t *testing.T) {
	receipt := func(kind types.ReceiptType, fromMe bool) []domain.Change {
		return us.Event(&events.Receipt{MessageSource: types.MessageSource{Chat: crew, Sender: adaPN, IsGroup: true,
			IsFromMe: fromMe},
			MessageIDs: []types.MessageID{"A"}, Timestamp: moment, Type: kind}).Changes
	}
	for kind, want := range map[types.ReceiptType][2]string{
		types.ReceiptTypeDelivered: {ada + " delivered", ""}, types.ReceiptTypeRead: {ada + " read",
			us.Me.JID + " read"},
		types.ReceiptTypePlayed:     {ada + " played", us.Me.JID + " played"},
		types.ReceiptTypeReadSelf:   {"", us.Me.JID + " read"},
		types.ReceiptTypePlayedSelf: {"", us.Me.JID + " played"}, types.ReceiptTypeSender: {},
		types.ReceiptTypeRetry:    {},
		types.ReceiptTypeInactive: {}, types.ReceiptTypePeerMsg: {}, types.ReceiptTypeHistorySync: {},
		types.ReceiptTypeServerError: {},
	} {
		for i, fromMe := range []bool{false, true} {
			got := ""
			for _, change := range receipt(kind, fromMe) {
				got += change.Actor + " " + change.Value
			}
			if got != want[i] {
				t.Errorf("%q from me %t: %q", kind, fromMe, got)
			}
		}
	}
}
