package sqlite

import (
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// createPrivately creates the folder (0700) and the file (0600) before SQLite does; the -wal and -shm files inherit
// the file's mode.
func createPrivately(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

// DSN returns the URL of a file for the driver, with special characters escaped.
func DSN(path string) string {
	return "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()
}

// OpenConn opens a file for writing and creates it if missing: WAL, the given synchronous mode, foreign keys on. Conn
// handles busy locks itself.
func OpenConn(path, synchronous string) (*Conn, func() error, error) {
	if err := createPrivately(path); err != nil {
		return nil, nil, err
	}
	pool, err := sql.Open("sqlite", DSN(path))
	if err != nil {
		return nil, nil, err
	}
	pool.SetMaxOpenConns(1)
	conn, err := pool.Conn(noTimeout)
	if err != nil {
		return nil, nil, errors.Join(err, pool.Close())
	}
	s := &Conn{db: conn, statements: map[string]*sql.Stmt{}, Timeout: busyTimeout}
	closing := func() error {
		for _, statement := range s.statements {
			statement.Close()
		}
		return errors.Join(conn.Close(), pool.Close())
	}
	// Without secure_delete the text of deleted rows stays readable in free pages of the file.
	prepare := strings.Join([]string{
		"PRAGMA trusted_schema = OFF", "PRAGMA cell_size_check = ON", "PRAGMA journal_mode = WAL",
		"PRAGMA synchronous = " + synchronous, "PRAGMA foreign_keys = ON", "PRAGMA secure_delete = ON"}, ";")
	if err := s.RetryBusy(func() error { return s.Script(prepare) }); err != nil {
		return nil, nil, errors.Join(err, closing())
	}
	return s, closing, nil
}
