// Package spool stores in whatsmeow.db, beside the library's tables, what cannot be written to messages.db yet.
package spool

import (
	"errors"
	"strings"
	"sync"
	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
)

// Spool holds facts about chats that messages.db does not have yet, votes on such polls, history that was announced
// and not written, and undecryptable messages. Its methods may be called from any goroutine.
type Spool struct {
	mutex     sync.Mutex
	conn      *sqlite.Conn
	closeFile func() error
}

// args are the named parameters of a statement.
type args = sqlite.Args

// schemas collects the schema of each file of this package.
var schemas []string

func register(schema string) { schemas = append(schemas, schema) }

// Open opens whatsmeow.db and creates it if missing. Commits survive a power loss, because WhatsApp was sent an
// acknowledgement of what is stored here. Fails with store_unavailable.
func Open(path string) (*Spool, error) {
	s, closing, err := sqlite.OpenConn(path, "FULL")
	if err != nil {
		return nil, sqlite.Explain(path, err)
	}
	if err := s.RetryBusy(func() error { return s.Script(strings.Join(schemas, ";")) }); err != nil {
		return nil, sqlite.Explain(path, errors.Join(err, closing()))
	}
	s.Version = int(s.Number("PRAGMA user_version", nil)) // the library keeps its own version elsewhere
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

// read runs work without taking the write lock.
func (w *Spool) read(work func(*sqlite.Conn)) error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.conn.Err = nil
	work(w.conn)
	return w.conn.Err
}
