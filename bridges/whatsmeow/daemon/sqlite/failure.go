package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"modernc.org/sqlite"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// fault is the message about a file that cannot be used.
type fault struct {
	what string // continues a sentence that starts with the file's name
	next string // the advice; "" where it depends on the file
	// transient means that another start can succeed, once there is space or the lock is free.
	transient bool
}

// faults maps the primary result codes of SQLite that a correct program cannot cause.
var faults = map[int]fault{
	5: {"is locked by another process", "Try again in a moment.", true},
	6: {"is locked by another process", "Try again in a moment.", true},
	8: {"cannot be written: the file or its folder is read-only",
		"Make the data directory writable, or name another one.", false},
	10: {"cannot be read or written: the disk reports an error", "Check the disk.", false},
	11: {"is damaged", "", false},
	13: {"cannot be written: the disk is full", "Make room on the disk of the data directory.", true},
	14: {"cannot be opened", "Check that the data directory is there and writable.", false},
	26: {"is no database, or its beginning is damaged", "", false},
}

var systemFaults = map[syscall.Errno]fault{
	syscall.EACCES: {"may not be opened by this user", "Give the data directory to the user that runs wa-bridge.",
		false},
	syscall.EPERM: {"may not be opened by this user", "Give the data directory to the user that runs wa-bridge.",
		false},
	syscall.EROFS:  faults[8],
	syscall.ENOSPC: faults[13],
}

// noFolder is a place where no folder can be made: one below a file or a link to nothing, or one that the system
// denies.
var noFolder = fault{"cannot be made: its folder is not there, and no folder can be made at that place",
	"Name another folder in WHATSAPP_DATA_DIR.", false}

var folderErrors = map[syscall.Errno]bool{
	syscall.ENOENT: true, syscall.EEXIST: true, syscall.ENOTDIR: true, syscall.ELOOP: true,
	syscall.ENAMETOOLONG: true,
}

var repairs = map[string]string{
	"messages.db": "Stop every server, then run `whatsapp-hybrid-mcp doctor --salvage FILE`, or restore a " +
		"backup. Only when both fail, move the file away and link the phone again.",
	"whatsmeow.db": "Move it away, remove the device of wa-bridge on the phone, and run `whatsapp-hybrid-mcp " +
		"login --bridge whatsmeow`.",
	"whatsmeow.lock.db": "Delete it: it is made again.",
}

// transient marks an error after which another start can succeed.
type transient struct{ error }

func (p transient) Unwrap() error { return p.error }

// IsTransient reports whether the same call may succeed later.
func IsTransient(err error) bool { return errors.As(err, &transient{}) }

// Explain converts an error of SQLite or the system about a file to store_unavailable, with the file's name and the
// next step. Other errors, including our own, are returned unchanged.
func Explain(path string, err error) error {
	var own *domain.Error
	if err == nil || errors.As(err, &own) {
		return err
	}
	found, ok := faultOf(err)
	if !ok {
		return err
	}
	file := filepath.Base(path)
	next := found.next
	if next == "" {
		next = repairs[file]
	}
	if found.transient {
		err = transient{err}
	}
	return &domain.Error{Code: domain.StoreUnavailable, Message: fmt.Sprintf("%s %s. %s", file, found.what, next),
		Cause: err}
}

func faultOf(err error) (fault, bool) {
	var failure *sqlite.Error
	if errors.As(err, &failure) {
		found, ok := faults[failure.Code()&0xff]
		return found, ok
	}
	var number syscall.Errno
	if errors.As(err, &number) {
		var path *os.PathError
		if errors.As(err, &path) && path.Op == "mkdir" && folderErrors[number] {
			return noFolder, true
		}
		found, ok := systemFaults[number]
		return found, ok
	}
	return fault{}, false
}

// AssertOwn fails with store_unavailable, without writing, when the file is a database of another program: it has
// tables, but no meta table or no schema version.
func AssertOwn(path string) error {
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		return nil
	}
	pool, err := sql.Open("sqlite", DSN(path))
	if err != nil {
		return err
	}
	defer pool.Close()
	var tables, ours, version int
	row := pool.QueryRow("SELECT count(*), count(CASE name WHEN 'meta' THEN 1 END), " +
		"(SELECT user_version FROM pragma_user_version) FROM sqlite_schema WHERE type = 'table'")
	if err := row.Scan(&tables, &ours, &version); err != nil {
		if IsBusy(err) {
			return nil // the holder of the lock created the file or is creating it
		}
		return err
	}
	if tables == 0 || ours > 0 && version > 0 {
		return nil
	}
	return domain.Errorf(domain.StoreUnavailable,
		"%s belongs to another program, and nothing was written to it. Name another folder in WHATSAPP_DATA_DIR.",
		filepath.Base(path))
}
