package sqlite

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"
)

// Only temporary errors are transient.
func TestIsTransient(t *testing.T) {
	full := Explain("/data/messages.db", fmt.Errorf("writing: %w", syscall.ENOSPC))
	if !IsTransient(full) || !strings.Contains(full.Error(), "messages.db cannot be written: the disk is full") {
		t.Errorf("got %v", full)
	}
	denied := Explain("/data/messages.db", syscall.EACCES)
	if IsTransient(denied) || !strings.Contains(denied.Error(), "may not be opened by this user") {
		t.Errorf("got %v", denied)
	}
	other := errors.New("something else")
	if Explain("/data/messages.db", other) != other || Explain("x", nil) != nil {
		t.Error("an error that says nothing of the file was changed")
	}
}
