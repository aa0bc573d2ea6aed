package spool

import (
	"path/filepath"
	"testing"
	"time"
)

func TestAnnouncedHistorySurvivesARestartAndComesInOrder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "whatsmeow.db")
	open := func() *Spool {
		waiting, err := Open(path)
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
	written := func() {
		t.Helper()
		next, _, err := waiting.NextHistory()
		must(err)
		must(waiting.HistoryWritten(next, time.Now()))
	}
	written()
	expect("B", 0, 1)
	written()
	expect("", 0, 0)
}

func TestTheSameNotificationIsTakenOnceWhateverItsID(t *testing.T) {
	waiting := newWaiting(t)
	announce := func(id, notification string) {
		t.Helper()
		if err := waiting.Announce(id, []byte(notification)); err != nil {
			t.Fatal(err)
		}
	}
	pending := func(want int) {
		t.Helper()
		if count, err := waiting.PendingHistory(); err != nil || count != want {
			t.Errorf("%d are pending, want %d (%v)", count, want, err)
		}
	}
	announce("", "one") // replayed after a kill, without its id
	announce("", "two")
	pending(2)
	announce("A", "one") // WhatsApp delivers it again
	announce("A", "three")
	announce("B", "three")
	pending(3)
	next, _, err := waiting.NextHistory()
	if err != nil || string(next.Notification) != "one" || !next.IsNameless() {
		t.Errorf("next %+v (%v)", next, err)
	}
	now := time.Now()
	if err := waiting.HistoryWritten(next, now); err != nil {
		t.Fatal(err)
	}
	announce("A2", "one") // its chunk is deleted by now
	pending(2)
	if next, _, err = waiting.NextHistory(); err != nil || string(next.Notification) != "two" {
		t.Fatalf("next %+v (%v)", next, err)
	}
	if err := waiting.HistoryWritten(next, now.Add(31*24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	announce("A3", "one") // forgotten after a month
	pending(2)
	last, _, err := waiting.NextHistory()
	if err != nil || last.ID != "A" || last.IsNameless() {
		t.Errorf("next %+v (%v)", last, err)
	}
}

func TestPartsAreKnownUntilAnotherDeviceIsLinked(t *testing.T) {
	waiting := newWaiting(t)
	at := time.UnixMilli(1_760_000_000_123)
	for _, part := range []Part{{"FULL", 2, 100, at}, {"FULL", 1, 50, at}, {"FULL", 2, 90, at.Add(time.Second)}} {
		if err := waiting.NotePart(part); err != nil {
			t.Fatal(err)
		}
	}
	parts, err := waiting.Parts()
	if err != nil || len(parts) != 2 || parts[0] != (Part{"FULL", 1, 50, at}) || parts[1] != (Part{"FULL", 2, 100, at.Add(time.Second)}) {
		t.Errorf("parts %+v (%v)", parts, err)
	}
	if err := waiting.ForgetParts(); err != nil {
		t.Fatal(err)
	}
	if parts, err := waiting.Parts(); len(parts) != 0 || err != nil {
		t.Errorf("parts %+v (%v)", parts, err)
	}
}

func TestFailedBlobsAreThoseThatWereTried(t *testing.T) {
	waiting := newWaiting(t)
	for _, id := range []string{"A", "B"} {
		if err := waiting.Announce(id, []byte(id)); err != nil {
			t.Fatal(err)
		}
	}
	if err := waiting.HistoryFailed("B", time.Now()); err != nil {
		t.Fatal(err)
	}
	if failed, err := waiting.FailedHistory(); err != nil || len(failed) != 1 || failed[0].ID != "B" {
		t.Errorf("failed %+v (%v)", failed, err)
	}
}
