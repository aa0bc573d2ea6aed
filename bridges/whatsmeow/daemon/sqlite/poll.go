package sqlite

import (
	"encoding/json"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// PollOptions are the options of a stored poll; none when it is not here.
func (st *Store) PollOptions(chat, id string) ([]string, error) {
	st.mutex.Lock()
	defer st.mutex.Unlock()
	s := st.session
	s.err = nil
	var text string
	if !s.one(`SELECT details FROM messages WHERE chat_id = @chat AND id = @id AND type = 'poll' AND details IS NOT NULL`,
		args{"chat": s.alias("chat", chat), "id": id}, &text) {
		return nil, s.err
	}
	var details domain.Details
	if err := json.Unmarshal([]byte(text), &details); err != nil || details.Poll == nil {
		return nil, nil // another writer left something unreadable there
	}
	return details.Poll.Options, nil
}
