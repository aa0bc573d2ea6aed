package operations

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow"
	binary "go.mau.fi/whatsmeow/binary"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// people is a usync answer about these users.
func people(users ...binary.Node) *binary.Node {
	return reply(binary.Node{Tag: "usync", Content: nodes{{Tag: "list", Content: users}}})
}

func refusedIn(code string) *binary.Node {
	refusal := nodes{{Tag: "status", Content: nodes{{Tag: "error", Attrs: binary.Attrs{"code": code}}}}}
	return reply(binary.Node{Tag: "usync", Content: nodes{{Tag: "result", Content: refusal}, {Tag: "list"}}})
}

// questions has each operation with a good answer and the expected output.
var questions = map[string]struct {
	run  func(*fakeAccount) (any, error)
	good *binary.Node
	want string
}{
	"check": {
		func(f *fakeAccount) (any, error) {
			return contactsOf(f).check(context.Background(), numbersInput{[]string{"+15550100001"}})
		},
		people(binary.Node{Tag: "user", Attrs: binary.Attrs{"jid": adaPN}, Content: nodes{
			{Tag: "contact", Attrs: binary.Attrs{"type": "in"}}, {Tag: "lid", Attrs: binary.Attrs{"val": adaLID}}}}),
		`{"numbers":[{"phone":"+15550100001","is_on_whatsapp":true,"jid":"15550100001@s.whatsapp.net","lid":"20000000000002@lid"}]}`,
	},
	"about": {
		func(f *fakeAccount) (any, error) {
			return contactsOf(f).about(context.Background(), personInput{domain.JID(adaPN.String())})
		},
		people(binary.Node{Tag: "user", Content: nodes{{Tag: "status", Attrs: binary.Attrs{"t": "1760000000"}, Content: []byte("Here")}}}),
		`{"visibility":"shown","about":"Here","set_at":"2025-10-09T08:53:20Z"}`,
	},
	"picture": {
		func(f *fakeAccount) (any, error) {
			return contactsOf(f).picture(context.Background(), pictureInput{domain.JID(adaPN.String()), "full"})
		},
		reply(binary.Node{Tag: "picture", Attrs: binary.Attrs{"id": "17", "url": "https://pps.example/17"}}),
		`{"visibility":"shown","id":"17","url":"https://pps.example/17"}`,
	},
	"blocked": {
		func(f *fakeAccount) (any, error) { return contactsOf(f).blocked(context.Background()) },
		reply(binary.Node{Tag: "list", Content: nodes{{Tag: "item", Attrs: binary.Attrs{"jid": adaLID}}, {Tag: "item", Attrs: binary.Attrs{"jid": ownLID.ToNonAD()}}}}),
		`{"blocked":[{"jid":"15550100001@s.whatsapp.net","lid":"20000000000002@lid"},{"jid":"20000000000000@lid","lid":"20000000000000@lid"}]}`,
	},
	"devices": {
		func(f *fakeAccount) (any, error) { return devices{server{f}}.list(context.Background()) },
		people(binary.Node{Tag: "user", Content: nodes{{Tag: "devices", Content: nodes{{Tag: "device-list", Content: nodes{
			{Tag: "device", Attrs: binary.Attrs{"id": "0"}}, {Tag: "device", Attrs: binary.Attrs{"id": "4"}}, {Tag: "device", Attrs: binary.Attrs{"id": "5"}}}}}}}}),
		`{"devices":[{"jid":"15550100000@s.whatsapp.net","device":0,"platform":"android"},{"jid":"15550100000:4@s.whatsapp.net","device":4,"this_bridge":true},{"jid":"15550100000:5@s.whatsapp.net","device":5}]}`,
	},
}

func contactsOf(f *fakeAccount) contacts { return contacts{server{f}, f} }

// answering returns an account whose WhatsApp returns this answer.
func answering(answer *binary.Node, err error) *fakeAccount {
	if err != nil {
		return &fakeAccount{answers: []any{err}, token: []byte("trust")}
	}
	return &fakeAccount{answers: []any{answer}, token: []byte("trust")}
}

func TestContacts_answers(t *testing.T) {
	for name, question := range questions {
		t.Run(name, func(t *testing.T) {
			found, err := question.run(answering(question.good, nil))
			if err != nil || domain.JSON(found) != question.want {
				t.Errorf("got %s, %v", domain.JSON(found), err)
			}
		})
	}
}

func TestContacts_failures(t *testing.T) {
	for name, test := range map[string]struct {
		notReady, err error
		want          domain.Code
	}{
		"too often":     {nil, &whatsmeow.IQError{Code: 429}, domain.RateLimited},
		"refused":       {nil, &whatsmeow.IQError{Code: 500, Text: "private words"}, domain.UpstreamRejected},
		"silence":       {nil, whatsmeow.ErrIQTimedOut, domain.UpstreamUnanswered},
		"lost":          {nil, whatsmeow.ErrIQDisconnected, domain.BridgeUnavailable},
		"not connected": {errNotConnected, nil, domain.BridgeUnavailable},
		"not linked":    {errNotLinked, nil, domain.NotLinked},
	} {
		for kind, question := range questions {
			t.Run(name+"/"+kind, func(t *testing.T) {
				account := answering(nil, test.err)
				account.notReady = test.notReady
				_, err := question.run(account)
				if codeOf(err) != test.want || strings.Contains(err.Error(), "private") {
					t.Errorf("got %v", err)
				}
			})
		}
	}
}

func TestContacts_answer_without_content(t *testing.T) {
	for _, name := range []string{"check", "about", "blocked", "devices"} {
		if _, err := questions[name].run(answering(reply(), nil)); codeOf(err) != domain.UpstreamRejected {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for code, want := range map[string]domain.Code{"429": domain.RateLimited, "500": domain.UpstreamRejected} {
		if _, err := questions["about"].run(answering(refusedIn(code), nil)); codeOf(err) != want {
			t.Errorf("%s: got %v", code, err)
		}
	}
	for _, user := range []binary.Node{{Tag: "user", Content: nodes{{Tag: "status", Attrs: binary.Attrs{"code": "500"}}}}} {
		if _, err := questions["about"].run(answering(people(user), nil)); codeOf(err) != domain.UpstreamRejected {
			t.Errorf("got %v", err)
		}
	}
}

func TestContacts_picture_hidden_or_absent(t *testing.T) {
	for code, want := range map[int]string{401: `{"visibility":"hidden"}`, 404: `{"visibility":"none"}`} {
		found, err := questions["picture"].run(answering(nil, &whatsmeow.IQError{Code: code}))
		if err != nil || domain.JSON(found) != want {
			t.Errorf("%d: got %s, %v", code, domain.JSON(found), err)
		}
	}
}

func TestContacts_trust_token(t *testing.T) {
	for jid, want := range map[string]bool{adaPN.String(): true, adaLID.String(): true, crew.String(): false,
		"15550100000@s.whatsapp.net": false, "20000000000000@lid": false} {
		account := answering(questions["picture"].good, nil)
		if _, err := contactsOf(account).picture(context.Background(), pictureInput{domain.JID(jid), "preview"}); err != nil {
			t.Fatal(err)
		}
		asked := strings.Join(account.asked, "\n")
		if strings.Contains(asked, "tctoken") != want || !strings.Contains(asked, jid) || !strings.Contains(asked, "preview") {
			t.Errorf("%s: asked %s", jid, asked)
		}
	}
}

func TestContacts_invalid_input(t *testing.T) {
	account := answering(nil, errors.New("it was asked"))
	c, ctx := contactsOf(account), context.Background()
	for name, run := range map[string]func() error{
		"no number": func() error { _, err := c.check(ctx, numbersInput{nil}); return err },
		"many numbers": func() error {
			_, err := c.check(ctx, numbersInput{slices.Repeat([]string{"+15550100001"}, 21)})
			return err
		},
		"words": func() error {
			_, err := c.check(ctx, numbersInput{[]string{"+15550100001", "private words"}})
			return err
		},
		"a group": func() error { _, err := c.about(ctx, personInput{domain.JID(crew.String())}); return err },
		"nobody":  func() error { _, err := c.about(ctx, personInput{""}); return err },
		"a channel": func() error {
			_, err := c.picture(ctx, pictureInput{"120363000000000009@newsletter", "full"})
			return err
		},
		"an odd size":    func() error { _, err := c.picture(ctx, pictureInput{domain.JID(adaPN.String()), "huge"}); return err },
		"nobody's image": func() error { _, err := c.picture(ctx, pictureInput{"", "full"}); return err },
	} {
		if err := run(); codeOf(err) != domain.InvalidInput || strings.Contains(err.Error(), "private") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if len(account.asked) != 0 {
		t.Errorf("asked %v", account.asked)
	}
}
