package spool

import (
	"path/filepath"
	"testing"
)

// newSpool opens an empty spool.
func newWaiting(t *testing.T) *Spool {
	t.Helper()
	waiting, err := Open(filepath.Join(t.TempDir(), "whatsmeow.db"))
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
		change func(*Spool) error
		want   bool
	}{
		{func(*Spool) error { return nil }, false},
		{func(w *Spool) error { return w.SetFlag("a") }, true},
		{func(w *Spool) error { return w.SetFlag("a") }, true},
		{func(w *Spool) error { return w.ClearFlag("b") }, true},
		{func(w *Spool) error { return w.ClearFlag("a") }, false},
	} {
		waiting, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := step.change(waiting); err != nil {
			t.Error(err)
		}
		if marked, err := waiting.HasFlag("a"); marked != step.want || err != nil {
			t.Errorf("marked %t, want %t (%v)", marked, step.want, err)
		}
		if err := waiting.Close(); err != nil {
			t.Error(err)
		}
	}
}
