package spool

import (
	"encoding/json"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
)

const factsSchema = `
CREATE TABLE IF NOT EXISTS bridge_facts (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  chat_jid TEXT NOT NULL,
  fact TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS bridge_facts_by_chat ON bridge_facts (chat_jid, seq)`

func init() { register(factsSchema) }

// Fact is a row to write once its chat exists: a chat's settings or a member.
type Fact struct {
	Chat   *domain.Chat   `json:"chat,omitempty"`
	Member *domain.Member `json:"member,omitempty"`
}

// HoldFacts stores facts by the address of their chat.
func (w *Spool) HoldFacts(facts map[string][]Fact) error {
	if len(facts) == 0 {
		return nil
	}
	return w.transaction(func(s *sqlite.Conn) {
		for jid, list := range facts {
			for _, one := range list {
				s.Exec("INSERT INTO bridge_facts (chat_jid, fact) VALUES (@jid, @fact)", args{"jid": jid, "fact": domain.JSON(one)})
			}
		}
	})
}

// FactChats returns the chats that facts are held for.
func (w *Spool) FactChats() ([]string, error) {
	var jids []string
	err := w.read(func(s *sqlite.Conn) {
		s.Each("SELECT DISTINCT chat_jid FROM bridge_facts ORDER BY chat_jid", nil, func(scan func(...any)) {
			var jid string
			scan(&jid)
			jids = append(jids, jid)
		})
	})
	return jids, err
}

// FactsFor returns the facts held for a chat, oldest first, and a function that deletes exactly those.
func (w *Spool) FactsFor(jid string) ([]Fact, func() error, error) {
	var facts []Fact
	var upto int64
	err := w.read(func(s *sqlite.Conn) {
		s.Each("SELECT seq, fact FROM bridge_facts WHERE chat_jid = @jid ORDER BY seq", args{"jid": jid}, func(scan func(...any)) {
			var text string
			var one Fact
			scan(&upto, &text)
			if err := json.Unmarshal([]byte(text), &one); err != nil && s.Err == nil {
				s.Err = err
			}
			facts = append(facts, one)
		})
	})
	forget := func() error {
		return w.transaction(func(s *sqlite.Conn) {
			s.Exec("DELETE FROM bridge_facts WHERE chat_jid = @jid AND seq <= @upto", args{"jid": jid, "upto": upto})
		})
	}
	return facts, forget, err
}
