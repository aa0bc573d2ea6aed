package wa

import (
	"context"
	"errors"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow"
	binary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

var street = types.NewJID("120363000000000009", types.GroupServer)

func group(jid types.JID, name string, more ...binary.Node) binary.Node {
	return binary.Node{Tag: "group", Attrs: binary.Attrs{"id": jid.User, "subject": name}, Content: more}
}

func answerOf(content ...binary.Node) *binary.Node { return &binary.Node{Tag: "iq", Content: content} }

func listOf(tag string, content ...binary.Node) *binary.Node {
	return answerOf(binary.Node{Tag: tag, Content: content})
}

var (
	isParent  = binary.Node{Tag: "parent"}
	inStreet  = binary.Node{Tag: "linked_parent", Attrs: binary.Attrs{"jid": street}}
	leader    = binary.Node{Tag: "participant", Attrs: binary.Attrs{"jid": adaPN, "type": "admin"}}
	community = answerOf(group(street, "Street", isParent, leader))
	joined    = listOf("groups", group(street, "Street", isParent, leader), group(crew, "Crew", inStreet))
)

// say is what WhatsApp says to one question after the other.
func say(f *fakeDevice, answers ...any) {
	f.onAsk = func() (*binary.Node, error) {
		next := answers[0]
		answers = answers[1:]
		if err, ok := next.(error); ok {
			return nil, err
		}
		return next.(*binary.Node), nil
	}
}

func readyBed(t *testing.T, answers ...any) *bed {
	t.Helper()
	b := newBed(t, own, func(f *fakeDevice) { say(f, answers...) })
	b.set(domain.Ready, "")
	return b
}

func TestCommunitiesAreListedAndStored(t *testing.T) {
	b := readyBed(t, joined)
	got, err := b.Communities(context.Background())
	want := `{"communities":[{"jid":"120363000000000009@g.us","name":"Street","joined_groups":["120363000000000001@g.us"]}]}`
	if err != nil || domain.JSON(got) != want {
		t.Errorf("got %s, %v", domain.JSON(got), err)
	}
	b.until(t, `written {"duplicates":0,"failed":0,"inserted":0}`)
	b = readyBed(t, listOf("groups"))
	if got, err := b.Communities(context.Background()); err != nil || domain.JSON(got) != `{"communities":[]}` {
		t.Errorf("of an account in no group: %s, %v", domain.JSON(got), err)
	}
}

func TestACommunityTellsItsGroupsAndMembers(t *testing.T) {
	other := types.NewJID("120363000000000002", types.GroupServer)
	b := readyBed(t, community, listOf("sub_groups", group(other, "Other")), joined,
		community, listOf("linked_groups_participants", binary.Node{Tag: "participant", Attrs: binary.Attrs{"jid": adaPN}}))
	groups, err := b.CommunityGroups(context.Background(), street.String())
	want := `{"name":"Street","groups":[{"jid":"120363000000000002@g.us","name":"Other","joined":false,"is_announcement":false},` +
		`{"jid":"120363000000000001@g.us","name":"Crew","joined":true,"is_announcement":false}]}`
	if err != nil || domain.JSON(groups) != want {
		t.Errorf("groups: %s, %v", domain.JSON(groups), err)
	}
	members, err := b.CommunityMembers(context.Background(), street.String())
	want = `{"name":"Street","members":[{"jid":"15550100001@s.whatsapp.net","pn":"15550100001@s.whatsapp.net","is_admin":true}]}`
	if err != nil || domain.JSON(members) != want {
		t.Errorf("members: %s, %v", domain.JSON(members), err)
	}
}

func TestWhatIsNoCommunityOfThisAccountIsRefused(t *testing.T) {
	refused := func(code int) error { return &whatsmeow.IQError{Code: code, Text: "private words"} }
	for name, test := range map[string]struct {
		jid     string
		answers []any
		want    domain.Code
		words   string
	}{
		"a group of a community": {street.String(), []any{answerOf(group(crew, "", inStreet))}, domain.InvalidInput, street.String()},
		"a group of none":        {crew.String(), []any{answerOf(group(crew, "private words"))}, domain.InvalidInput, "no community"},
		"a person":               {adaPN.String(), nil, domain.InvalidInput, "community_jid"},
		"nowhere":                {street.String(), []any{refused(404)}, domain.NotFound, "no community"},
		"left":                   {street.String(), []any{refused(403)}, domain.NotPermitted, "not in that community"},
		"hidden":                 {street.String(), []any{community, refused(401)}, domain.NotPermitted, "list_communities"},
		"refused":                {street.String(), []any{refused(500)}, domain.UpstreamRejected, "500"},
		"too often":              {street.String(), []any{community, refused(429)}, domain.RateLimited, "for now"},
		"no answer":              {street.String(), []any{whatsmeow.ErrIQTimedOut}, domain.UpstreamUnanswered, "did not answer"},
		"another answer":         {street.String(), []any{answerOf()}, domain.UpstreamRejected, "something else"},
		"no list":                {street.String(), []any{community, answerOf(), answerOf()}, domain.UpstreamRejected, "something else"},
	} {
		t.Run(name, func(t *testing.T) {
			_, groups := readyBed(t, test.answers...).CommunityGroups(context.Background(), test.jid)
			_, members := readyBed(t, test.answers...).CommunityMembers(context.Background(), test.jid)
			for _, err := range []error{groups, members} {
				if codeOf(err) != test.want || !strings.Contains(err.Error(), test.words) || strings.Contains(err.Error(), "private") {
					t.Errorf("got %v", err)
				}
			}
		})
	}
}

func TestCommunitiesAreNotNoneWhereNobodyCouldSay(t *testing.T) {
	for name, answer := range map[string]any{"silence": whatsmeow.ErrIQTimedOut, "another answer": answerOf()} {
		if got, err := readyBed(t, answer).Communities(context.Background()); err == nil {
			t.Errorf("%s: %s", name, domain.JSON(got))
		}
	}
	b := newBed(t, types.EmptyJID, nil)
	if _, err := b.Communities(context.Background()); codeOf(err) != domain.NotLinked {
		t.Errorf("not linked: %v", err)
	}
	b = readyBed(t, joined, community, answerOf(), errors.New("a defect"))
	if _, err := b.Communities(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.CommunityGroups(context.Background(), street.String()); codeOf(err) != "" {
		t.Errorf("a defect is called something else: %v", err)
	}
}
