package translate

import (
	"encoding/json"
	"testing"

	binary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

type communityFixture struct {
	Name    string `json:"name"`
	Answers struct {
		Joined    stanza `json:"joined"`
		Community stanza `json:"community"`
		Groups    stanza `json:"groups"`
		Members   stanza `json:"members"`
	} `json:"answers"`
	Communities []JoinedCommunity `json:"communities"`
	Rows        *domain.Batch     `json:"rows"`
	Community   *struct {
		Parent      *string `json:"parent"`
		IsCommunity bool    `json:"is_community"`
	} `json:"community"`
	Groups  []SubGroup        `json:"groups"`
	Members []CommunityMember `json:"members"`
}

// onTheWire converts the attributes that the library decodes as addresses.
func onTheWire(node binary.Node) *binary.Node {
	for name, value := range node.Attrs {
		if jid, err := types.ParseJID(value.(string)); err == nil && jid.User != "" {
			node.Attrs[name] = jid
		}
	}
	if children, ok := node.Content.([]binary.Node); ok {
		for i, child := range children {
			children[i] = *onTheWire(child)
		}
	}
	return &node
}

func TestACommunityIsReadAsTheNodeProgramReadsIt(t *testing.T) {
	eachFixture(t, "testdata/communities.jsonl", 4, func(fixture communityFixture) {
		t.Run(fixture.Name, func(t *testing.T) {
			compare := func(what string, got, want any) {
				if g, w := domain.JSON(got), domain.JSON(want); g != w {
					t.Errorf("%s\n  got  %s\n  want %s", what, g, w)
				}
			}
			joined, isThere := JoinedGroups(onTheWire(fixture.Answers.Joined.node(t)))
			compare("a list of groups", isThere, fixture.Communities != nil)
			if isThere {
				compare("communities", JoinedCommunities(joined), fixture.Communities)
				rows := Context{Now: us.Now}.Communities(joined)
				rows.Lane = ""
				compare("rows", rows, fixture.Rows)
			}
			community, isThere := GroupOf(onTheWire(fixture.Answers.Community.node(t)))
			compare("a community", isThere, fixture.Community != nil)
			if isThere {
				compare("what it is", community.IsCommunity, fixture.Community.IsCommunity)
				compare("its parent", textOrNull(community.ParentJID), fixture.Community.Parent)
			}
			groups, _ := SubGroups(onTheWire(fixture.Answers.Groups.node(t)), "120363000000000001@g.us", joined)
			compare("groups", groups, fixture.Groups)
			if isThere {
				members, _ := CommunityMembers(onTheWire(fixture.Answers.Members.node(t)), community)
				compare("members", members, fixture.Members)
			}
		})
	})
}

func textOrNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func TestAListedCommunityIsAChatAtOnceAndItsGroupsWait(t *testing.T) {
	street, garden := types.NewJID("120363000000000001", types.GroupServer), types.NewJID("120363000000000002", types.GroupServer)
	batches := us.Groups([]*types.GroupInfo{
		{JID: street, GroupName: types.GroupName{Name: "Street"}, GroupParent: types.GroupParent{IsParent: true}},
		{JID: garden, GroupLinkedParent: types.GroupLinkedParent{LinkedParentJID: street}},
	})
	want := `[{"lane":"live","chats":[{"jid":"120363000000000001@g.us","kind":"community","name":"Street"}]},` +
		`{"lane":"live","settings":[{"jid":"120363000000000002@g.us","parentJid":"120363000000000001@g.us"}]}]`
	if got := domain.JSON(batches); got != want || !json.Valid([]byte(got)) {
		t.Errorf("\n  got  %s\n  want %s", got, want)
	}
}
