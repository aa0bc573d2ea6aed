package operations

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

func listOf(tag string, content ...binary.Node) *binary.Node {
	return reply(binary.Node{Tag: tag, Content: content})
}

var (
	isParent  = binary.Node{Tag: "parent"}
	inStreet  = binary.Node{Tag: "linked_parent", Attrs: binary.Attrs{"jid": street}}
	leader    = binary.Node{Tag: "participant", Attrs: binary.Attrs{"jid": adaPN, "type": "admin"}}
	community = reply(group(street, "Street", isParent, leader))
	joined    = listOf("groups", group(street, "Street", isParent, leader), group(crew, "Crew", inStreet))
)

// saying returns an account whose WhatsApp returns these answers in order.
func saying(answers ...any) (communities, *fakeAccount) {
	account := &fakeAccount{answers: answers}
	return communities{account, account}, account
}

func TestCommunities_list(t *testing.T) {
	c, account := saying(joined)
	got, err := c.list(context.Background())
	want := `{"communities":[{"jid":"120363000000000009@g.us","name":"Street","joined_groups":["120363000000000001@g.us"]}]}`
	if err != nil || domain.JSON(got) != want {
		t.Errorf("got %s, %v", domain.JSON(got), err)
	}
	if len(account.stored) != 2 {
		t.Errorf("stored %+v", account.stored)
	}
	account.full = true
	if _, err := c.list(context.Background()); codeOf(err) != domain.Internal {
		t.Errorf("what cannot be stored: %v", err)
	}
	c, _ = saying(listOf("groups"))
	if got, err := c.list(context.Background()); err != nil || domain.JSON(got) != `{"communities":[]}` {
		t.Errorf("of an account in no group: %s, %v", domain.JSON(got), err)
	}
}

func TestCommunities_groups_and_members(t *testing.T) {
	other := types.NewJID("120363000000000002", types.GroupServer)
	c, _ := saying(community, listOf("sub_groups", group(other, "Other")), joined,
		community, listOf("linked_groups_participants", binary.Node{Tag: "participant", Attrs: binary.Attrs{"jid": adaPN}}))
	groups, err := c.groups(context.Background(), communityInput{domain.JID(street.String())})
	want := `{"name":"Street","groups":[{"jid":"120363000000000002@g.us","name":"Other","joined":false,"is_announcement":false},` +
		`{"jid":"120363000000000001@g.us","name":"Crew","joined":true,"is_announcement":false}]}`
	if err != nil || domain.JSON(groups) != want {
		t.Errorf("groups: %s, %v", domain.JSON(groups), err)
	}
	members, err := c.members(context.Background(), communityInput{domain.JID(street.String())})
	want = `{"name":"Street","members":[{"jid":"15550100001@s.whatsapp.net","pn":"15550100001@s.whatsapp.net","is_admin":true}]}`
	if err != nil || domain.JSON(members) != want {
		t.Errorf("members: %s, %v", domain.JSON(members), err)
	}
}

func TestCommunities_refused(t *testing.T) {
	refused := func(code int) error { return &whatsmeow.IQError{Code: code, Text: "private words"} }
	for name, test := range map[string]struct {
		jid     string
		answers []any
		want    domain.Code
		words   string
	}{
		"a group of a community": {street.String(), []any{reply(group(crew, "", inStreet))}, domain.InvalidInput, street.String()},
		"a group of none":        {crew.String(), []any{reply(group(crew, "private words"))}, domain.InvalidInput, "no community"},
		"a person":               {adaPN.String(), nil, domain.InvalidInput, "community_jid"},
		"nowhere":                {street.String(), []any{refused(404)}, domain.NotFound, "no community"},
		"left":                   {street.String(), []any{refused(403)}, domain.NotPermitted, "not in that community"},
		"hidden":                 {street.String(), []any{community, refused(401)}, domain.NotPermitted, "list_communities"},
		"refused":                {street.String(), []any{refused(500)}, domain.UpstreamRejected, "500"},
		"too often":              {street.String(), []any{community, refused(429)}, domain.RateLimited, "for now"},
		"no answer":              {street.String(), []any{whatsmeow.ErrIQTimedOut}, domain.UpstreamUnanswered, "did not answer"},
		"another answer":         {street.String(), []any{reply()}, domain.UpstreamRejected, "something else"},
		"no list":                {street.String(), []any{community, reply(), reply()}, domain.UpstreamRejected, "something else"},
	} {
		t.Run(name, func(t *testing.T) {
			_, groups := groupsOf(test.jid, test.answers...)
			_, members := membersOf(test.jid, test.answers...)
			for _, err := range []error{groups, members} {
				if codeOf(err) != test.want || !strings.Contains(err.Error(), test.words) || strings.Contains(err.Error(), "private") {
					t.Errorf("got %v", err)
				}
			}
		})
	}
}

func TestCommunities_list_fails(t *testing.T) {
	for name, answer := range map[string]any{"silence": whatsmeow.ErrIQTimedOut, "another answer": reply()} {
		c, _ := saying(answer)
		if got, err := c.list(context.Background()); err == nil {
			t.Errorf("%s: %s", name, domain.JSON(got))
		}
	}
	unlinked := &fakeAccount{notReady: errNotLinked}
	if _, err := (communities{unlinked, unlinked}).list(context.Background()); codeOf(err) != domain.NotLinked {
		t.Errorf("not linked: %v", err)
	}
	c, _ := saying(community, reply(), errors.New("a defect"))
	if _, err := c.groups(context.Background(), communityInput{domain.JID(street.String())}); err == nil || codeOf(err) != "" {
		t.Errorf("a defect is called something else: %v", err)
	}
}

func groupsOf(jid string, answers ...any) (communityGroupsOutput, error) {
	c, _ := saying(append(answers, errors.New("no answer left"))...)
	return c.groups(context.Background(), communityInput{domain.JID(jid)})
}

func membersOf(jid string, answers ...any) (communityMembersOutput, error) {
	c, _ := saying(append(answers, errors.New("no answer left"))...)
	return c.members(context.Background(), communityInput{domain.JID(jid)})
}
