package domain

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Message is one message as messages.db stores it. Addresses are stored as they arrived, without the device part; the
// store resolves which person or chat they name. Timestamp and ExpiresAt are in seconds since 1970 (UTC).
type Message struct {
	ChatJID   string   `json:"chatJid"`
	ID        string   `json:"id"`
	Timestamp int64    `json:"timestamp"`
	Sender    *string  `json:"sender"`
	FromMe    bool     `json:"fromMe"`
	Type      string   `json:"type"`
	Content   string   `json:"content"`
	Filename  *string  `json:"filename"`
	Title     *string  `json:"title"`
	QuotedID  *string  `json:"quotedId"`
	Forwarded bool     `json:"forwarded"`
	ViewOnce  bool     `json:"viewOnce"`
	Starred   bool     `json:"starred"`
	ExpiresAt *int64   `json:"expiresAt"`
	Status    *string  `json:"status"`
	Details   *Details `json:"details"`
	// Raw is the WebMessageInfo protobuf.
	Raw []byte `json:"raw"`
}

// Columns returns the values of all columns that messages.db stores of a delivered message, by name.
func (m *Message) Columns() map[string]any {
	columns := map[string]any{
		"id": m.ID, "timestamp": m.Timestamp, "sender": m.Sender, "from_me": number(m.FromMe), "type": m.Type,
		"content": m.Content, "filename": m.Filename, "title": m.Title, "quoted_id": m.QuotedID,
		"forwarded": number(m.Forwarded), "view_once": number(m.ViewOnce), "starred": number(m.Starred),
		"expires_at": m.ExpiresAt, "status": m.Status, "details": m.Details.JSON(), "raw": nil,
	}
	if m.Raw != nil {
		columns["raw"] = m.Raw
	}
	return columns
}

func number(value bool) int64 {
	if value {
		return 1
	}
	return 0
}

// Details holds the parts of a message that only some types have. It is stored as one JSON column, with the same
// field order and spelling as the Node writer. Sizes are in bytes, times in seconds.
type Details struct {
	Media    *Media        `json:"media,omitempty"`
	Link     *Link         `json:"link,omitempty"`
	Poll     *Poll         `json:"poll,omitempty"`
	Contacts []ContactCard `json:"contacts,omitempty"`
	Location *Location     `json:"location,omitempty"`
	Event    *Event        `json:"event,omitempty"`
	Product  *Product      `json:"product,omitempty"`
	Order    *Order        `json:"order,omitempty"`
	// WireType names, for an unsupported message, the protobuf field that this program cannot read.
	WireType string   `json:"wire_type,omitempty"`
	Quoted   *Quoted  `json:"quoted,omitempty"`
	Mentions []string `json:"mentions,omitempty"`
}

// Media describes the file of a message.
type Media struct {
	MimeType string `json:"mime_type,omitempty"`
	Size     uint64 `json:"size,omitempty"`
	Seconds  uint32 `json:"seconds,omitempty"`
	Width    uint32 `json:"width,omitempty"`
	Height   uint32 `json:"height,omitempty"`
	Pages    uint32 `json:"pages,omitempty"`
	SHA256   []byte `json:"sha256,omitempty"`
}

// Link is the page that a text previews.
type Link struct {
	URL         string `json:"url,omitempty"`
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
}

// Quoted is the message that this one replies to.
type Quoted struct {
	ID     string `json:"id"`
	Sender string `json:"sender,omitempty"`
	Type   string `json:"type,omitempty"`
	Text   string `json:"text,omitempty"`
}

// Poll is a question with its options.
type Poll struct {
	Question   string   `json:"question"`
	Options    []string `json:"options"`
	Selectable uint32   `json:"selectable"`
}

// ContactCard is a shared contact.
type ContactCard struct {
	Name  string `json:"name"`
	Phone string `json:"phone,omitempty"`
}

// Location is a shared place.
type Location struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
	Name      string  `json:"name,omitempty"`
	Address   string  `json:"address,omitempty"`
}

// Event is an appointment in a group.
type Event struct {
	Name     string `json:"name"`
	StartsAt int64  `json:"starts_at,omitempty"`
}

// Product is a product card of a business.
type Product struct {
	ProductID   string `json:"product_id"`
	BusinessJID string `json:"business_jid,omitempty"`
}

// Order is an order placed with a business. WhatsApp shows an order only to callers who have both its id and its
// token.
type Order struct {
	OrderID     string `json:"order_id"`
	Token       string `json:"token"`
	ItemCount   int64  `json:"item_count,omitempty"`
	BusinessJID string `json:"business_jid,omitempty"`
}

// JSON returns the stored form, identical to the bytes of JSON.stringify, or nil for nil.
func (d *Details) JSON() *string {
	if d == nil {
		return nil
	}
	text := JSON(d)
	return &text
}

// JSON encodes a value exactly as JSON.stringify does, without the extra escapes of encoding/json.
func JSON(value any) string {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err) // values are only structs and maps that always encode
	}
	text := strings.TrimSuffix(buffer.String(), "\n")
	for _, separator := range []string{"\u2028", "\u2029"} {
		text = unescape(text, separator)
	}
	return text
}

// unescape reverts an escape that encoding/json always writes, except where its backslash is itself escaped.
func unescape(text, separator string) string {
	escape := `\u2028`
	if separator == "\u2029" {
		escape = `\u2029`
	}
	parts := strings.Split(text, escape)
	for i := range parts[:len(parts)-1] {
		backslashes := len(parts[i]) - len(strings.TrimRight(parts[i], `\`))
		if backslashes%2 == 0 {
			parts[i] += separator
		} else {
			parts[i] += escape
		}
	}
	return strings.Join(parts, "")
}

// The kinds of change.
const (
	Edit     = "edit"
	Revoke   = "revoke"
	Reaction = "reaction"
	Receipt  = "receipt"
	Vote     = "vote"
	Star     = "star"
)

// Change is a later change of a message; it may arrive before its message. The meaning of Value depends on Kind: edit
// = the new text; reaction = the emoji ("" removes it); receipt = the delivery state; vote = a JSON array of option
// names; star = "1" or "0"; revoke = "". At is in milliseconds since 1970.
type Change struct {
	ChatJID   string `json:"chatJid"`
	MessageID string `json:"messageId"`
	Kind      string `json:"kind"`
	Actor     string `json:"actor"`
	At        int64  `json:"at"`
	Value     string `json:"value"`
}

// Deletion is a message that the user deleted for themself on the phone. It may arrive before its message. At is in
// milliseconds since 1970.
type Deletion struct {
	ChatJID   string `json:"chatJid"`
	MessageID string `json:"messageId"`
	At        int64  `json:"at"`
}

// DeliveryStates lists the delivery states in the order in which a message passes through them.
var DeliveryStates = []string{"queued", "server", "delivered", "read", "played", "failed", "unknown"}
