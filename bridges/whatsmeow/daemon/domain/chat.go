package domain

// Chat is what WhatsApp said about a chat; nil and "" mean unknown and never overwrite. Times in seconds since 1970,
// except MembersAt (milliseconds).
type Chat struct {
	JID              string `json:"jid"`
	Kind             Kind   `json:"kind,omitempty"`
	Name             string `json:"name,omitempty"`
	PN               string `json:"pn,omitempty"`
	LID              string `json:"lid,omitempty"`
	ParentJID        string `json:"parentJid,omitempty"`
	UnreadCount      *int64 `json:"unreadCount,omitempty"`
	UnreadAt         *int64 `json:"unreadAt,omitempty"`
	ReadUpto         *int64 `json:"readUpto,omitempty"`
	Archived         *bool  `json:"archived,omitempty"`
	PinnedAt         *int64 `json:"pinnedAt,omitempty"`
	MutedUntil       *int64 `json:"mutedUntil,omitempty"`
	EphemeralSeconds *int64 `json:"ephemeralSeconds,omitempty"`
	LastMessageAt    *int64 `json:"lastMessageAt,omitempty"`
	ClearedAt        *int64 `json:"clearedAt,omitempty"`
	MembersAt        *int64 `json:"membersAt,omitempty"`
}

// Roles of a member.
const (
	RoleMember     = "member"
	RoleAdmin      = "admin"
	RoleSuperAdmin = "superadmin"
	RoleLeft       = "left"
)

// How something was said of a member; "" where that is not known.
const (
	ToldList    = "list"
	ToldAdd     = "add"
	ToldPromote = "promote"
	ToldDemote  = "demote"
	ToldRemove  = "remove"
)

// Member is what somebody is in a group from At (milliseconds since 1970) on; per member the latest word wins.
type Member struct {
	ChatJID string `json:"chatJid"`
	Member  string `json:"member"`
	Role    string `json:"role"`
	At      int64  `json:"at"`
	Told    string `json:"told,omitempty"`
}

// Contact is a person. SavedName is from the phone's address book, PushName what the person calls themselves.
type Contact struct {
	JID          string `json:"jid"`
	PN           string `json:"pn,omitempty"`
	LID          string `json:"lid,omitempty"`
	SavedName    string `json:"savedName,omitempty"`
	PushName     string `json:"pushName,omitempty"`
	BusinessName string `json:"businessName,omitempty"`
}

// LIDPair is two addresses of one person.
type LIDPair struct {
	LID string `json:"lid"`
	PN  string `json:"pn"`
}

// Lanes of a batch: history also keeps the chats' checkpoints.
const (
	Live    = "live"
	History = "history"
)

// Batch is what belongs together: committed as one, or not at all.
type Batch struct {
	Lane string `json:"lane"`
	// Chats are made where they are missing; Settings wait until their chat is there.
	Chats    []Chat    `json:"chats,omitempty"`
	Settings []Chat    `json:"settings,omitempty"`
	Members  []Member  `json:"members,omitempty"`
	Contacts []Contact `json:"contacts,omitempty"`
	LIDPairs []LIDPair `json:"lidPairs,omitempty"`
	Messages []Message `json:"messages,omitempty"`
	Changes  []Change  `json:"changes,omitempty"`

	Deletions []Deletion `json:"deletions,omitempty"`
}

// Empty tells whether there is nothing to write.
func (b *Batch) Empty() bool {
	return len(b.Chats)+len(b.Settings)+len(b.Members)+len(b.Contacts)+len(b.LIDPairs)+len(b.Messages)+len(b.Changes)+
		len(b.Deletions) == 0
}

// Add appends what another batch has.
func (b *Batch) Add(other Batch) {
	b.Chats = append(b.Chats, other.Chats...)
	b.Settings = append(b.Settings, other.Settings...)
	b.Members = append(b.Members, other.Members...)
	b.Contacts = append(b.Contacts, other.Contacts...)
	b.LIDPairs = append(b.LIDPairs, other.LIDPairs...)
	b.Messages = append(b.Messages, other.Messages...)
	b.Changes = append(b.Changes, other.Changes...)
	b.Deletions = append(b.Deletions, other.Deletions...)
}

// Account is the linked account, without device parts; LID may be "".
type Account struct {
	JID string
	LID string
}
