package sqlite

import (
	"errors"
	"path/filepath"
	"testing"
)

func TestOneProcessOwnsTheLinkedDevice(t *testing.T) {
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
