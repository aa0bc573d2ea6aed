package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
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

// A folder that cannot be made is reported in words.
func TestFailure_folder(t *testing.T) {
	home := t.TempDir()
	if err := os.WriteFile(filepath.Join(home, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"broken": filepath.Join(home, "nothing"), "circle": "circle"} {
		if err := os.Symlink(to, filepath.Join(home, link)); err != nil {
			t.Skip("no links here")
		}
	}
	for _, name := range []string{"file", "file/below", "broken", "broken/below", "circle/below",
		strings.Repeat("n", 300)} {
		path := filepath.Join(home, name, "messages.db")
		_, _, err := OpenConn(path, "NORMAL")
		said := Explain(path, err)
		if said == nil || !strings.Contains(said.Error(), "messages.db cannot be made") ||
			strings.Contains(said.Error(), "mkdir") {
			t.Errorf("%.20s: got %v", name, said)
		}
	}
	said := Explain("messages.db", &os.PathError{Op: "open", Path: "x", Err: syscall.ENOENT})
	if strings.Contains(said.Error(), "folder") {
		t.Errorf("a missing file is no missing folder: %v", said)
	}
}
