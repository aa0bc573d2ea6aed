package sqlite

import (
	"encoding/json"
	"errors"
	"slices"
	"sync"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// Waiting is what this program keeps for itself in whatsmeow.db, beside the library's tables: settings and members of
// chats that messages.db does not have yet, votes on polls that it does not have, history that was announced and not
// written, and messages that could not be read.
type Waiting struct {
	mutex   sync.Mutex
	session *session
	closing func() error
}

const waitingSchema = `
CREATE TABLE IF NOT EXISTS bridge_facts (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  chat_jid TEXT NOT NULL,
  fact TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS bridge_facts_by_chat ON bridge_facts (chat_jid, seq);
CREATE TABLE IF NOT EXISTS bridge_marks (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID` +
	historySchema + pagesSchema + inboxSchema + votesSchema + gapsSchema

// OpenWaiting opens whatsmeow.db, creating it where missing. A commit survives power loss: what is kept here was
// acknowledged to WhatsApp.
func OpenWaiting(path string) (*Waiting, error) {
	s, closing, err := openSession(path, "FULL")
	if err != nil {
		return nil, Explain(path, err)
	}
	if err := s.patiently(func() error { return s.script(waitingSchema) }); err != nil {
		return nil, Explain(path, errors.Join(err, closing()))
	}
	s.known = int(s.number("PRAGMA user_version", nil)) // the library counts its versions elsewhere
	return &Waiting{session: s, closing: closing}, nil
}

// Close closes the file.
func (w *Waiting) Close() error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.closing()
}

func (w *Waiting) transaction(work func(*session)) error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.session.transaction(func() { work(w.session) })
}

// look reads without the write lock.
func (w *Waiting) look(work func(*session)) error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.session.err = nil
	work(w.session)
	return w.session.err
}

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

// settingsInPlace takes out of a batch what is about chats that are not there and that the batch does not make, and
// keeps it; and it puts into the batch what waited for chats that are there now. The function it answers is called
// once the batch is written.
func (st *Store) settingsInPlace(batch *domain.Batch) (func() error, error) {
	done := func() error { return nil }
	if st.waiting == nil {
		batch.Chats = append(batch.Chats, batch.Settings...)
		return done, nil
	}
	s := st.session
	s.err = nil
	exists := func(jid string) bool {
		return batch.Lane == domain.History || s.alias("chat", jid) != 0 ||
			slices.ContainsFunc(batch.Messages, func(row domain.Message) bool { return row.ChatJID == jid }) ||
			slices.ContainsFunc(batch.Chats, func(row domain.Chat) bool { return row.JID == jid })
	}
	later := map[string][]fact{}
	batch.Settings = slices.DeleteFunc(batch.Settings, func(row domain.Chat) bool {
		wait := !exists(row.JID)
		if wait {
			later[row.JID] = append(later[row.JID], fact{Chat: &row})
		}
		return wait
	})
	batch.Members = slices.DeleteFunc(batch.Members, func(row domain.Member) bool {
		wait := !exists(row.ChatJID)
		if wait {
			later[row.ChatJID] = append(later[row.ChatJID], fact{Member: &row})
		}
		return wait
	})
	if err := errors.Join(s.err, st.waiting.keep(later)); err != nil {
		return done, err
	}
	forget, err := st.addReady(batch, exists)
	batch.Chats = append(batch.Chats, batch.Settings...)
	return forget, err
}

// addReady puts what waited for a chat before what is newer.
func (st *Store) addReady(batch *domain.Batch, exists func(string) bool) (func() error, error) {
	var forgetting []func() error
	jids, err := st.waiting.chats()
	if err != nil {
		return nil, err
	}
	var ready domain.Batch
	for _, jid := range jids {
		if !exists(jid) {
			continue
		}
		facts, forget, err := st.waiting.of(jid)
		if err != nil {
			return nil, err
		}
		for _, one := range facts {
			if one.Chat != nil {
				ready.Chats = append(ready.Chats, *one.Chat)
			}
			if one.Member != nil {
				ready.Members = append(ready.Members, *one.Member)
			}
		}
		forgetting = append(forgetting, forget)
	}
	batch.Chats = append(ready.Chats, batch.Chats...)
	batch.Members = append(ready.Members, batch.Members...)
	return func() error {
		for _, forget := range forgetting {
			if err := forget(); err != nil {
				return err
			}
		}
		return nil
	}, nil
}
