package sqlite

import (
	"errors"
	"strings"
	"sync"
)

// Waiting is what this program keeps for itself in whatsmeow.db, beside the library's tables: settings and members of
// chats that messages.db does not have yet, votes on polls that it does not have, history that was announced and not
// written, and messages that could not be read.
type Waiting struct {
	mutex   sync.Mutex
	session *session
	closing func() error
}

// schemas are those that the files of this package register, each for its own tables.
var schemas []string

func register(schema string) { schemas = append(schemas, schema) }

// OpenWaiting opens whatsmeow.db, creating it where missing. A commit survives power loss: what is kept here was
// acknowledged to WhatsApp.
func OpenWaiting(path string) (*Waiting, error) {
	s, closing, err := openSession(path, "FULL")
	if err != nil {
		return nil, Explain(path, err)
	}
	if err := s.patiently(func() error { return s.script(strings.Join(schemas, ";")) }); err != nil {
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
