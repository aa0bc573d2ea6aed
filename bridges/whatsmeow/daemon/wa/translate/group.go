package translate

import (
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// Groups returns the rows of listed groups. The settings of a group are held back until its chat exists. A community
// becomes a chat at once, because it never has messages.
func (c Context) Groups(groups []*types.GroupInfo) []domain.Batch {
	var batches []domain.Batch
	for _, group := range groups {
		chat, members, pairs := c.group(group)
		batch := domain.Batch{Lane: domain.Live, Members: members, LIDPairs: pairs}
		if chat.Kind == domain.Community {
			batch.Chats = []domain.Chat{chat}
		} else {
			batch.Settings = []domain.Chat{chat}
		}
		if chat.JID != "" {
			batches = append(batches, batch)
		}
	}
	return batches
}

// group returns the rows of a group and of its members, with the pairs of addresses that it names.
func (c Context) group(group *types.GroupInfo) (domain.Chat, []domain.Member, []domain.LIDPair) {
	jid := domain.NormalizeJID(group.JID.String())
	chat := domain.Chat{JID: jid, Name: group.Name, EphemeralSeconds: positive(int64(group.DisappearingTimer)),
		ParentJID: domain.NormalizeJID(group.LinkedParentJID.String())}
	if group.IsParent {
		chat.Kind = domain.Community
	}
	if len(group.Participants) > 0 {
		chat.MembersAt = &c.Now
	}
	var members []domain.Member
	var pairs []domain.LIDPair
	for _, participant := range group.Participants {
		role := domain.RoleMember
		switch {
		case participant.IsSuperAdmin:
			role = domain.RoleSuperAdmin
		case participant.IsAdmin:
			role = domain.RoleAdmin
		}
		members = addMember(members, jid, participant.JID.String(), role, domain.ToldList, c.Now)
		if pair, ok := Pair(participant.LID.String(), participant.PhoneNumber.String()); ok {
			pairs = append(pairs, pair)
		}
	}
	return chat, members, pairs
}

// groupChange adds the rows of a change in a group to a batch.
func (c Context) groupChange(evt *events.GroupInfo, batch *domain.Batch) {
	chat := domain.Chat{JID: domain.NormalizeJID(evt.JID.String())}
	if !domain.IsGroup(chat.JID) {
		return
	}
	if evt.Name != nil {
		chat.Name = evt.Name.Name
	}
	if evt.Ephemeral != nil {
		timer := int64(evt.Ephemeral.DisappearingTimer)
		if !evt.Ephemeral.IsEphemeral {
			timer = 0
		}
		chat.EphemeralSeconds = &timer
	}
	if evt.Link != nil && evt.Link.Type == types.GroupLinkChangeTypeParent {
		chat.ParentJID = domain.NormalizeJID(evt.Link.Group.JID.String())
	}
	if chat != (domain.Chat{JID: chat.JID}) {
		batch.Settings = append(batch.Settings, chat)
	}
	at := c.at(evt.Timestamp)
	for _, change := range []struct {
		people     []types.JID
		role, told string
	}{
		{evt.Join, domain.RoleMember, domain.ToldAdd}, {evt.Demote, domain.RoleMember, domain.ToldDemote},
		{evt.Promote, domain.RoleAdmin, domain.ToldPromote}, {evt.Leave, domain.RoleLeft, domain.ToldRemove},
	} {
		for _, person := range change.people {
			batch.Members = addMember(batch.Members, chat.JID, person.String(), change.role, change.told, at)
		}
	}
	if evt.Sender != nil && evt.SenderPN != nil {
		if pair, ok := Pair(evt.Sender.String(), evt.SenderPN.String()); ok {
			batch.LIDPairs = append(batch.LIDPairs, pair)
		}
	}
}
