package sqlite

import (
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// createPrivately makes the folder (0700) and the file (0600) before SQLite does; its -wal and -shm files take over the
// file's mode.
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

// DSN names a file to the driver; characters that mean something in an address are escaped.
func DSN(path string) string {
	return "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()
}

func isBusy(err error) bool {
	var failure *sqlite.Error
	return errors.As(err, &failure) && failure.Code()&0xff == 5
}

// openSession opens a file for writing, creating it where missing: WAL, synchronous as named, foreign keys on. The session
// waits for locks itself.
func openSession(path, synchronous string) (*session, func() error, error) {
	if err := createPrivately(path); err != nil {
		return nil, nil, err
	}
	pool, err := sql.Open("sqlite", DSN(path))
	if err != nil {
		return nil, nil, err
	}
	pool.SetMaxOpenConns(1)
	conn, err := pool.Conn(background)
	if err != nil {
		return nil, nil, errors.Join(err, pool.Close())
	}
	s := &session{conn: conn, statements: map[string]*sql.Stmt{}, patience: patience}
	closing := func() error {
		for _, statement := range s.statements {
			statement.Close()
		}
		return errors.Join(conn.Close(), pool.Close())
	}
	// Without secure_delete what was taken back stays readable in free pages of the file.
	prepare := strings.Join([]string{
		"PRAGMA trusted_schema = OFF", "PRAGMA cell_size_check = ON", "PRAGMA journal_mode = WAL",
		"PRAGMA synchronous = " + synchronous, "PRAGMA foreign_keys = ON", "PRAGMA secure_delete = ON"}, ";")
	if err := s.patiently(func() error { return s.script(prepare) }); err != nil {
		return nil, nil, errors.Join(err, closing())
	}
	return s, closing, nil
}

// requireCompatible sets schema_mismatch as the failure when the file is newer than this program and does not say that
// it may be used.
func (s *session) requireCompatible(use string) {
	version := s.number("PRAGMA user_version", nil)
	known := KnownVersion()
	if s.err != nil || version <= int64(known) {
		return
	}
	if least := s.number("SELECT CAST(value AS INTEGER) FROM meta WHERE key = @use", args{"use": use}); least > 0 && least <= int64(known) {
		return
	}
	if s.err == nil {
		s.err = domain.Fail(domain.SchemaMismatch,
			"messages.db has schema version %d; this wa-bridge knows %d. Update wa-bridge.", version, known)
	}
}
