package spool

import (
	"path/filepath"
	"testing"
	"time"
)

// An undecryptable message stays recorded until it arrives.
func TestSpool_Undecryptables(t *testing.T) {
	path := filepath.Join(t.TempDir(), "whatsmeow.db")
	at := time.Unix(1_760_000_000, 0)
	for step, want := range []int{2, 2, 1} {
		waiting, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"M1", "M2"} {
			if step < 2 {
				err = waiting.NoteUndecryptable(Undecryptable{"15550100001@s.whatsapp.net", id}, at)
			} else {
				err = waiting.ForgetUndecryptable("M1")
			}
			if err != nil {
				t.Error(err)
			}
		}
		if gaps, err := waiting.Undecryptables(); err != nil || len(gaps) != want {
			t.Errorf("gaps %v (%v)", gaps, err)
		}
		if err := waiting.Close(); err != nil {
			t.Error(err)
		}
	}
}
