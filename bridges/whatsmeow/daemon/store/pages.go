package store

import (
	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
	"whatsapp-hybrid-mcp/wa-bridge/store/rules"
)

// MessageRef is a message before which older ones are requested.
type MessageRef struct {
	// ChatJID is the address under which the message arrived; the phone knows the chat by it.
	ChatJID string
	ID      string
	FromMe  bool
	// Timestamp is in seconds since 1970.
	Timestamp int64
}

// Oldest returns the oldest stored message of a chat, given by any of its addresses, and all addresses of the chat;
// false when no message is stored. It skips deleted messages: the phone cannot continue from those.
func (st *Store) Oldest(chat string) (place MessageRef, addresses []string, found bool, err error) {
	st.mutex.Lock()
	defer st.mutex.Unlock()
	s := st.writer
	s.Err = nil
	id := s.Alias("chat", domain.NormalizeJID(chat))
	place, found = st.oldest(id)
	s.Each("SELECT alias FROM chat_aliases WHERE chat_id = @id ORDER BY alias", sqlite.Args{"id": id}, func(scan func(...any)) {
		var alias string
		scan(&alias)
		addresses = append(addresses, alias)
	})
	return place, addresses, found, s.Err
}

// oldest compares the oldest messages of a chat and of the chats merged into it; the index finds each at once. Rows
// of merged chats move only gradually.
func (st *Store) oldest(chat int64) (oldest MessageRef, found bool) {
	for _, id := range st.writer.IDs("SELECT id FROM chats WHERE id = @id OR merged_into = @id", sqlite.Args{"id": chat}) {
		var one MessageRef
		if st.writer.One(`SELECT m.id, m.from_me, m.timestamp, coalesce(m.wire_chat, c.jid) FROM messages m
      JOIN chats c ON c.id = m.chat_id WHERE m.chat_id = @id AND m.hidden_at IS NULL
      ORDER BY m.timestamp, m.id LIMIT 1`, sqlite.Args{"id": id}, &one.ID, &one.FromMe, &one.Timestamp, &one.ChatJID) &&
			(!found || one.Timestamp < oldest.Timestamp) {
			oldest, found = one, true
		}
	}
	return oldest, found
}

// WritePage writes the rows of a page and the checkpoint status of its chats (by address) in one transaction. An
// exhausted chat stays exhausted when the phone does not answer later.
func (st *Store) WritePage(batch domain.Batch, statuses map[string]string) (rules.Counts, error) {
	return st.write(batch, func(s *rules.Writer) {
		now := st.now().Unix()
		for jid, status := range statuses {
			chat := s.ChatID(jid)
			if place, found := st.oldest(chat); found {
				s.NoteHistory(chat, &domain.Message{ID: place.ID, Timestamp: place.Timestamp}, 0, now)
			}
			s.Exec(`UPDATE checkpoints SET error = NULL, updated_at = @now,
        status = CASE WHEN status = 'exhausted' AND @status = 'unanswered' THEN status ELSE @status END,
        completed_at = CASE WHEN @status = 'exhausted' THEN @now ELSE completed_at END
        WHERE chat_id = @id`, sqlite.Args{"id": chat, "status": status, "now": now})
		}
	})
}

// The status values of checkpoints after a page (src/domain/states.ts).
const (
	InProgress = "in_progress"
	Exhausted  = "exhausted"
	Unanswered = "unanswered"
)
