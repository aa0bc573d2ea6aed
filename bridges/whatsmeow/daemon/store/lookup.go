package store

import (
	"encoding/json"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
)

// Poll is a stored poll.
type Poll struct {
	Options []string
	FromMe  bool
	// Sender is the address that the poll arrived from; "" when WhatsApp did not name one.
	Sender string
	// Raw is the WebMessageInfo protobuf; nil when the poll was revoked or stored without it.
	Raw []byte
}

// Poll returns a stored poll of either bridge, or nil when it is not stored.
func (st *Store) Poll(chat, id string) (*Poll, error) {
	st.mutex.Lock()
	defer st.mutex.Unlock()
	s := st.writer
	s.Err = nil
	var text string
	var found Poll
	if !s.One(`SELECT details, from_me, coalesce(sender, ''), raw FROM messages
    WHERE chat_id = @chat AND id = @id AND type = 'poll' AND details IS NOT NULL`,
		sqlite.Args{"chat": s.Alias("chat", chat), "id": id}, &text, &found.FromMe, &found.Sender, &found.Raw) {
		return nil, s.Err
	}
	var details domain.Details
	if err := json.Unmarshal([]byte(text), &details); err != nil || details.Poll == nil {
		return nil, nil // another writer stored details that this program cannot read
	}
	found.Options = details.Poll.Options
	return &found, nil
}

// Has reports whether a message of either bridge is stored.
func (st *Store) Has(chat, id string) (bool, error) {
	st.mutex.Lock()
	defer st.mutex.Unlock()
	s := st.writer
	s.Err = nil
	found := s.Number("SELECT count(*) FROM messages WHERE chat_id = @chat AND id = @id", sqlite.Args{"chat": s.Alias("chat", chat), "id": id})
	return found > 0, s.Err
}
