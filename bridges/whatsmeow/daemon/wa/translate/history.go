package translate

import (
	"iter"

	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/proto/waWeb"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// SliceRows limits the rows of one kind in a batch, which is one transaction that blocks other writers.
const SliceRows = 500

// businessStubs are the stubs that name a business.
var businessStubs = map[waWeb.WebMessageInfo_StubType]bool{
	waWeb.WebMessageInfo_BIZ_PRIVACY_MODE_TO_BSP: true, waWeb.WebMessageInfo_BIZ_PRIVACY_MODE_TO_FB: true,
}

// withConversations are the kinds of chunks whose chats count. Others contain only names, or nothing that we store.
var withConversations = map[waHistorySync.HistorySync_HistorySyncType]bool{
	waHistorySync.HistorySync_INITIAL_BOOTSTRAP: true, waHistorySync.HistorySync_RECENT: true,
	waHistorySync.HistorySync_FULL: true, waHistorySync.HistorySync_ON_DEMAND: true,
}

// History splits a chunk into batches of at most SliceRows rows of one kind, always in the same way: pairs, people,
// chats and members first, then messages. It translates a batch when the caller reaches it.
func (c Context) History(data *waHistorySync.HistorySync) iter.Seq[domain.Batch] {
	return func(yield func(domain.Batch) bool) {
		var conversations []*waHistorySync.Conversation
		if withConversations[data.GetSyncType()] {
			conversations = data.GetConversations()
		}
		facts := []domain.Batch{
			{LIDPairs: pairsOf(data, conversations)}, {Contacts: contactsOf(data, conversations)},
			{Chats: chatsOf(conversations)}, {Members: append(pastMembers(data), membersOf(conversations)...)},
		}
		for _, batch := range facts {
			for _, slice := range slicesOf(batch) {
				if !yield(slice) {
					return
				}
			}
		}
		messages := messagesOf(conversations)
		for from := 0; from < len(messages); from += SliceRows {
			batch := c.Messages(messages[from:min(from+SliceRows, len(messages))])
			batch.Lane = domain.History
			if !yield(batch) {
				return
			}
		}
	}
}

// Messages returns the rows of messages, their changes and their authors.
func (c Context) Messages(infos []*waWeb.WebMessageInfo) domain.Batch {
	var batch domain.Batch
	places := map[string]int{}
	for _, info := range infos {
		message, changes := c.Message(info)
		if message != nil {
			batch.Messages = append(batch.Messages, *message)
		}
		batch.Changes = append(batch.Changes, changes...)
		author, ok := c.authorContact(info)
		if !ok {
			continue
		}
		if place, known := places[author.JID]; known {
			batch.Contacts[place] = author
		} else {
			places[author.JID] = len(batch.Contacts)
			batch.Contacts = append(batch.Contacts, author)
		}
	}
	return batch
}

// slicesOf splits a batch into slices of SliceRows rows.
func slicesOf(batch domain.Batch) []domain.Batch {
	var slices []domain.Batch
	rows := max(len(batch.LIDPairs), len(batch.Contacts), len(batch.Chats), len(batch.Members))
	for from := 0; from < rows; from += SliceRows {
		slices = append(slices, domain.Batch{
			Lane: domain.History, LIDPairs: cut(batch.LIDPairs, from), Contacts: cut(batch.Contacts, from),
			Chats: cut(batch.Chats, from), Members: cut(batch.Members, from),
		})
	}
	return slices
}

func cut[T any](rows []T, from int) []T {
	return rows[min(from, len(rows)):min(from+SliceRows, len(rows))]
}

func messagesOf(conversations []*waHistorySync.Conversation) []*waWeb.WebMessageInfo {
	var messages []*waWeb.WebMessageInfo
	for _, conversation := range conversations {
		for _, one := range conversation.GetMessages() {
			if one.GetMessage() != nil {
				messages = append(messages, one.GetMessage())
			}
		}
	}
	return messages
}

func chatsOf(conversations []*waHistorySync.Conversation) []domain.Chat {
	var chats []domain.Chat
	for _, conversation := range conversations {
		if chat, ok := chatOfConversation(conversation); ok {
			chats = append(chats, chat)
		}
	}
	return chats
}

func pairsOf(data *waHistorySync.HistorySync, conversations []*waHistorySync.Conversation) []domain.LIDPair {
	var pairs []domain.LIDPair
	add := func(pair domain.LIDPair, ok bool) {
		if ok {
			pairs = append(pairs, pair)
		}
	}
	for _, mapping := range data.GetPhoneNumberToLidMappings() {
		add(Pair(mapping.GetLidJID(), mapping.GetPnJID()))
	}
	for _, conversation := range conversations {
		add(pairOf(conversation))
		if domain.IsLID(domain.NormalizeJID(conversation.GetID())) && conversation.GetPnJID() == "" {
			add(Pair(conversation.GetID(), recipientOf(conversation)))
		}
	}
	return pairs
}

// recipientOf returns the phone number in the receipt of an own message, which is the chat's recipient, or "".
func recipientOf(conversation *waHistorySync.Conversation) string {
	for _, one := range conversation.GetMessages() {
		receipts := one.GetMessage().GetUserReceipt()
		if one.GetMessage().GetKey().GetFromMe() && len(receipts) > 0 {
			if jid := domain.NormalizeJID(receipts[0].GetUserJID()); domain.IsPN(jid) {
				return jid
			}
		}
	}
	return ""
}

func contactsOf(data *waHistorySync.HistorySync, conversations []*waHistorySync.Conversation) []domain.Contact {
	var contacts []domain.Contact
	add := func(contact domain.Contact) {
		if known, ok := contactOf(contact); ok {
			contacts = append(contacts, known)
		}
	}
	for _, conversation := range conversations {
		saved, chosen := bookNames(conversation.GetUsername(), conversation.GetDisplayName(), conversation.GetName())
		add(domain.Contact{
			JID: conversation.GetID(), PN: conversation.GetPnJID(),
			LID:       firstText(conversation.GetLidJID(), conversation.GetAccountLid()),
			SavedName: saved, PushName: chosen,
		})
		for _, one := range conversation.GetMessages() {
			info := one.GetMessage()
			if businessStubs[info.GetMessageStubType()] && len(info.GetMessageStubParameters()) > 0 {
				add(domain.Contact{
					JID:          firstText(info.GetKey().GetParticipant(), info.GetKey().GetRemoteJID()),
					BusinessName: info.GetMessageStubParameters()[0],
				})
			}
		}
	}
	if data.GetSyncType() == waHistorySync.HistorySync_PUSH_NAME {
		for _, name := range data.GetPushnames() {
			add(domain.Contact{JID: name.GetID(), PushName: name.GetPushname()})
		}
	}
	return contacts
}

var ranks = []string{domain.RoleMember, domain.RoleAdmin, domain.RoleSuperAdmin}

// roleOf returns the role of a rank. Unknown ranks count as member, because the wire allows any number.
func roleOf(rank waHistorySync.GroupParticipant_Rank) string {
	if rank < 0 || int(rank) >= len(ranks) {
		return domain.RoleMember
	}
	return ranks[rank]
}

func membersOf(conversations []*waHistorySync.Conversation) []domain.Member {
	var members []domain.Member
	for _, conversation := range conversations {
		chat, at := domain.NormalizeJID(conversation.GetID()), listedAt(conversation)
		for _, participant := range conversation.GetParticipant() {
			members = addMember(members, chat, participant.GetUserJID(), roleOf(participant.GetRank()), domain.ToldList, at)
		}
	}
	return members
}

// pastMembers returns the people who have left a group, with the time when they left.
func pastMembers(data *waHistorySync.HistorySync) []domain.Member {
	var members []domain.Member
	for _, group := range data.GetPastParticipants() {
		for _, participant := range group.GetPastParticipants() {
			at := max(seconds(int64(participant.GetLeaveTS()))*1000, 1)
			members = addMember(members, domain.NormalizeJID(group.GetGroupJID()), participant.GetUserJID(), domain.RoleLeft, domain.ToldRemove, at)
		}
	}
	return members
}

func addMember(members []domain.Member, chat, jid, role, told string, at int64) []domain.Member {
	member := domain.NormalizeJID(jid)
	if !domain.IsGroup(chat) || member == "" {
		return members
	}
	return append(members, domain.Member{ChatJID: chat, Member: member, Role: role, At: at, Told: told})
}
