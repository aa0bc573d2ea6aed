package spool

import (
	"time"
	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
)

const undecryptableSchema = `
CREATE TABLE IF NOT EXISTS bridge_gaps (
  message_id TEXT NOT NULL,
  chat_jid TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (message_id, chat_jid)
) STRICT, WITHOUT ROWID`

func init() { register(undecryptableSchema) }

// Undecryptable is a message that arrived and could not be decrypted.
type Undecryptable struct {
	ChatJID   string
	MessageID string
}

// NoteUndecryptable stores an undecryptable message.
func (w *Spool) NoteUndecryptable(gap Undecryptable, at time.Time) error {
	return w.transaction(func(s *sqlite.Conn) {
		s.Exec("INSERT INTO bridge_gaps (message_id, chat_jid, at) VALUES (@id, @chat, @at) ON CONFLICT DO NOTHING",
			args{"id": gap.MessageID, "chat": gap.ChatJID, "at": at.Unix()})
	})
}

// ForgetUndecryptable removes all entries of a message that has arrived. It ignores the chat, because the second
// delivery may use another address of it.
func (w *Spool) ForgetUndecryptable(messageID string) error {
	return w.transaction(func(s *sqlite.Conn) {
		s.Exec("DELETE FROM bridge_gaps WHERE message_id = @id", args{"id": messageID})
	})
}

// Undecryptables returns all entries, oldest first.
func (w *Spool) Undecryptables() (gaps []Undecryptable, err error) {
	err = w.read(func(s *sqlite.Conn) {
		s.Each("SELECT chat_jid, message_id FROM bridge_gaps ORDER BY at, message_id", nil, func(scan func(...any)) {
			var one Undecryptable
			scan(&one.ChatJID, &one.MessageID)
			gaps = append(gaps, one)
		})
	})
	return gaps, err
}
