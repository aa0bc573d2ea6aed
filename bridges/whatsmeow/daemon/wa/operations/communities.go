package operations

import (
	"context"
	"errors"
	nethttp "net/http"

	"go.mau.fi/whatsmeow"
	binary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/http"
	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
	"whatsapp-hybrid-mcp/wa-bridge/wa/translate"
)

// CommunityAccount is the linked account whose communities are queried.
type CommunityAccount interface {
	Linked
	// StoreCommunities stores the joined groups as WhatsApp describes them. It returns false when storing fails.
	StoreCommunities(joined []translate.DescribedGroup) bool
}

type communities struct {
	Linked
	account CommunityAccount
}

// Communities returns the operations on communities. All fail with not_linked, bridge_unavailable,
// upstream_unanswered, upstream_rejected or rate_limited.
func Communities(account CommunityAccount) http.Operations {
	c := communities{account, account}
	return http.Operations{
		"communities.list":    http.DefineBare(c.list),
		"communities.groups":  http.Define(c.groups),
		"communities.members": http.Define(c.members),
	}
}

type communityInput struct {
	JID domain.JID `json:"community_jid"`
}

// communitiesOutput lists the communities that the account has joined.
type communitiesOutput struct {
	Communities []translate.JoinedCommunity `json:"communities"`
}

// communityGroupsOutput lists the groups of one community.
type communityGroupsOutput struct {
	Name   string               `json:"name,omitempty"`
	Groups []translate.SubGroup `json:"groups"`
}

// communityMembersOutput lists the members of one community.
type communityMembersOutput struct {
	Name    string                      `json:"name,omitempty"`
	Members []translate.CommunityMember `json:"members"`
}

// list returns the communities that the account has joined, and stores what WhatsApp says about them.
func (c communities) list(ctx context.Context) (communitiesOutput, error) {
	joined, err := c.joinedGroups(ctx, "participants", "description")
	if err != nil {
		return communitiesOutput{}, err
	}
	if !c.account.StoreCommunities(joined) {
		return communitiesOutput{}, domain.Errorf(domain.Internal, "What WhatsApp tells of communities could not "+
			"be stored.")
	}
	return communitiesOutput{translate.JoinedCommunities(joined)}, nil
}

// groups returns all groups of a community, joined or not. Queries about one community also fail with invalid_input
// when the group is not a community, with not_found, and with not_permitted when the account is not a member.
func (c communities) groups(ctx context.Context, input communityInput) (communityGroupsOutput, error) {
	jid := string(input.JID)
	const what = "groups of the community"
	community, err := c.community(ctx, jid)
	if err != nil {
		return communityGroupsOutput{}, err
	}
	answer, err := c.askGroup(ctx, jid, what, binary.Node{Tag: "sub_groups"})
	if err != nil {
		return communityGroupsOutput{}, err
	}
	joined, err := c.joinedGroups(ctx)
	if err != nil {
		return communityGroupsOutput{}, err
	}
	groups, ok := translate.SubGroups(answer, jid, joined)
	if !ok {
		return communityGroupsOutput{}, otherAnswer(what)
	}
	return communityGroupsOutput{community.Name, groups}, nil
}

// members returns the members of all groups of a community.
func (c communities) members(ctx context.Context, input communityInput) (communityMembersOutput, error) {
	jid := string(input.JID)
	const what = "members of the community"
	community, err := c.community(ctx, jid)
	if err != nil {
		return communityMembersOutput{}, err
	}
	answer, err := c.askGroup(ctx, jid, what, binary.Node{Tag: "linked_groups_participants"})
	if err != nil {
		return communityMembersOutput{}, err
	}
	members, ok := translate.CommunityMembers(answer, community)
	if !ok {
		return communityMembersOutput{}, otherAnswer(what)
	}
	return communityMembersOutput{community.Name, members}, nil
}

// community returns WhatsApp's description of a community that the account is a member of.
func (c communities) community(ctx context.Context, jid string) (translate.DescribedGroup, error) {
	if !domain.IsGroup(jid) {
		return translate.DescribedGroup{}, domain.Errorf(domain.InvalidInput,
			"community_jid must be the address of a community.")
	}
	question := binary.Node{Tag: "query", Attrs: binary.Attrs{"request": "interactive"}}
	answer, err := c.askGroup(ctx, jid, "community", question)
	if err != nil {
		return translate.DescribedGroup{}, err
	}
	community, ok := translate.GroupOf(answer)
	switch {
	case !ok:
		return community, otherAnswer("community")
	case !community.IsCommunity:
		return community, notACommunity(community.ParentJID)
	}
	return community, nil
}

func notACommunity(parent string) error {
	next := "it belongs to no community"
	if parent != "" {
		next = "the community that it belongs to is " + parent
	}
	return domain.Errorf(domain.InvalidInput,
		"This is the address of a group and not of a community: %s. list_communities shows all.", next)
}

func (c communities) joinedGroups(ctx context.Context, details ...string) ([]translate.DescribedGroup, error) {
	question := binary.Node{Tag: "participating"}
	var content []binary.Node
	for _, detail := range details {
		content = append(content, binary.Node{Tag: detail})
	}
	if content != nil {
		question.Content = content
	}
	answer, err := c.askGroup(ctx, types.GroupServerJID.String(), "list of groups", question)
	if err != nil {
		return nil, err
	}
	joined, ok := translate.JoinedGroups(answer)
	if !ok {
		return nil, otherAnswer("list of groups")
	}
	return joined, nil
}

// askGroup sends one query and returns the whole answer: the library's own readers omit which LID belongs to which
// number.
func (c communities) askGroup(ctx context.Context, jid, what string, question binary.Node) (*binary.Node, error) {
	to, err := types.ParseJID(jid)
	if err == nil {
		err = c.AssertReady()
	}
	if err != nil {
		return nil, err
	}
	answer, err := c.Asker().Ask(ctx, whatsmeow.DangerousInfoQuery{
		Namespace: "w:g2", Type: "get", To: to, Content: []binary.Node{question}, Timeout: domain.AnswerTimeout,
	})
	var refusal *whatsmeow.IQError
	if errors.As(err, &refusal) && (refusal.Code == nethttp.StatusForbidden ||
		refusal.Code == nethttp.StatusUnauthorized) {
		return nil, domain.Errorf(domain.NotPermitted,
			"This account is not in that community; list_communities shows those that it is in.")
	}
	return answer, device.QueryError(err, what)
}

func otherAnswer(what string) error {
	return domain.Errorf(domain.UpstreamRejected, "WhatsApp answered something else when asked for the %s.", what)
}
