package store

import (
	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
	"whatsapp-hybrid-mcp/wa-bridge/store/rules"
)

// MessageRef is a message that older ones are asked for from.
type MessageRef struct {
	// ChatJID is the address that the message arrived under, which the phone knows the chat by.
	ChatJID string
	ID      string
	FromMe  bool
	// Timestamp in seconds.
	Timestamp int64
}

// Oldest is the oldest stored message of a chat, which may be named by any of its addresses, and all of those; false
// where there is none. What was deleted on the phone is left out: the phone knows nothing that is older than it.
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

// oldest looks into each chat by itself, which the index answers at once; there are several while rows follow a merge.
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

// WritePage writes rows of a page and, in the same transaction, how the checkpoints of its chats stand. That a chat is
// exhausted is not forgotten because the phone keeps silent later.
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

// The words of checkpoints that pages leave behind (src/domain/states.ts).
const (
	InProgress = "in_progress"
	Exhausted  = "exhausted"
	Unanswered = "unanswered"
)
