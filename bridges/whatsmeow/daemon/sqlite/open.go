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

func IsBusy(err error) bool {
	var failure *sqlite.Error
	return errors.As(err, &failure) && failure.Code()&0xff == 5
}

// OpenConn opens a file for writing, creating it where missing: WAL, synchronous as named, foreign keys on. The session
// waits for locks itself.
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
	// Without secure_delete what was taken back stays readable in free pages of the file.
	prepare := strings.Join([]string{
		"PRAGMA trusted_schema = OFF", "PRAGMA cell_size_check = ON", "PRAGMA journal_mode = WAL",
		"PRAGMA synchronous = " + synchronous, "PRAGMA foreign_keys = ON", "PRAGMA secure_delete = ON"}, ";")
	if err := s.RetryBusy(func() error { return s.Script(prepare) }); err != nil {
		return nil, nil, errors.Join(err, closing())
	}
	return s, closing, nil
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
