package sqlite

import (
	"errors"
	"path/filepath"
	"testing"
)

// Only one process holds the lock of the linked device.
func TestLock_exclusive(t *testing.T) {
	path := filepath.Join(t.TempDir(), "whatsmeow.lock")
	release, err := Lock(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(path); !errors.Is(err, ErrLocked) {
		t.Errorf("a second one got %v", err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	again, err := Lock(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := again(); err != nil {
		t.Error(err)
	}
}
