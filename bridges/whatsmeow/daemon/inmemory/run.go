// Package inmemory speeds up tests that create many small databases: it keeps them in memory, where syncing costs
// nothing.
package inmemory

import (
	"os"
	"testing"
)

// Run runs the tests of a package with their temporary folders in memory, where the system offers that, and returns
// the exit code.
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
