// Package inmemory is for tests that make many small databases: what takes them their time is not SQLite, but the disk
// that is asked to have everything for good.
package inmemory

import (
	"os"
	"testing"
)

// Run runs the tests of a package with their temporary folders in memory, where the system has a place for that, and
// answers the exit code.
func Run(m *testing.M) int {
	folder, err := os.MkdirTemp("/dev/shm", "wa-bridge-tests-")
	if err != nil {
		return m.Run()
	}
	defer os.RemoveAll(folder)
	if err := os.Setenv("TMPDIR", folder); err != nil {
		panic(err)
	}
	return m.Run()
}
