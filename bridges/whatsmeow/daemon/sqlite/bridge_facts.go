package sqlite

import (
	"encoding/json"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

const factsSchema = `
CREATE TABLE IF NOT EXISTS bridge_facts (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  chat_jid TEXT NOT NULL,
  fact TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS bridge_facts_by_chat ON bridge_facts (chat_jid, seq)`

func init() { register(factsSchema) }

// fact is one thing to write once its chat is there.
type fact struct {
	Chat   *domain.Chat   `json:"chat,omitempty"`
	Member *domain.Member `json:"member,omitempty"`
}

func (w *Waiting) keep(facts map[string][]fact) error {
	if len(facts) == 0 {
		return nil
	}
	return w.transaction(func(s *session) {
		for jid, list := range facts {
			for _, one := range list {
				s.exec("INSERT INTO bridge_facts (chat_jid, fact) VALUES (@jid, @fact)", args{"jid": jid, "fact": domain.JSON(one)})
			}
		}
	})
}

// chats are those that something waits for.
func (w *Waiting) chats() ([]string, error) {
	var jids []string
	err := w.look(func(s *session) {
		s.each("SELECT DISTINCT chat_jid FROM bridge_facts ORDER BY chat_jid", nil, func(scan func(...any)) {
			var jid string
			scan(&jid)
			jids = append(jids, jid)
		})
	})
	return jids, err
}

// of answers what waits for a chat, and a function that forgets just that.
func (w *Waiting) of(jid string) ([]fact, func() error, error) {
	var facts []fact
	var upto int64
	err := w.look(func(s *session) {
		s.each("SELECT seq, fact FROM bridge_facts WHERE chat_jid = @jid ORDER BY seq", args{"jid": jid}, func(scan func(...any)) {
			var text string
			var one fact
			scan(&upto, &text)
			if err := json.Unmarshal([]byte(text), &one); err != nil && s.err == nil {
				s.err = err
			}
			facts = append(facts, one)
		})
	})
	forget := func() error {
		return w.transaction(func(s *session) {
			s.exec("DELETE FROM bridge_facts WHERE chat_jid = @jid AND seq <= @upto", args{"jid": jid, "upto": upto})
		})
	}
	return facts, forget, err
}
