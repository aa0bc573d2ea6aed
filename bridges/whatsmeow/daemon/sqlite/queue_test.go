package sqlite

import (
	"path/filepath"
	"testing"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

func TestAnnouncedHistorySurvivesARestartAndComesInOrder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "whatsmeow.db")
	open := func() *Waiting {
		waiting, err := OpenWaiting(path)
		if err != nil {
			t.Fatal(err)
		}
		return waiting
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	waiting := open()
	for _, id := range []string{"A", "B", "A"} {
		must(waiting.Announce(id, []byte("notification "+id)))
	}
	must(waiting.Close())
	waiting = open()
	defer waiting.Close()
	expect := func(id string, attempts, pending int) {
		t.Helper()
		next, found, err := waiting.NextHistory()
		if err != nil || found != (id != "") || next.ID != id || next.Attempts != attempts {
			t.Errorf("next is %q after %d attempts (%v)", next.ID, next.Attempts, err)
		}
		if found && string(next.Notification) != "notification "+id {
			t.Errorf("notification %q", next.Notification)
		}
		if count, err := waiting.PendingHistory(); err != nil || count != pending {
			t.Errorf("%d are pending (%v)", count, err)
		}
	}
	expect("A", 0, 2)
	must(waiting.HistoryFailed("A", time.Now().Add(time.Hour)))
	expect("B", 0, 2)
	must(waiting.RetryHistory())
	expect("A", 1, 2)
	must(waiting.HistoryWritten("A"))
	expect("B", 0, 1)
	must(waiting.HistoryWritten("B"))
	expect("", 0, 0)
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
		for last, want := range map[string]int{"a": 1, "Z": 0} {
			if count, err := waiting.CountMarks("A", last); step.want && count != want || err != nil {
				t.Errorf("%d marks up to %s (%v)", count, last, err)
			}
		}
		if err := waiting.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestTheOptionsOfAPollAreFoundUnderEitherAddress(t *testing.T) {
	store := newStore(t)
	poll := text("POLL")
	poll.Type, poll.Details = "poll", &domain.Details{Poll: &domain.Poll{Question: "q", Options: []string{"tea", "coffee"}}}
	write(t, store, domain.Batch{LIDPairs: []domain.Pair{{LID: adaLID, PN: adaPN}}, Messages: []domain.Message{poll, text("TEXT")}})
	for _, chat := range []string{adaPN, adaLID} {
		if options, err := store.PollOptions(chat, "POLL"); err != nil || len(options) != 2 || options[1] != "coffee" {
			t.Errorf("got %v, %v", options, err)
		}
	}
	for _, id := range []string{"TEXT", "NONE"} {
		if options, err := store.PollOptions(adaPN, id); err != nil || options != nil {
			t.Errorf("got %v, %v", options, err)
		}
	}
}

func TestOneProcessOwnsTheLinkedDevice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "whatsmeow.lock")
	release, err := Lock(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(path); codeOf(err) != domain.BridgeUnavailable {
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
