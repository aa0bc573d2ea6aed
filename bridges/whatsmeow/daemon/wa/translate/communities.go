package translate

import (
	"strings"

	binary "go.mau.fi/whatsmeow/binary"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// JoinedCommunity is a community with the groups of it that the account has joined.
type JoinedCommunity struct {
	JID          string   `json:"jid"`
	Name         string   `json:"name,omitempty"`
	JoinedGroups []string `json:"joined_groups"`
}

// SubGroup is a group of a community.
type SubGroup struct {
	JID            string `json:"jid"`
	Name           string `json:"name,omitempty"`
	Joined         bool   `json:"joined"`
	IsAnnouncement bool   `json:"is_announcement"`
}

// CommunityMember is a member of a community's groups. JID is the address that WhatsApp used.
type CommunityMember struct {
	JID     string `json:"jid"`
	PN      string `json:"pn,omitempty"`
	LID     string `json:"lid,omitempty"`
	IsAdmin bool   `json:"is_admin"`
}

// DescribedGroup is a group as WhatsApp describes it; missing texts are "".
type DescribedGroup struct {
	JID            string
	Name           string
	ParentJID      string
	IsCommunity    bool
	IsAnnouncement bool
	people         []participant
}

type participant struct{ jid, pn, lid, role string }

func addressIn(node *binary.Node, name string) string {
	return domain.NormalizeJID(attribute(node, name, ""))
}

// groupAddress returns the address of a group. Some answers omit its server.
func groupAddress(node *binary.Node) string {
	named := firstText(attribute(node, "jid", ""), attribute(node, "id", ""))
	if !strings.Contains(named, "@") {
		named += "@g.us"
	}
	return domain.NormalizeJID(named)
}

func participantsIn(parent *binary.Node) []participant {
	var people []participant
	for _, node := range parent.GetChildrenByTag("participant") {
		one := participant{addressIn(&node, "jid"), addressIn(&node, "phone_number"), addressIn(&node, "lid"), domain.RoleMember}
		if kind := attribute(&node, "type", ""); kind == domain.RoleAdmin || kind == domain.RoleSuperAdmin {
			one.role = kind
		}
		if one.jid != "" {
			people = append(people, one)
		}
	}
	return people
}

// addresses returns the address that WhatsApp used and, if known, the other one.
func (p participant) addresses() []string {
	other := p.lid
	if domain.IsLID(p.jid) {
		other = p.pn
	}
	if other == "" {
		return []string{p.jid}
	}
	return []string{p.jid, other}
}

func groupsIn(list *binary.Node) []DescribedGroup {
	var groups []DescribedGroup
	for _, node := range list.GetChildrenByTag("group") {
		group := DescribedGroup{JID: groupAddress(&node), Name: attribute(&node, "subject", ""), people: participantsIn(&node)}
		if parent, found := node.GetOptionalChildByTag("linked_parent"); found {
			group.ParentJID = addressIn(&parent, "jid")
		}
		_, group.IsCommunity = node.GetOptionalChildByTag("parent")
		_, group.IsAnnouncement = node.GetOptionalChildByTag("default_sub_group")
		if group.JID != "" {
			groups = append(groups, group)
		}
	}
	return groups
}

// GroupOf returns the first group of an answer, and false when there is none.
func GroupOf(answer *binary.Node) (DescribedGroup, bool) {
	if groups := groupsIn(answer); len(groups) > 0 {
		return groups[0], true
	}
	return DescribedGroup{}, false
}

// JoinedGroups returns the groups that the account has joined, and false when the answer has no list.
func JoinedGroups(answer *binary.Node) ([]DescribedGroup, bool) {
	list, found := answer.GetOptionalChildByTag("groups")
	return groupsIn(&list), found
}

// JoinedCommunities returns the communities among the joined groups.
func JoinedCommunities(joined []DescribedGroup) []JoinedCommunity {
	communities := []JoinedCommunity{}
	for _, one := range joined {
		if !one.IsCommunity {
			continue
		}
		community := JoinedCommunity{one.JID, one.Name, []string{}}
		for _, group := range joined {
			if group.ParentJID == one.JID {
				community.JoinedGroups = append(community.JoinedGroups, group.JID)
			}
		}
		communities = append(communities, community)
	}
	return communities
}

// Communities returns the rows of communities and of their groups. A community becomes a chat at once, because it
// never has messages; the settings of a group are held back until its chat exists.
func (c Context) Communities(joined []DescribedGroup) domain.Batch {
	batch := domain.Batch{Lane: domain.Live}
	for _, group := range joined {
		if group.ParentJID != "" {
			batch.Settings = append(batch.Settings, domain.Chat{JID: group.JID, Name: group.Name, ParentJID: group.ParentJID, Kind: kindOf(group)})
		}
		if !group.IsCommunity {
			continue
		}
		chat := domain.Chat{JID: group.JID, Kind: domain.Community, Name: group.Name, ParentJID: group.ParentJID}
		if len(group.people) > 0 {
			chat.MembersAt = &c.Now
		}
		batch.Chats = append(batch.Chats, chat)
		for _, one := range group.people {
			batch.Members = addMember(batch.Members, group.JID, one.jid, one.role, domain.ToldList, c.Now)
			if pair, ok := Pair(one.jid, firstText(one.pn, one.lid)); ok {
				batch.LIDPairs = append(batch.LIDPairs, pair)
			}
		}
	}
	return batch
}

func kindOf(group DescribedGroup) domain.Kind {
	if group.IsCommunity {
		return domain.Community
	}
	return ""
}

// SubGroups returns the groups of a community: its own list, completed by the groups that the account has joined. It
// returns false when the answer has no list.
func SubGroups(answer *binary.Node, community string, joined []DescribedGroup) ([]SubGroup, bool) {
	list, found := answer.GetOptionalChildByTag("sub_groups")
	if !found {
		return nil, false
	}
	mine := map[string]bool{}
	listed := groupsIn(&list)
	for _, group := range joined {
		mine[group.JID] = true
		if group.ParentJID == community {
			listed = append(listed, group)
		}
	}
	groups, places := []SubGroup{}, map[string]int{}
	for _, group := range listed {
		place, again := places[group.JID]
		if !again {
			place = len(groups)
			places[group.JID] = place
			groups = append(groups, SubGroup{JID: group.JID, Joined: mine[group.JID]})
		}
		groups[place].Name = firstText(groups[place].Name, group.Name)
		groups[place].IsAnnouncement = groups[place].IsAnnouncement || group.IsAnnouncement
	}
	return groups, true
}

// CommunityMembers returns the members of all groups of a community; the community itself names its admins. It
// returns false when the answer has no list.
func CommunityMembers(answer *binary.Node, community DescribedGroup) ([]CommunityMember, bool) {
	list, found := answer.GetOptionalChildByTag("linked_groups_participants")
	if !found {
		return nil, false
	}
	admins := map[string]bool{}
	for _, one := range community.people {
		for _, address := range one.addresses() {
			admins[address] = admins[address] || one.role != domain.RoleMember
		}
	}
	members, seen := []CommunityMember{}, map[string]bool{}
	for _, one := range append(participantsIn(&list), community.people...) {
		member, known := CommunityMember{JID: one.jid}, false
		for _, address := range one.addresses() {
			known = known || seen[address]
			member.IsAdmin = member.IsAdmin || admins[address]
			if domain.IsPN(address) {
				member.PN = address
			}
			if domain.IsLID(address) {
				member.LID = address
			}
		}
		if known {
			continue
		}
		for _, address := range one.addresses() {
			seen[address] = true
		}
		members = append(members, member)
	}
	return members, true
}
