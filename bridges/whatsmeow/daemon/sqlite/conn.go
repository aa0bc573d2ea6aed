// Package sqlite is a connection to a database file: statements, locks, schema versions and the meaning of its
// errors.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// noTimeout is the context of all statements: none is interrupted half way, and RetryBusy limits the wait for a lock.
var noTimeout = context.Background()

// Args are the named parameters of a statement. Parameters that the statement does not use are ignored.
type Args map[string]any

// With returns these parameters together with more; more wins.
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

// busyTimeout limits the wait for a lock; busyInterval is the pause between two attempts.
const (
	busyTimeout  = 5 * time.Second
	busyInterval = time.Millisecond
)

// Conn runs statements on one connection. After the first error, kept in Err, statements do nothing, and the
// transaction around them rolls back and returns that error.
type Conn struct {
	db         *sql.Conn
	statements map[string]*sql.Stmt
	Version    int
	Err        error
	Timeout    time.Duration
	// OnBusy, if set, is called when a transaction did not get the lock in time.
	OnBusy func()
}

// RetryBusy repeats do while another connection holds the lock, for at most Timeout. SQLite's own wait grows to 100
// ms between attempts. A program that copies for minutes and frees the lock for two milliseconds at a time would then
// delay a live message by a second.
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

// Script runs statements without results.
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

// named returns the arguments of a statement. All text is stored as valid UTF-8: other programs refuse to read other
// text.
func named(values Args) []any {
	list := make([]any, 0, len(values))
	for name, value := range values {
		list = append(list, sql.Named(name, valid(value)))
	}
	return list
}

func valid(value any) any {
	switch text := value.(type) {
	case string:
		return domain.ValidText(text)
	case *string:
		if text != nil {
			return domain.ValidText(*text)
		}
	}
	return value
}

// Exec runs a statement and returns the number of changed rows.
func (s *Conn) Exec(text string, values Args) int64 {
	changed, _ := s.run(text, values)
	return changed
}

// Insert runs a statement and returns the id of the new row.
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

// One reads a single row into targets and returns false when there is none.
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

// Number reads a single integer, and 0 when there is none.
func (s *Conn) Number(text string, values Args) int64 {
	var value sql.NullInt64
	s.One(text, values, &value)
	return value.Int64
}

// Query returns the rows of a statement, and nil after an error. The caller closes them.
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

// Each calls read for each row. All rows are read before Each returns, so the caller may write afterwards.
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

// Transaction runs work in one transaction with the write lock. It checks the schema version each time, because
// another program may have migrated the file.
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
		if !done { // a panic in work must release the lock
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

// requireCompatible sets Err to schema_mismatch when the file's schema is newer than this program's and meta does not
// allow this use (min_writer).
func (s *Conn) requireCompatible(use string) {
	version := s.Number("PRAGMA user_version", nil)
	known := KnownVersion()
	if s.Err != nil || version <= int64(known) {
		return
	}
	least := s.Number("SELECT CAST(value AS INTEGER) FROM meta WHERE key = @use", Args{"use": use})
	if least > 0 && least <= int64(known) {
		return
	}
	if s.Err == nil {
		s.Err = domain.Errorf(domain.SchemaMismatch,
			"messages.db has schema version %d; this wa-bridge knows %d. Update wa-bridge.", version, known)
	}
}
