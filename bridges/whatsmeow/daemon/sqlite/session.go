// Package sqlite writes messages.db, by the rules by which the Node program writes it too.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// background: a statement is never left half way; what waits for a lock has a time limit of its own.
var background = context.Background()

// args are the named parameters of a statement; those that it does not name are left out.
type args map[string]any

func (a args) with(more args) args {
	all := make(args, len(a)+len(more))
	for name, value := range a {
		all[name] = value
	}
	for name, value := range more {
		all[name] = value
	}
	return all
}

// patience is for how long a lock is waited for, and lookAgain how often it is looked for meanwhile.
const (
	patience  = 5 * time.Second
	lookAgain = time.Millisecond
)

// session runs statements on one connection. The first failure sticks: what follows does nothing, and the transaction
// around it is rolled back with that failure.
type session struct {
	conn       *sql.Conn
	statements map[string]*sql.Stmt
	known      int
	err        error
	patience   time.Duration
	// refused is told of a transaction that did not get the lock in time; it may be nil.
	refused func()
}

// patiently does it again while another connection has the file. SQLite's own way to wait looks less and less often, in
// the end ten times a second: a program that copies for minutes and leaves the lock free for two milliseconds at a time is
// then met by chance, and a live message waits for a second.
func (s *session) patiently(do func() error) error {
	begun := time.Now()
	for {
		err := do()
		if err == nil || !isBusy(err) || time.Since(begun) >= s.patience {
			return err
		}
		time.Sleep(lookAgain)
	}
}

// script runs statements that answer nothing.
func (s *session) script(text string) error {
	_, err := s.conn.ExecContext(background, text)
	return err
}

func (s *session) prepare(text string) *sql.Stmt {
	if s.err != nil {
		return nil
	}
	if statement, ok := s.statements[text]; ok {
		return statement
	}
	var statement *sql.Stmt
	err := s.patiently(func() (err error) {
		statement, err = s.conn.PrepareContext(background, text)
		return err
	})
	if err != nil {
		s.err = err
		return nil
	}
	s.statements[text] = statement
	return statement
}

func named(values args) []any {
	list := make([]any, 0, len(values))
	for name, value := range values {
		list = append(list, sql.Named(name, value))
	}
	return list
}

// exec answers how many rows were changed.
func (s *session) exec(text string, values args) int64 {
	changed, _ := s.run(text, values)
	return changed
}

// insert answers the number of the new row.
func (s *session) insert(text string, values args) int64 {
	_, id := s.run(text, values)
	return id
}

func (s *session) run(text string, values args) (changed, id int64) {
	statement := s.prepare(text)
	if statement == nil {
		return 0, 0
	}
	var result sql.Result
	err := s.patiently(func() (err error) {
		result, err = statement.Exec(named(values)...)
		return err
	})
	if err != nil {
		s.err = err
		return 0, 0
	}
	changed, _ = result.RowsAffected()
	id, _ = result.LastInsertId()
	return changed, id
}

// one reads a single row into targets; false when there is none.
func (s *session) one(text string, values args, targets ...any) bool {
	statement := s.prepare(text)
	if statement == nil {
		return false
	}
	err := s.patiently(func() error { return statement.QueryRow(named(values)...).Scan(targets...) })
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		s.err = err
	}
	return err == nil
}

// number reads a single integer; 0 when there is none.
func (s *session) number(text string, values args) int64 {
	var value sql.NullInt64
	s.one(text, values, &value)
	return value.Int64
}

// query opens the rows of a statement; the caller closes them. It answers nil after a failure.
func (s *session) query(text string, values args) *sql.Rows {
	statement := s.prepare(text)
	if statement == nil {
		return nil
	}
	var rows *sql.Rows
	s.err = s.patiently(func() (err error) {
		rows, err = statement.Query(named(values)...)
		return err
	})
	if s.err != nil {
		return nil
	}
	return rows
}

// each reads all rows before it returns, so that the caller may write afterwards.
func (s *session) each(text string, values args, read func(scan func(targets ...any))) {
	rows := s.query(text, values)
	if rows == nil {
		return
	}
	defer rows.Close()
	scan := func(targets ...any) {
		if err := rows.Scan(targets...); err != nil && s.err == nil {
			s.err = err
		}
	}
	for rows.Next() && s.err == nil {
		read(scan)
	}
	if err := rows.Err(); err != nil && s.err == nil {
		s.err = err
	}
}

// ids reads a column of integers.
func (s *session) ids(text string, values args) []int64 {
	var found []int64
	s.each(text, values, func(scan func(...any)) {
		var id int64
		scan(&id)
		found = append(found, id)
	})
	return found
}

// transaction runs work with the write lock, whole or not at all. The schema is looked at each time: another program
// may have changed it since.
func (s *session) transaction(work func()) error {
	s.err = nil
	s.exec("BEGIN IMMEDIATE", nil)
	if s.err != nil {
		if s.refused != nil && isBusy(s.err) {
			s.refused()
		}
		return s.err
	}
	done := false
	defer func() {
		if !done { // a panic in work must not leave the lock behind
			s.err = nil
			s.exec("ROLLBACK", nil)
		}
	}()
	if version := s.number("PRAGMA user_version", nil); version != int64(s.known) {
		s.requireCompatible("min_writer")
	}
	if s.err == nil {
		work()
	}
	failure := s.err
	if failure == nil {
		s.exec("COMMIT", nil)
		failure = s.err
	}
	done = failure == nil
	return failure
}
