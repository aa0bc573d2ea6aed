package sqlite

import (
	"database/sql"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// HasBaileysDevice reports whether the Node program has a linked device or is linking one, by the files in its
// folder. When they cannot be read it returns true.
func HasBaileysDevice(folder string) bool {
	if hasRunningOwner(filepath.Join(folder, "lock.db.owner")) {
		return true
	}
	path := filepath.Join(folder, "auth.db")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return false
	}
	pool, err := sql.Open("sqlite", DSN(path)+"?mode=ro&_pragma=busy_timeout(1000)&_pragma=trusted_schema(0)")
	if err != nil {
		return true
	}
	defer pool.Close()
	var found int
	err = pool.QueryRow("SELECT count(*) FROM kv WHERE type = 'creds'").Scan(&found)
	return err != nil || found > 0
}

// hasRunningOwner reports whether the process in a lock's owner file is running. The holder of the Node program's
// device lock writes that file.
func hasRunningOwner(path string) bool {
	var owner struct {
		PID int `json:"pid"`
	}
	text, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(text, &owner) != nil || owner.PID <= 0 {
		return false
	}
	process, err := os.FindProcess(owner.PID)
	if err != nil {
		return false
	}
	defer process.Release()
	err = process.Signal(syscall.Signal(0))
	return err == nil || errors.Is(err, syscall.EPERM)
}
