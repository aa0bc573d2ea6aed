package sqlite

import (
	"path/filepath"
	"testing"
)

// newWaiting is an empty file for what waits.
func newWaiting(t *testing.T) *Waiting {
	t.Helper()
	waiting, err := OpenWaiting(filepath.Join(t.TempDir(), "whatsmeow.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := waiting.Close(); err != nil {
			t.Error(err)
		}
	})
	return waiting
}

func TestAMarkStaysUntilItIsTakenAway(t *testing.T) {
	path := filepath.Join(t.TempDir(), "whatsmeow.db")
	for _, step := range []struct {
		change func(*Waiting) error
		want   bool
	}{
		{func(*Waiting) error { return nil }, false},
		{func(w *Waiting) error { return w.Mark("a") }, true},
		{func(w *Waiting) error { return w.Mark("a") }, true},
		{func(w *Waiting) error { return w.Unmark("b") }, true},
		{func(w *Waiting) error { return w.Unmark("a") }, false},
	} {
		waiting, err := OpenWaiting(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := step.change(waiting); err != nil {
			t.Error(err)
		}
		if marked, err := waiting.Marked("a"); marked != step.want || err != nil {
			t.Errorf("marked %t, want %t (%v)", marked, step.want, err)
		}
		if err := waiting.Close(); err != nil {
			t.Error(err)
		}
	}
}
