package translate

import (
	"crypto/sha256"
	"regexp"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waLidMigrationSyncPayload"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

var (
	adaPN  = types.NewJID("15550100001", types.DefaultUserServer)
	adaLID = types.NewJID("20000000000001", types.HiddenUserServer)
	self   = types.NewJID("15550100000", types.DefaultUserServer)
	crew   = types.NewJID("120363000000000001", types.GroupServer)
	moment = time.Unix(1_760_000_005, 0)
)

func said1(text string) *waE2E.Message { return &waE2E.Message{Conversation: proto.String(text)} }

// arrived returns a message of Ada in her chat, as whatsmeow delivers it.
func arrived(raw *waE2E.Message, change func(*events.Message)) *events.Message {
	evt := &events.Message{RawMessage: raw, Info: types.MessageInfo{
		MessageSource: types.MessageSource{Chat: adaPN, Sender: adaPN}, ID: "M1", Timestamp: moment, PushName: "Ada",
	}}
	if change != nil {
		change(evt)
	}
	return evt.UnwrapRaw()
}

// emptyField matches a field without a value, so that a new column does not change the expected texts.
var emptyField = regexp.MustCompile(`,"(?:\w+":null|(?:forwarded|viewOnce|starred)":false)`)

// wants compares a translation with JSON. It compares rows without their wire form.
func wants(t *testing.T, batch domain.Batch, want string) {
	t.Helper()
	for i := range batch.Messages {
		batch.Messages[i].Raw = nil
	}
	got := emptyField.ReplaceAllStringFunc(domain.JSON(batch), func(field string) string {
		if field == `,"status":null` {
			return `,"status":-`
		}
		return ""
	})
	if got != want {
		t.Errorf("\n  got  %s\n  want %s", got, want)
	}
}

const adaRow = `{"chatJid":"15550100001@s.whatsapp.net","id":"M1","timestamp":1760000005,` +
	`"sender":"15550100001@s.whatsapp.net","fromMe":false,"type":"text","content":"hello","status":-}`
const adaNamed = `{"jid":"15550100001@s.whatsapp.net","pn":"15550100001@s.whatsapp.net","pushName":"Ada"}`

// A live message has its row, its author and both addresses.
func TestContext_Live(t *testing.T) {
	pair := `"lidPairs":[{"lid":"20000000000001@lid","pn":"15550100001@s.whatsapp.net"}]`
	for name, test := range map[string]struct {
		evt  *events.Message
		want string
	}{
		"by number": {arrived(said1("hello"), nil), `{"lane":"live","contacts":[` + adaNamed + `],"messages":[` +
			adaRow + `]}`},
		"with the other address": {arrived(said1("hello"), func(evt *events.Message) { evt.Info.SenderAlt = adaLID }),
			`{"lane":"live","contacts":[` + adaNamed + `],` + pair + `,"messages":[` + adaRow + `]}`},
		"own, from another device, by hidden identity": {
			arrived(&waE2E.Message{DeviceSentMessage: &waE2E.DeviceSentMessage{Message: said1("mine")}},
				func(evt *events.Message) {
					evt.Info.Chat, evt.Info.Sender, evt.Info.IsFromMe, evt.Info.RecipientAlt = adaLID, self, true,
						adaPN
				}), `{"lane":"live",` + pair + `,"messages":[{"chatJid":"20000000000001@lid","id":"M1",` +
				`"timestamp":1760000005,"sender":"15550100000@s.whatsapp.net","fromMe":true,"type":"text",` +
				`"content":"mine","status":"server"}]}`},
		"in a group, from a device": {arrived(said1("hello"), func(evt *events.Message) {
			evt.Info.Chat, evt.Info.IsGroup, evt.Info.Sender, evt.Info.PushName = crew, true,
				types.JID{User: "20000000000001", Device: 7, Server: types.HiddenUserServer}, ""
		}), `{"lane":"live","messages":[{"chatJid":"120363000000000001@g.us","id":"M1","timestamp":1760000005,` +
			`"sender":"20000000000001@lid","fromMe":false,"type":"text","content":"hello","status":-}]}`},
		"a story": {arrived(said1("hello"), func(evt *events.Message) {
			evt.Info.Chat, evt.Info.IsGroup, evt.Info.PushName = types.StatusBroadcastJID, true, ""
		}), `{"lane":"live"}`},
		"keys only": {arrived(&waE2E.Message{SenderKeyDistributionMessage: &waE2E.SenderKeyDistributionMessage{}},
			func(evt *events.Message) { evt.Info.PushName = "" }), `{"lane":"live"}`},
		"sent again by the phone": {arrived(said1("other"), func(evt *events.Message) {
			evt.SourceWebMsg = &waWeb.WebMessageInfo{
				Key:     &waCommon.MessageKey{RemoteJID: proto.String(adaPN.String()), ID: proto.String("M1")},
				Message: said1("hello"), MessageTimestamp: proto.Uint64(1_760_000_005)}
		}), `{"lane":"live","messages":[` + adaRow + `]}`},
		"a timer": {arrived(&waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{
			Type: waE2E.ProtocolMessage_EPHEMERAL_SETTING.Enum(), EphemeralExpiration: proto.Uint32(86400)}},
			func(evt *events.Message) { evt.Info.PushName = "" }),
			`{"lane":"live","settings":[{"jid":"15550100001@s.whatsapp.net","ephemeralSeconds":86400}]}`},
	} {
		t.Run(name, func(t *testing.T) { wants(t, us.Live(test.evt), test.want) })
	}
}

// An edited channel post keeps its id and time.
func TestContext_Live_newsletter_edit(t *testing.T) {
	evt := arrived(said1("better"), func(evt *events.Message) {
		evt.Info.Chat, evt.Info.Sender, evt.Info.PushName = types.NewJID("120363000000000009",
			types.NewsletterServer), types.NewJID("120363000000000009", types.NewsletterServer), ""
		evt.NewsletterMeta = &events.NewsletterMessageMeta{EditTS: moment.Add(time.Minute),
			OriginalTS: moment.Add(-time.Minute)}
	})
	wants(t, us.Live(evt), `{"lane":"live","messages":[{"chatJid":"120363000000000009@newsletter","id":"M1",`+
		`"timestamp":1759999945,"sender":"120363000000000009@newsletter","fromMe":false,"type":"text",`+
		`"content":"better","status":-}],`+
		`"changes":[{"chatJid":"120363000000000009@newsletter","messageId":"M1","kind":"edit",`+
		`"actor":"120363000000000009@newsletter","at":1760000065000,"value":"better"}]}`)
}

// Only own devices may send LID mappings.
func TestContext_Live_migrated_pairs(t *testing.T) {
	payload,
		err := proto.Marshal(&waLidMigrationSyncPayload.LIDMigrationMappingSyncPayload{
		PnToLidMappings: []*waLidMigrationSyncPayload.LIDMigrationMapping{
			{Pn: proto.Uint64(15550100001), AssignedLid: proto.Uint64(5), LatestLid: proto.Uint64(20000000000001)},
			{Pn: proto.Uint64(15550100002), AssignedLid: proto.Uint64(20000000000002)},
		}})
	if err != nil {
		t.Fatal(err)
	}
	told := func(fromMe bool, payload []byte) domain.Batch {
		message := &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{
			LidMigrationMappingSyncMessage: &waE2E.LIDMigrationMappingSyncMessage{EncodedMappingPayload: payload}}}
		return us.Live(arrived(message, func(evt *events.Message) {
			evt.Info.IsFromMe, evt.Info.PushName = fromMe, ""
		}))
	}
	wants(t, told(true, payload), `{"lane":"live","lidPairs":[{"lid":"20000000000001@lid",`+
		`"pn":"15550100001@s.whatsapp.net"},{"lid":"20000000000002@lid","pn":"15550100002@s.whatsapp.net"}]}`)
	wants(t, told(false, payload), `{"lane":"live"}`)
	wants(t, told(true, []byte{0xff, 0xff}), `{"lane":"live"}`)
}

// The secret of a poll sent from the phone is stored.
func TestContext_Live_poll_secret(t *testing.T) {
	secret := &waE2E.MessageContextInfo{MessageSecret: []byte("0123456789abcdef0123456789abcdef")}
	raw := &waE2E.Message{MessageContextInfo: secret,
		DeviceSentMessage: &waE2E.DeviceSentMessage{
			Message: &waE2E.Message{PollCreationMessageV3: &waE2E.PollCreationMessage{Name: proto.String("q")}}}}
	batch := us.Live(arrived(raw, func(evt *events.Message) { evt.Info.IsFromMe = true }))
	var info waWeb.WebMessageInfo
	if err := proto.Unmarshal(batch.Messages[0].Raw, &info); err != nil {
		t.Fatal(err)
	}
	if string(info.GetMessage().GetMessageContextInfo().GetMessageSecret()) != string(secret.MessageSecret) {
		t.Error("the secret is gone")
	}
}

// A vote names the chosen options.
func TestContext_Vote(t *testing.T) {
	evt := arrived(&waE2E.Message{PollUpdateMessage: &waE2E.PollUpdateMessage{
		PollCreationMessageKey: &waCommon.MessageKey{ID: proto.String("POLL")},
		SenderTimestampMS:      proto.Int64(1_760_000_009_000),
	}}, nil)
	if chat, id := PollOf(evt); chat != adaPN.String() || id != "POLL" {
		t.Errorf("the poll is %q in %q", id, chat)
	}
	if chat, _ := PollOf(arrived(said1("x"), nil)); chat != "" {
		t.Error("a text is a vote")
	}
	tea := sha256.Sum256([]byte("tea"))
	wants(t, us.Vote(evt, []string{"coffee", "tea"},
		&waE2E.PollVoteMessage{SelectedOptions: [][]byte{tea[:], []byte("?")}}),
		`{"lane":"live","changes":[{"chatJid":"15550100001@s.whatsapp.net","messageId":"POLL","kind":"vote",`+
			`"actor":"15550100001@s.whatsapp.net","at":1760000009000,"value":"[\"tea\"]"}]}`)
	wants(t, us.Vote(arrived(said1("x"), nil), nil, nil), `{"lane":"live"}`)
}

// A channel post counts as edited only when it has an edit time.
func TestContext_Live_newsletter_times(t *testing.T) {
	channel := types.NewJID("120363000000000009", types.NewsletterServer)
	post := func(meta *events.NewsletterMessageMeta) domain.Batch {
		return us.Live(arrived(said1("news"), func(evt *events.Message) {
			evt.Info.Chat, evt.Info.Sender, evt.Info.PushName, evt.NewsletterMeta = channel, channel, "", meta
		}))
	}
	for name, meta := range map[string]*events.NewsletterMessageMeta{"no news of it": nil,
		"never edited": {OriginalTS: moment.Add(-time.Hour)}} {
		if got := post(meta); len(got.Changes) != 0 || got.Messages[0].Timestamp != moment.Unix() {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := post(&events.NewsletterMessageMeta{EditTS: moment.Add(time.Hour)}); len(got.Changes) != 1 ||
		got.Messages[0].Timestamp != moment.Unix() {
		t.Errorf("without the first time: %+v", got)
	}
}

// A message on a broadcast list belongs to the chat with its sender.
func TestContext_Live_broadcast(t *testing.T) {
	list := types.NewJID("1600000000", types.BroadcastServer)
	row := func(fromMe bool) *domain.Message {
		return &us.Live(arrived(said1("x"), func(evt *events.Message) {
			evt.Info.Chat, evt.Info.IsFromMe = list,
				fromMe
		})).Messages[0]
	}
	if theirs := row(false); theirs.ChatJID != ada || *theirs.Sender != ada || theirs.Status != nil {
		t.Errorf("got %+v", theirs)
	}
	if mine := row(true); mine.ChatJID != "1600000000@broadcast" || *mine.Sender != us.Me.JID ||
		*mine.Status != "server" {
		t.Errorf("got %+v", mine)
	}
}

// The secret inside an envelope wins over the one beside it.
func TestContext_Live_envelope_secret(t *testing.T) {
	secret := func(text string) *waE2E.MessageContextInfo {
		return &waE2E.MessageContextInfo{MessageSecret: []byte(text)}
	}
	for name, test := range map[string]struct {
		beside, inside *waE2E.MessageContextInfo
		want           string
	}{
		"beside": {secret("b"), nil, "b"}, "inside": {nil, secret("i"), "i"}, "both": {secret("b"), secret("i"), "i"},
		"neither": {nil, nil, ""},
	} {
		sent := &waE2E.Message{Conversation: proto.String("x"), MessageContextInfo: test.inside}
		raw := &waE2E.Message{MessageContextInfo: test.beside,
			DeviceSentMessage: &waE2E.DeviceSentMessage{Message: sent}}
		got := withoutEnvelope(raw)
		if string(got.GetMessageContextInfo().GetMessageSecret()) != test.want || got.GetConversation() != "x" {
			t.Errorf("%s: %v", name, got)
		}
		if sent.MessageContextInfo != test.inside {
			t.Errorf("%s: what the library handed over was changed", name)
		}
	}
	if plain := said1("x"); withoutEnvelope(plain) != plain {
		t.Error("a message without an envelope is another one")
	}
}

// A vote needs its poll and its author.
func TestContext_Vote_incomplete(t *testing.T) {
	tea := sha256.Sum256([]byte("tea"))
	vote := func(change func(*events.Message), at int64, poll string) domain.Batch {
		update := &waE2E.PollUpdateMessage{PollCreationMessageKey: &waCommon.MessageKey{ID: pointing(poll)},
			SenderTimestampMS: pointing(at)}
		return us.Vote(arrived(&waE2E.Message{PollUpdateMessage: update}, change), []string{"tea"},
			&waE2E.PollVoteMessage{SelectedOptions: [][]byte{tea[:]}})
	}
	wants(t, vote(nil, 0, ""), quiet)
	wants(t, vote(func(evt *events.Message) { evt.Info.Chat = types.StatusBroadcastJID }, 0, "P"), quiet)
	wants(t, vote(func(evt *events.Message) {
		evt.Info.Chat, evt.Info.IsGroup, evt.Info.Sender = crew, true, types.EmptyJID
	}, 0, "P"), quiet)
	wants(t, vote(nil, 0, "P"), `{"lane":"live","changes":[{"chatJid":"`+ada+`","messageId":"P","kind":"vote",`+
		`"actor":"`+ada+`","at":1760000005000,"value":"[\"tea\"]"}]}`)
	wants(t, vote(func(evt *events.Message) { evt.Info.Timestamp = time.Time{} }, 0, "P"),
		`{"lane":"live","changes":[{"chatJid":"`+ada+`","messageId":"P","kind":"vote","actor":"`+
			ada+`","at":1760000000000,"value":"[\"tea\"]"}]}`)
	if got := vote(func(evt *events.Message) { evt.Info.SenderAlt = adaLID }, 0, "P"); len(got.LIDPairs) != 1 {
		t.Errorf("both addresses of who voted are lost: %+v", got)
	}
}

// A timer message changes the settings of its chat.
func TestContext_Live_timer(t *testing.T) {
	timer := func(kind waE2E.ProtocolMessage_Type, chat types.JID) domain.Batch {
		return us.Live(arrived(&waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{Type: &kind,
			EphemeralExpiration: proto.Uint32(0)}}, func(evt *events.Message) {
			evt.Info.Chat, evt.Info.PushName = chat, ""
		}))
	}
	wants(t, timer(waE2E.ProtocolMessage_EPHEMERAL_SETTING, adaPN),
		`{"lane":"live","settings":[{"jid":"`+ada+`","ephemeralSeconds":0}]}`)
	wants(t, timer(waE2E.ProtocolMessage_EPHEMERAL_SETTING, types.EmptyJID), quiet)
	wants(t, timer(waE2E.ProtocolMessage_EPHEMERAL_SYNC_RESPONSE, adaPN), quiet)
}

// An empty LID mapping gives no pairs.
func TestContext_Live_empty_mapping(t *testing.T) {
	empty, err := proto.Marshal(&waLidMigrationSyncPayload.LIDMigrationMappingSyncPayload{})
	if err != nil || migratedPairs(empty) != nil || migratedPairs(nil) != nil {
		t.Errorf("%v, %v", migratedPairs(empty), err)
	}
}
