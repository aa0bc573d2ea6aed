package translate

import (
	"testing"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"google.golang.org/protobuf/proto"
)

// shownOf returns the visible content of a message: its kind and the fields that are not empty.
func shownOf(info *waWeb.WebMessageInfo) string {
	row, _ := us.Message(info)
	if row == nil {
		return "nothing"
	}
	text := row.Type + " " + row.Content
	for _, one := range []struct {
		name  string
		value *string
	}{{"title", row.Title}, {"file", row.Filename}, {"quotes", row.QuotedID}, {"details", row.Details.JSON()}} {
		if one.value != nil {
			text += " | " + one.name + " " + *one.value
		}
	}
	for name, is := range map[string]bool{" | once": row.ViewOnce, " | forwarded": row.Forwarded} {
		if is {
			text += name
		}
	}
	return text
}

func TestAMessageShowsWhatAPersonWouldSee(t *testing.T) {
	type message = waE2E.Message
	text, number := proto.String, proto.Uint32
	for name, test := range map[string]struct {
		message *message
		want    string
	}{
		"a picture":            {&message{ImageMessage: &waE2E.ImageMessage{Caption: text("c"), Mimetype: text("image/jpeg"), Width: number(2), Height: number(3)}}, `image c | details {"media":{"mime_type":"image/jpeg","width":2,"height":3}}`},
		"a picture, type only": {&message{ImageMessage: &waE2E.ImageMessage{Mimetype: text("image/jpeg")}}, `image  | details {"media":{"mime_type":"image/jpeg"}}`},
		"a picture, size only": {&message{ImageMessage: &waE2E.ImageMessage{FileLength: proto.Uint64(9)}}, `image  | details {"media":{"size":9}}`},
		"a picture, hash only": {&message{ImageMessage: &waE2E.ImageMessage{FileSHA256: []byte{1}}}, `image  | details {"media":{"sha256":"AQ=="}}`},
		"a picture, once":      {&message{ImageMessage: &waE2E.ImageMessage{ViewOnce: proto.Bool(true)}}, "image  | once"},
		"a film":               {&message{VideoMessage: &waE2E.VideoMessage{Caption: text("c"), Seconds: number(7)}}, `video c | details {"media":{"seconds":7}}`},
		"a round film":         {&message{PtvMessage: &waE2E.VideoMessage{Seconds: number(7)}}, `video  | details {"media":{"seconds":7}}`},
		"a voice":              {&message{AudioMessage: &waE2E.AudioMessage{PTT: proto.Bool(true), Seconds: number(7)}}, `voice  | details {"media":{"seconds":7}}`},
		"a sound":              {&message{AudioMessage: &waE2E.AudioMessage{Seconds: number(7)}}, `audio  | details {"media":{"seconds":7}}`},
		"a moving picture":     {&message{VideoMessage: &waE2E.VideoMessage{GifPlayback: proto.Bool(true)}}, "gif "},
		"a sticker":            {&message{StickerMessage: &waE2E.StickerMessage{Width: number(512)}}, `sticker  | details {"media":{"width":512}}`},
		"a paper":              {&message{DocumentMessage: &waE2E.DocumentMessage{FileName: text("a.pdf"), Title: text("A"), PageCount: number(4)}}, `document  | title A | file a.pdf | details {"media":{"pages":4}}`},
		"a paper by title":     {&message{DocumentMessage: &waE2E.DocumentMessage{Title: text("A")}}, "document  | title A | file A"},
		"a place": {&message{LocationMessage: &waE2E.LocationMessage{DegreesLatitude: proto.Float64(1.5), DegreesLongitude: proto.Float64(-2), Name: text("N"), Address: text("S"), Comment: text("c")}},
			`location c | title N, S | details {"location":{"latitude":1.5,"longitude":-2,"name":"N","address":"S"}}`},
		"a person":             {&message{ContactMessage: &waE2E.ContactMessage{DisplayName: text("Ben"), Vcard: text("BEGIN:VCARD\nTEL;waid=15550100002:+1 555 010 0002\nEND:VCARD")}}, `contact  | title Ben | details {"contacts":[{"name":"Ben","phone":"15550100002"}]}`},
		"a person elsewhere":   {&message{ContactMessage: &waE2E.ContactMessage{Vcard: text("BEGIN:VCARD\r\nTEL;type=CELL: +1 555 010 0002 \r\nEND:VCARD")}}, `contact  | details {"contacts":[{"name":"","phone":"+1 555 010 0002"}]}`},
		"a person without one": {&message{ContactMessage: &waE2E.ContactMessage{DisplayName: text("Ben")}}, `contact  | title Ben | details {"contacts":[{"name":"Ben"}]}`},
		"people":               {&message{ContactsArrayMessage: &waE2E.ContactsArrayMessage{Contacts: []*waE2E.ContactMessage{{DisplayName: text("A")}, {}, {DisplayName: text("B")}}}}, `contact  | title A, B | details {"contacts":[{"name":"A"},{"name":""},{"name":"B"}]}`},
		"an invitation":        {&message{GroupInviteMessage: &waE2E.GroupInviteMessage{GroupName: text("Crew"), Caption: text("come")}}, "invite come | title Crew"},
		"an order, no secret":  {&message{OrderMessage: &waE2E.OrderMessage{OrderID: text("O")}}, "order "},
		"an order, no number":  {&message{OrderMessage: &waE2E.OrderMessage{Token: text("T")}}, "order "},
		"an order":             {&message{OrderMessage: &waE2E.OrderMessage{OrderID: text("O"), Token: text("T"), ItemCount: proto.Int32(-1)}}, `order  | details {"order":{"order_id":"O","token":"T"}}`},
		"an appointment":       {&message{EventMessage: &waE2E.EventMessage{Name: text("E"), Description: text("d"), StartTime: proto.Int64(1_760_000_000)}}, `event E | title d | details {"event":{"name":"E","starts_at":1760000000}}`},
		"a page": {&message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: text("see"), MatchedText: text("https://a.example"), Title: text("A")}},
			`text see | title A | details {"link":{"url":"https://a.example","title":"A"}}`},
		"an answer": {&message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: text("yes"), ContextInfo: &waE2E.ContextInfo{StanzaID: text("Q"), Participant: text("15550100002:3@s.whatsapp.net"), QuotedMessage: said1("?")}}},
			`text yes | quotes Q | details {"quoted":{"id":"Q","sender":"15550100002@s.whatsapp.net","type":"text","text":"?"}}`},
		"an answer to something":     {&message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: text("yes"), ContextInfo: &waE2E.ContextInfo{StanzaID: text("Q")}}}, `text yes | quotes Q | details {"quoted":{"id":"Q"}}`},
		"a mention":                  {&message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: text("@x"), ContextInfo: &waE2E.ContextInfo{MentionedJID: []string{"20000000000001:2@lid", "nobody"}}}}, `text @x | details {"mentions":["20000000000001@lid"]}`},
		"passed on":                  {&message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: text("x"), ContextInfo: &waE2E.ContextInfo{IsForwarded: proto.Bool(true)}}}, "text x | forwarded"},
		"passed on often":            {&message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: text("x"), ContextInfo: &waE2E.ContextInfo{ForwardingScore: number(1)}}}, "text x | forwarded"},
		"an envelope, once":          {&message{ViewOnceMessageV2: &waE2E.FutureProofMessage{Message: said1("x")}}, "text x | once"},
		"an envelope that was empty": {&message{ViewOnceMessage: &waE2E.FutureProofMessage{}}, `unsupported  | details {"wire_type":"viewOnceMessage"}`},
		"an empty common envelope":   {&message{EphemeralMessage: &waE2E.FutureProofMessage{}}, `unsupported  | details {"wire_type":"ephemeralMessage"}`},
		"an envelope without":        {&message{EphemeralMessage: &waE2E.FutureProofMessage{Message: &message{}}}, "nothing"},
		"readable beside new":        {&message{PlaceholderMessage: &waE2E.PlaceholderMessage{}, Conversation: text("x")}, "text x"},
		"two that can be read":       {&message{Conversation: text("x"), ImageMessage: &waE2E.ImageMessage{}}, "text x"},
		"the new one alone":          {&message{PlaceholderMessage: &waE2E.PlaceholderMessage{}}, `unsupported  | details {"wire_type":"placeholderMessage"}`},
		"a pin":                      {&message{PinInChatMessage: &waE2E.PinInChatMessage{}}, "nothing"},
		"no content":                 {nil, "nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := shownOf(of(test.message, nil)); got != test.want {
				t.Errorf("\n  got  %s\n  want %s", got, test.want)
			}
		})
	}
}

func TestHostileNestingEndsSomewhere(t *testing.T) {
	nested := func(depth int) *waE2E.Message {
		message := said1("inside")
		for range depth {
			message = &waE2E.Message{EphemeralMessage: &waE2E.FutureProofMessage{Message: message}}
		}
		return message
	}
	for depth, want := range map[int]string{0: "text inside", 1: "text inside", 10: "text inside", 11: `unsupported  | details {"wire_type":"ephemeralMessage"}`, 500: `unsupported  | details {"wire_type":"ephemeralMessage"}`} {
		if got := shownOf(of(nested(depth), nil)); got != want {
			t.Errorf("%d deep: %s", depth, got)
		}
	}
}

func TestAMessageIsHeldToTheTimeAndTheEndThatWereTold(t *testing.T) {
	for name, test := range map[string]struct {
		change          func(*waWeb.WebMessageInfo)
		timestamp, ends int64
	}{
		"its time":                {func(*waWeb.WebMessageInfo) {}, 1_760_000_005, 0},
		"no time":                 {func(info *waWeb.WebMessageInfo) { info.MessageTimestamp = nil }, 1_760_000_000, 0},
		"a time in milliseconds":  {func(info *waWeb.WebMessageInfo) { info.MessageTimestamp = proto.Uint64(1_760_000_007_000) }, 1_760_000_007, 0},
		"a time that cannot be":   {func(info *waWeb.WebMessageInfo) { info.MessageTimestamp = proto.Uint64(1 << 63) }, 1_760_000_000, 0},
		"a day after it was sent": {func(info *waWeb.WebMessageInfo) { info.EphemeralDuration = proto.Uint32(86_400) }, 1_760_000_005, 1_760_086_405},
		"a day after it was read": {func(info *waWeb.WebMessageInfo) {
			info.EphemeralDuration, info.EphemeralStartTimestamp = proto.Uint32(86_400), proto.Uint64(1_760_000_100)
		}, 1_760_000_005, 1_760_086_500},
		"an hour, says the content": {func(info *waWeb.WebMessageInfo) { info.Message = expiring(3600) }, 1_760_000_005, 1_760_003_605},
		"the message counts for more": {func(info *waWeb.WebMessageInfo) {
			info.Message, info.EphemeralDuration = expiring(3600), proto.Uint32(60)
		}, 1_760_000_005, 1_760_000_065},
	} {
		row, _ := us.Message(of(said1("x"), test.change))
		ends := int64(0)
		if row.ExpiresAt != nil {
			ends = *row.ExpiresAt
		}
		if row.Timestamp != test.timestamp || ends != test.ends {
			t.Errorf("%s: %d, until %d", name, row.Timestamp, ends)
		}
	}
}

func expiring(seconds uint32) *waE2E.Message {
	return &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: proto.String("x"), ContextInfo: &waE2E.ContextInfo{Expiration: &seconds}}}
}

func TestWhoWroteWhereIsTakenFromTheKey(t *testing.T) {
	for name, test := range map[string]struct {
		chat, participant, outer string
		fromMe                   bool
		want                     string
	}{
		"the other side":               {ada, "", "", false, ada + " by " + ada},
		"the other side, whoever says": {ada, ben, ben, false, ada + " by " + ada},
		"an own one":                   {ada, "", "", true, ada + " by " + us.Me.JID},
		"a member":                     {team, "15550100002:4@s.whatsapp.net", "", false, team + " by " + ben},
		"a member, said outside":       {team, "", ben, false, team + " by " + ben},
		"the key counts for more":      {team, ben, ada, false, team + " by " + ben},
		"nobody":                       {team, "", "", false, team + " by ?"},
		"an own one in a group":        {team, ben, "", true, team + " by " + us.Me.JID},
		"a list of somebody's":         {"1600000000@broadcast", ben, "", false, ben + " by " + ben},
		"an own list":                  {"1600000000@broadcast", "", "", true, "1600000000@broadcast by " + us.Me.JID},
		"a list of nobody":             {"1600000000@broadcast", "", "", false, ""},
		"a story":                      {"status@broadcast", ben, "", false, ""},
		"no chat":                      {"nobody", ben, "", false, ""},
		"a channel":                    {"120363000000000009@newsletter", "", "", false, "120363000000000009@newsletter by 120363000000000009@newsletter"},
	} {
		row, _ := us.Message(of(said1("x"), func(info *waWeb.WebMessageInfo) {
			info.Key.RemoteJID, info.Key.FromMe, info.Key.Participant, info.Participant = &test.chat, &test.fromMe, pointing(test.participant), pointing(test.outer)
		}))
		got := ""
		if row != nil {
			sender := "?"
			if row.Sender != nil {
				sender = *row.Sender
			}
			got = row.ChatJID + " by " + sender
		}
		if got != test.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
