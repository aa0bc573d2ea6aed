package wa

import (
	"context"
	"errors"
	"net/http"

	"go.mau.fi/whatsmeow"
	binary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/wa/translate"
)

// CommunitiesOutput are the communities that the account is in.
type CommunitiesOutput struct {
	Communities []translate.JoinedCommunity `json:"communities"`
}

// CommunityGroupsOutput are the groups of one community.
type CommunityGroupsOutput struct {
	Name   string               `json:"name,omitempty"`
	Groups []translate.SubGroup `json:"groups"`
}

// CommunityMembersOutput are the members of one community.
type CommunityMembersOutput struct {
	Name    string                      `json:"name,omitempty"`
	Members []translate.CommunityMember `json:"members"`
}

// Communities are those that the account is in; what is told of them is stored. All questions here fail with not_linked,
// bridge_unavailable, upstream_unanswered, upstream_rejected or rate_limited.
func (b *Bridge) Communities(ctx context.Context) (CommunitiesOutput, error) {
	joined, err := b.joinedGroups(ctx, "participants", "description")
	if err != nil {
		return CommunitiesOutput{}, err
	}
	if !b.receiver.write(b.receiver.context().Communities(joined)) {
		return CommunitiesOutput{}, domain.Errorf(domain.Internal, "What WhatsApp tells of communities could not be stored.")
	}
	return CommunitiesOutput{translate.JoinedCommunities(joined)}, nil
}

// CommunityGroups are the groups of a community, joined or not. Questions about one community also fail with
// invalid_input for a group that is none, with not_found, and with not_permitted where the account is not in it.
func (b *Bridge) CommunityGroups(ctx context.Context, jid string) (CommunityGroupsOutput, error) {
	const what = "groups of the community"
	community, err := b.community(ctx, jid)
	if err != nil {
		return CommunityGroupsOutput{}, err
	}
	answer, err := b.askGroup(ctx, jid, what, binary.Node{Tag: "sub_groups"})
	if err != nil {
		return CommunityGroupsOutput{}, err
	}
	joined, err := b.joinedGroups(ctx)
	if err != nil {
		return CommunityGroupsOutput{}, err
	}
	groups, ok := translate.SubGroups(answer, jid, joined)
	if !ok {
		return CommunityGroupsOutput{}, otherAnswer(what)
	}
	return CommunityGroupsOutput{community.Name, groups}, nil
}

// CommunityMembers are everybody in the groups of a community.
func (b *Bridge) CommunityMembers(ctx context.Context, jid string) (CommunityMembersOutput, error) {
	const what = "members of the community"
	community, err := b.community(ctx, jid)
	if err != nil {
		return CommunityMembersOutput{}, err
	}
	answer, err := b.askGroup(ctx, jid, what, binary.Node{Tag: "linked_groups_participants"})
	if err != nil {
		return CommunityMembersOutput{}, err
	}
	members, ok := translate.CommunityMembers(answer, community)
	if !ok {
		return CommunityMembersOutput{}, otherAnswer(what)
	}
	return CommunityMembersOutput{community.Name, members}, nil
}

// community is what WhatsApp says of one to those who are in it.
func (b *Bridge) community(ctx context.Context, jid string) (translate.DescribedGroup, error) {
	if !domain.IsGroup(jid) {
		return translate.DescribedGroup{}, domain.Errorf(domain.InvalidInput, "community_jid must be the address of a community.")
	}
	question := binary.Node{Tag: "query", Attrs: binary.Attrs{"request": "interactive"}}
	answer, err := b.askGroup(ctx, jid, "community", question)
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

func (b *Bridge) joinedGroups(ctx context.Context, details ...string) ([]translate.DescribedGroup, error) {
	question := binary.Node{Tag: "participating"}
	var content []binary.Node
	for _, detail := range details {
		content = append(content, binary.Node{Tag: detail})
	}
	if content != nil {
		question.Content = content
	}
	answer, err := b.askGroup(ctx, types.GroupServerJID.String(), "list of groups", question)
	if err != nil {
		return nil, err
	}
	joined, ok := translate.JoinedGroups(answer)
	if !ok {
		return nil, otherAnswer("list of groups")
	}
	return joined, nil
}

// askGroup asks and hands the whole answer over: the library's own readers leave out whose number belongs to whom.
func (b *Bridge) askGroup(ctx context.Context, jid, what string, question binary.Node) (*binary.Node, error) {
	to, err := types.ParseJID(jid)
	if err == nil {
		err = b.assertReady()
	}
	if err != nil {
		return nil, err
	}
	answer, err := b.current().Ask(ctx, whatsmeow.DangerousInfoQuery{
		Namespace: "w:g2", Type: "get", To: to, Content: []binary.Node{question}, Timeout: answerTime,
	})
	var refusal *whatsmeow.IQError
	if errors.As(err, &refusal) && (refusal.Code == http.StatusForbidden || refusal.Code == http.StatusUnauthorized) {
		return nil, domain.Errorf(domain.NotPermitted,
			"This account is not in that community; list_communities shows those that it is in.")
	}
	return answer, askFailure(err, what)
}

func otherAnswer(what string) error {
	return domain.Errorf(domain.UpstreamRejected, "WhatsApp answered something else when asked for the %s.", what)
}
