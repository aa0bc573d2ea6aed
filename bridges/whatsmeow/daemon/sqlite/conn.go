// Package sqlite is the connection to a database file: statements, locks, the schema and what its failures mean.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// noTimeout: a statement is never left half way; what waits for a lock has a time limit of its own.
var noTimeout = context.Background()

// Args are the named parameters of a statement; those that it does not name are left out.
type Args map[string]any

func (a Args) With(more Args) Args {
	all := make(Args, len(a)+len(more))
	for name, value := range a {
		all[name] = value
	}
	for name, value := range more {
		all[name] = value
	}
	return all
}

// busyTimeout is for how long a lock is waited for, and lookAgain how often it is looked for meanwhile.
const (
	busyTimeout  = 5 * time.Second
	busyInterval = time.Millisecond
)

// Conn runs statements on one connection. The first failure sticks: what follows does nothing, and the transaction
// around it is rolled back with that failure.
type Conn struct {
	db         *sql.Conn
	statements map[string]*sql.Stmt
	Version    int
	Err        error
	Timeout    time.Duration
	// OnBusy is told of a transaction that did not get the lock in time; it may be nil.
	OnBusy func()
}

// RetryBusy does it again while another connection has the file. SQLite's own way to wait looks less and less often, in
// the end ten times a second: a program that copies for minutes and leaves the lock free for two milliseconds at a time is
// then met by chance, and a live message waits for a second.
func (s *Conn) RetryBusy(do func() error) error {
	begun := time.Now()
	for {
		err := do()
		if err == nil || !IsBusy(err) || time.Since(begun) >= s.Timeout {
			return err
		}
		time.Sleep(busyInterval)
	}
}

// Script runs statements that answer nothing.
func (s *Conn) Script(text string) error {
	_, err := s.db.ExecContext(noTimeout, text)
	return err
}

func (s *Conn) prepare(text string) *sql.Stmt {
	if s.Err != nil {
		return nil
	}
	if statement, ok := s.statements[text]; ok {
		return statement
	}
	var statement *sql.Stmt
	err := s.RetryBusy(func() (err error) {
		statement, err = s.db.PrepareContext(noTimeout, text)
		return err
	})
	if err != nil {
		s.Err = err
		return nil
	}
	s.statements[text] = statement
	return statement
}

func named(values Args) []any {
	list := make([]any, 0, len(values))
	for name, value := range values {
		list = append(list, sql.Named(name, value))
	}
	return list
}

// Exec answers how many rows were changed.
func (s *Conn) Exec(text string, values Args) int64 {
	changed, _ := s.run(text, values)
	return changed
}

// Insert answers the number of the new row.
func (s *Conn) Insert(text string, values Args) int64 {
	_, id := s.run(text, values)
	return id
}

func (s *Conn) run(text string, values Args) (changed, id int64) {
	statement := s.prepare(text)
	if statement == nil {
		return 0, 0
	}
	var result sql.Result
	err := s.RetryBusy(func() (err error) {
		result, err = statement.Exec(named(values)...)
		return err
	})
	if err != nil {
		s.Err = err
		return 0, 0
	}
	changed, _ = result.RowsAffected()
	id, _ = result.LastInsertId()
	return changed, id
}

// One reads a single row into targets; false when there is none.
func (s *Conn) One(text string, values Args, targets ...any) bool {
	statement := s.prepare(text)
	if statement == nil {
		return false
	}
	err := s.RetryBusy(func() error { return statement.QueryRow(named(values)...).Scan(targets...) })
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		s.Err = err
	}
	return err == nil
}

// Number reads a single integer; 0 when there is none.
func (s *Conn) Number(text string, values Args) int64 {
	var value sql.NullInt64
	s.One(text, values, &value)
	return value.Int64
}

// Query opens the rows of a statement; the caller closes them. It answers nil after a failure.
func (s *Conn) Query(text string, values Args) *sql.Rows {
	statement := s.prepare(text)
	if statement == nil {
		return nil
	}
	var rows *sql.Rows
	s.Err = s.RetryBusy(func() (err error) {
		rows, err = statement.Query(named(values)...)
		return err
	})
	if s.Err != nil {
		return nil
	}
	return rows
}

// Each reads all rows before it returns, so that the caller may write afterwards.
func (s *Conn) Each(text string, values Args, read func(scan func(targets ...any))) {
	rows := s.Query(text, values)
	if rows == nil {
		return
	}
	defer rows.Close()
	scan := func(targets ...any) {
		if err := rows.Scan(targets...); err != nil && s.Err == nil {
			s.Err = err
		}
	}
	for rows.Next() && s.Err == nil {
		read(scan)
	}
	if err := rows.Err(); err != nil && s.Err == nil {
		s.Err = err
	}
}

// IDs reads a column of integers.
func (s *Conn) IDs(text string, values Args) []int64 {
	var found []int64
	s.Each(text, values, func(scan func(...any)) {
		var id int64
		scan(&id)
		found = append(found, id)
	})
	return found
}

// Transaction runs work with the write lock, whole or not at all. The schema is looked at each time: another program
// may have changed it since.
func (s *Conn) Transaction(work func()) error {
	s.Err = nil
	s.Exec("BEGIN IMMEDIATE", nil)
	if s.Err != nil {
		if s.OnBusy != nil && IsBusy(s.Err) {
			s.OnBusy()
		}
		return s.Err
	}
	done := false
	defer func() {
		if !done { // a panic in work must not leave the lock behind
			s.Err = nil
			s.Exec("ROLLBACK", nil)
		}
	}()
	if version := s.Number("PRAGMA user_version", nil); version != int64(s.Version) {
		s.requireCompatible("min_writer")
	}
	if s.Err == nil {
		work()
	}
	failure := s.Err
	if failure == nil {
		s.Exec("COMMIT", nil)
		failure = s.Err
	}
	done = failure == nil
	return failure
}

// requireCompatible sets schema_mismatch as the failure when the file is newer than this program and does not say that
// it may be used.
func (s *Conn) requireCompatible(use string) {
	version := s.Number("PRAGMA user_version", nil)
	known := KnownVersion()
	if s.Err != nil || version <= int64(known) {
		return
	}
	if least := s.Number("SELECT CAST(value AS INTEGER) FROM meta WHERE key = @use", Args{"use": use}); least > 0 && least <= int64(known) {
		return
	}
	if s.Err == nil {
		s.Err = domain.Errorf(domain.SchemaMismatch,
			"messages.db has schema version %d; this wa-bridge knows %d. Update wa-bridge.", version, known)
	}
}
