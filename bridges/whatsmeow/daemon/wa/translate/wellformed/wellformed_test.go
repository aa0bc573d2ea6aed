package wellformed

import (
	"testing"

	"go.mau.fi/whatsmeow/proto/waE2E"
)

func TestIsValid(t *testing.T) {
	broken, good := "a\xff", "b"
	type row struct {
		Text  string
		Other *string
		List  []struct{ Text string }
		Bytes []byte
	}
	for name, test := range map[string]struct {
		rows any
		want bool
	}{
		"good":             {&row{Text: good, Other: &good, Bytes: []byte(broken)}, true},
		"text":             {&row{Text: broken}, false},
		"optional text":    {&row{Other: &broken}, false},
		"text in a list":   {&row{List: []struct{ Text string }{{good}, {broken}}}, false},
		"second row":       {[]row{{Text: good}, {Text: broken}}, false},
		"no row":           {(*row)(nil), true},
		"no rows":          {[]row(nil), true},
		"nothing":          {nil, true},
		"a list of bytes":  {[][]byte{[]byte(broken)}, true},
		"row behind a row": {struct{ Row any }{&row{Text: broken}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := IsValid(test.rows); got != test.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

func TestRepair(t *testing.T) {
	broken, want := "a\xff", "a\ufffd"
	message := &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{
		Text: &broken,
		ContextInfo: &waE2E.ContextInfo{
			MentionedJID:  []string{broken, "b"},
			QuotedMessage: &waE2E.Message{Conversation: &broken},
		},
	}}
	Repair(message.ProtoReflect())
	text := message.GetExtendedTextMessage()
	for _, got := range []string{text.GetText(), text.GetContextInfo().GetMentionedJID()[0],
		text.GetContextInfo().GetQuotedMessage().GetConversation()} {
		if got != want {
			t.Errorf("got %q", got)
		}
	}
}
