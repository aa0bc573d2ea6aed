package domain

// Chat is what WhatsApp says about a chat. nil and "" mean unknown and never overwrite a known value. Times are in
// seconds since 1970, except MembersAt (milliseconds).
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

// The roles of a member.
const (
	RoleMember     = "member"
	RoleAdmin      = "admin"
	RoleSuperAdmin = "superadmin"
	RoleLeft       = "left"
)

// The events that report a member's role; "" means that the event is unknown.
const (
	ToldList    = "list"
	ToldAdd     = "add"
	ToldPromote = "promote"
	ToldDemote  = "demote"
	ToldRemove  = "remove"
)

// Member is the role of one person in a group from At (milliseconds since 1970) on. The latest report about a member
// wins.
type Member struct {
	ChatJID string `json:"chatJid"`
	Member  string `json:"member"`
	Role    string `json:"role"`
	At      int64  `json:"at"`
	Told    string `json:"told,omitempty"`
}

// Contact is a person. SavedName comes from the phone's address book; the person chose PushName.
type Contact struct {
	JID          string `json:"jid"`
	PN           string `json:"pn,omitempty"`
	LID          string `json:"lid,omitempty"`
	SavedName    string `json:"savedName,omitempty"`
	PushName     string `json:"pushName,omitempty"`
	BusinessName string `json:"businessName,omitempty"`
}

// LIDPair holds the two addresses of one person.
type LIDPair struct {
	LID string `json:"lid"`
	PN  string `json:"pn"`
}

// The lanes of a batch. The history lane also updates the chats' checkpoints.
const (
	Live    = "live"
	History = "history"
)

// Batch holds rows that are committed in one transaction.
type Batch struct {
	Lane string `json:"lane"`
	// Chats are created where they are missing. Settings are held back until their chat exists.
	Chats    []Chat    `json:"chats,omitempty"`
	Settings []Chat    `json:"settings,omitempty"`
	Members  []Member  `json:"members,omitempty"`
	Contacts []Contact `json:"contacts,omitempty"`
	LIDPairs []LIDPair `json:"lidPairs,omitempty"`
	Messages []Message `json:"messages,omitempty"`
	Changes  []Change  `json:"changes,omitempty"`

	Deletions []Deletion `json:"deletions,omitempty"`
}

// Empty reports whether the batch has no rows.
func (b *Batch) Empty() bool {
	return len(b.Chats)+len(b.Settings)+len(b.Members)+len(b.Contacts)+len(b.LIDPairs)+len(b.Messages)+len(b.Changes)+
		len(b.Deletions) == 0
}

// Add appends the rows of another batch.
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

// Account is the linked account. Its addresses have no device part; LID may be "".
type Account struct {
	JID string
	LID string
}
