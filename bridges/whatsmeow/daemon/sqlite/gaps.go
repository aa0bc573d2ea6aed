package sqlite

import "time"

const gapsSchema = `
CREATE TABLE IF NOT EXISTS bridge_gaps (
  message_id TEXT NOT NULL,
  chat_jid TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (message_id, chat_jid)
) STRICT, WITHOUT ROWID`

func init() { register(gapsSchema) }

// Gap is a message that arrived and that nobody could make readable so far.
type Gap struct {
	ChatJID   string
	MessageID string
}

// NoteGap remembers a gap, beyond the end of the program.
func (w *Waiting) NoteGap(gap Gap, at time.Time) error {
	return w.transaction(func(s *session) {
		s.exec("INSERT INTO bridge_gaps (message_id, chat_jid, at) VALUES (@id, @chat, @at) ON CONFLICT DO NOTHING",
			args{"id": gap.MessageID, "chat": gap.ChatJID, "at": at.Unix()})
	})
}

// HealGap forgets the gaps of a message that came after all: whoever sends it again may use another address of the chat.
func (w *Waiting) HealGap(messageID string) error {
	return w.transaction(func(s *session) {
		s.exec("DELETE FROM bridge_gaps WHERE message_id = @id", args{"id": messageID})
	})
}

// Gaps are those that are open.
func (w *Waiting) Gaps() (gaps []Gap, err error) {
	err = w.look(func(s *session) {
		s.each("SELECT chat_jid, message_id FROM bridge_gaps ORDER BY at, message_id", nil, func(scan func(...any)) {
			var one Gap
			scan(&one.ChatJID, &one.MessageID)
			gaps = append(gaps, one)
		})
	})
	return gaps, err
}
