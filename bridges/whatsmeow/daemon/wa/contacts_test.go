package wa

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow"
	binary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

type nodes = []binary.Node

// reply is an answer with this in it.
func reply(content ...binary.Node) *binary.Node { return &binary.Node{Tag: "iq", Content: content} }

// people are an answer about these.
func people(users ...binary.Node) *binary.Node {
	return reply(binary.Node{Tag: "usync", Content: nodes{{Tag: "list", Content: users}}})
}

func refusedIn(code string) *binary.Node {
	refusal := nodes{{Tag: "status", Content: nodes{{Tag: "error", Attrs: binary.Attrs{"code": code}}}}}
	return reply(binary.Node{Tag: "usync", Content: nodes{{Tag: "result", Content: refusal}, {Tag: "list"}}})
}

// questions are the operations, each with an answer that is good and what is made of it.
var questions = map[string]struct {
	run  func(*bed) (any, error)
	good *binary.Node
	want string
}{
	"check": {
		func(b *bed) (any, error) { return b.CheckContacts(context.Background(), []string{"+15550100001"}) },
		people(binary.Node{Tag: "user", Attrs: binary.Attrs{"jid": adaPN}, Content: nodes{
			{Tag: "contact", Attrs: binary.Attrs{"type": "in"}}, {Tag: "lid", Attrs: binary.Attrs{"val": adaLID}}}}),
		`{"numbers":[{"phone":"+15550100001","is_on_whatsapp":true,"jid":"15550100001@s.whatsapp.net","lid":"20000000000002@lid"}]}`,
	},
	"about": {
		func(b *bed) (any, error) { return b.ContactAbout(context.Background(), adaPN.String()) },
		people(binary.Node{Tag: "user", Content: nodes{{Tag: "status", Attrs: binary.Attrs{"t": "1760000000"}, Content: []byte("Here")}}}),
		`{"visibility":"shown","about":"Here","set_at":"2025-10-09T08:53:20Z"}`,
	},
	"picture": {
		func(b *bed) (any, error) { return b.ContactPicture(context.Background(), adaPN.String(), "full") },
		reply(binary.Node{Tag: "picture", Attrs: binary.Attrs{"id": "17", "url": "https://pps.example/17"}}),
		`{"visibility":"shown","id":"17","url":"https://pps.example/17"}`,
	},
	"blocked": {
		func(b *bed) (any, error) { return b.BlockedContacts(context.Background()) },
		reply(binary.Node{Tag: "list", Content: nodes{{Tag: "item", Attrs: binary.Attrs{"jid": adaLID}}, {Tag: "item", Attrs: binary.Attrs{"jid": ownLID.ToNonAD()}}}}),
		`{"blocked":[{"jid":"15550100001@s.whatsapp.net","lid":"20000000000002@lid"},{"jid":"20000000000000@lid","lid":"20000000000000@lid"}]}`,
	},
	"devices": {
		func(b *bed) (any, error) { return b.LinkedDevices(context.Background()) },
		people(binary.Node{Tag: "user", Content: nodes{{Tag: "devices", Content: nodes{{Tag: "device-list", Content: nodes{
			{Tag: "device", Attrs: binary.Attrs{"id": "0"}}, {Tag: "device", Attrs: binary.Attrs{"id": "4"}}, {Tag: "device", Attrs: binary.Attrs{"id": "5"}}}}}}}}),
		`{"devices":[{"jid":"15550100000@s.whatsapp.net","device":0,"platform":"android"},{"jid":"15550100000:4@s.whatsapp.net","device":4,"this_bridge":true},{"jid":"15550100000:5@s.whatsapp.net","device":5}]}`,
	},
}

// answering is a bed whose WhatsApp says this.
func answering(t *testing.T, linked types.JID, state domain.State, answer *binary.Node, err error) *bed {
	b := newBed(t, linked, func(f *fakeDevice) {
		f.onAsk = func() (*binary.Node, error) { return answer, err }
		f.token = []byte("trust")
	})
	b.set(state, "")
	return b
}

func TestWhatIsAskedAboutPeopleIsAnswered(t *testing.T) {
	for name, question := range questions {
		t.Run(name, func(t *testing.T) {
			found, err := question.run(answering(t, own, domain.Ready, question.good, nil))
			if err != nil || domain.JSON(found) != question.want {
				t.Errorf("got %s, %v", domain.JSON(found), err)
			}
		})
	}
}

func TestAQuestionThatIsNotAnsweredSaysWhy(t *testing.T) {
	for name, test := range map[string]struct {
		linked types.JID
		state  domain.State
		answer *binary.Node
		err    error
		want   domain.Code
	}{
		"too often":     {own, domain.Ready, nil, &whatsmeow.IQError{Code: 429}, domain.RateLimited},
		"refused":       {own, domain.Syncing, nil, &whatsmeow.IQError{Code: 500, Text: "private words"}, domain.UpstreamRejected},
		"silence":       {own, domain.Ready, nil, whatsmeow.ErrIQTimedOut, domain.UpstreamUnanswered},
		"lost":          {own, domain.Ready, nil, whatsmeow.ErrIQDisconnected, domain.BridgeUnavailable},
		"not connected": {own, domain.Connecting, nil, nil, domain.BridgeUnavailable},
		"not linked":    {types.EmptyJID, domain.Unlinked, nil, nil, domain.NotLinked},
	} {
		for kind, question := range questions {
			t.Run(name+"/"+kind, func(t *testing.T) {
				_, err := question.run(answering(t, test.linked, test.state, test.answer, test.err))
				if codeOf(err) != test.want || strings.Contains(err.Error(), "private") {
					t.Errorf("got %v", err)
				}
			})
		}
	}
}

func TestAnAnswerWithoutWhatWasAskedIsNoEmptyOne(t *testing.T) {
	for _, name := range []string{"check", "about", "blocked", "devices"} {
		if _, err := questions[name].run(answering(t, own, domain.Ready, reply(), nil)); codeOf(err) != domain.UpstreamRejected {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for code, want := range map[string]domain.Code{"429": domain.RateLimited, "500": domain.UpstreamRejected} {
		if _, err := questions["about"].run(answering(t, own, domain.Ready, refusedIn(code), nil)); codeOf(err) != want {
			t.Errorf("%s: got %v", code, err)
		}
	}
	for _, user := range []binary.Node{{Tag: "user", Content: nodes{{Tag: "status", Attrs: binary.Attrs{"code": "500"}}}}} {
		if _, err := questions["about"].run(answering(t, own, domain.Ready, people(user), nil)); codeOf(err) != domain.UpstreamRejected {
			t.Errorf("got %v", err)
		}
	}
}

func TestAPictureThatIsHiddenOrAbsentIsAnAnswer(t *testing.T) {
	for code, want := range map[int]string{401: `{"visibility":"hidden"}`, 404: `{"visibility":"none"}`} {
		found, err := questions["picture"].run(answering(t, own, domain.Ready, nil, &whatsmeow.IQError{Code: code}))
		if err != nil || domain.JSON(found) != want {
			t.Errorf("%d: got %s, %v", code, domain.JSON(found), err)
		}
	}
}

func TestOnlyOthersAreAskedAboutWithTheirTrust(t *testing.T) {
	for jid, want := range map[string]bool{adaPN.String(): true, adaLID.String(): true, crew.String(): false,
		"15550100000@s.whatsapp.net": false, "20000000000000@lid": false} {
		b := answering(t, own, domain.Ready, questions["picture"].good, nil)
		if _, err := b.ContactPicture(context.Background(), jid, "preview"); err != nil {
			t.Fatal(err)
		}
		asked := strings.Join(b.fake().said, "\n")
		if strings.Contains(asked, "tctoken") != want || !strings.Contains(asked, jid) || !strings.Contains(asked, "preview") {
			t.Errorf("%s: asked %s", jid, asked)
		}
	}
}

func TestWhatCannotBeAskedIsRefusedBeforehand(t *testing.T) {
	b := answering(t, own, domain.Ready, nil, errors.New("it was asked"))
	ctx := context.Background()
	for name, run := range map[string]func() error{
		"no number":      func() error { _, err := b.CheckContacts(ctx, nil); return err },
		"many numbers":   func() error { _, err := b.CheckContacts(ctx, slices.Repeat([]string{"+15550100001"}, 21)); return err },
		"words":          func() error { _, err := b.CheckContacts(ctx, []string{"+15550100001", "private words"}); return err },
		"a group":        func() error { _, err := b.ContactAbout(ctx, crew.String()); return err },
		"nobody":         func() error { _, err := b.ContactAbout(ctx, ""); return err },
		"a channel":      func() error { _, err := b.ContactPicture(ctx, "120363000000000009@newsletter", "full"); return err },
		"an odd size":    func() error { _, err := b.ContactPicture(ctx, adaPN.String(), "huge"); return err },
		"nobody's image": func() error { _, err := b.ContactPicture(ctx, "", "full"); return err },
	} {
		if err := run(); codeOf(err) != domain.InvalidInput || strings.Contains(err.Error(), "private") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if len(b.fake().said) != 0 {
		t.Errorf("asked %v", b.fake().said)
	}
}
