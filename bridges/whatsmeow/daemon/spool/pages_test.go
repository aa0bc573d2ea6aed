package spool

import (
	"path/filepath"
	"testing"
)

func TestPagesWaitInTheirOrderAcrossAnEndOfTheProgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "whatsmeow.db")
	for round := range 2 {
		waiting, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, notification := range []string{"one", "two", "one"} {
			if err := waiting.KeepPage([]byte(notification)); err != nil {
				t.Fatal(err)
			}
		}
		want := []string{"one", "two"}[round:]
		if round == 1 {
			want = []string{"two", "one"} // it arrived again after it was handled
		}
		for i, one := range want {
			got, found, err := waiting.NextPage()
			if err != nil || !found || string(got) != one {
				t.Errorf("round %d: %q, %t, %v", round, got, found, err)
			}
			if round == 0 && i > 0 {
				break // killed before it was handled
			}
			if err := waiting.ForgetPage(got); err != nil {
				t.Fatal(err)
			}
		}
		if err := waiting.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
