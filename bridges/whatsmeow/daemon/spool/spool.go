// Package spool is what this program keeps for itself in whatsmeow.db, beside the library's tables, until messages.db can
// take it.
package spool

import (
	"errors"
	"strings"
	"sync"
	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
)

// Spool is what this program keeps for itself in whatsmeow.db, beside the library's tables: settings and members of
// chats that messages.db does not have yet, votes on polls that it does not have, history that was announced and not
// written, and messages that could not be read.
type Spool struct {
	mutex     sync.Mutex
	conn      *sqlite.Conn
	closeFile func() error
}

// args are the named parameters of a statement.
type args = sqlite.Args

// schemas are those that the files of this package register, each for its own tables.
var schemas []string

func register(schema string) { schemas = append(schemas, schema) }

// Open opens whatsmeow.db, creating it where missing. A commit survives power loss: what is kept here was
// acknowledged to WhatsApp.
func Open(path string) (*Spool, error) {
	s, closing, err := sqlite.OpenConn(path, "FULL")
	if err != nil {
		return nil, sqlite.Explain(path, err)
	}
	if err := s.RetryBusy(func() error { return s.Script(strings.Join(schemas, ";")) }); err != nil {
		return nil, sqlite.Explain(path, errors.Join(err, closing()))
	}
	s.Version = int(s.Number("PRAGMA user_version", nil)) // the library counts its versions elsewhere
	return &Spool{conn: s, closeFile: closing}, nil
}

// Close closes the file.
func (w *Spool) Close() error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.closeFile()
}

func (w *Spool) transaction(work func(*sqlite.Conn)) error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.conn.Transaction(func() { work(w.conn) })
}

// read reads without the write lock.
func (w *Spool) read(work func(*sqlite.Conn)) error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.conn.Err = nil
	work(w.conn)
	return w.conn.Err
}
