package store

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
	"whatsapp-hybrid-mcp/wa-bridge/store/rules"
)

// holder is another program that holds the write lock of a store's file until it is released.
func holder(t *testing.T, folder string) (release func()) {
	t.Helper()
	other, err := sql.Open("sqlite", sqlite.DSN(filepath.Join(folder, "messages.db")))
	if err != nil {
		t.Fatal(err)
	}
	other.SetMaxOpenConns(1)
	run := func(text string) {
		if _, err := other.Exec(text); err != nil {
			t.Error(err)
		}
	}
	run("BEGIN IMMEDIATE")
	t.Cleanup(func() { other.Close() })
	return func() { run("COMMIT") }
}

func openIn(t *testing.T, folder string) *Store {
	t.Helper()
	store, err := Open(filepath.Join(folder, "messages.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

func TestFiguresAreThoseOfTheLatestThousandWrites(t *testing.T) {
	var p writeStats
	if found := p.figures(); found != (domain.Writing{}) {
		t.Errorf("before the first: %+v", found)
	}
	for range 500 {
		p.record(time.Hour)
	}
	for ms := 1; ms <= writesKept; ms++ {
		p.record(time.Duration(ms) * time.Millisecond)
	}
	p.recordBusy()
	found := p.figures()
	if found.Writes != 1500 || found.BusyErrors != 1 || *found.P50 != 501 || *found.P95 != 951 || *found.Max != 1000 {
		t.Errorf("%d writes, %d refused, %v, %v, %v", found.Writes, found.BusyErrors, *found.P50, *found.P95, *found.Max)
	}
}

func TestAWriteThatWaitsForAnotherProgramIsTimedWithItsWaiting(t *testing.T) {
	folder := t.TempDir()
	store := openIn(t, folder)
	release := holder(t, folder)
	const held = 30 * time.Millisecond
	begun, done := make(chan bool), make(chan rules.Counts)
	go func() {
		close(begun)
		done <- write(t, store, domain.Batch{Messages: []domain.Message{text("A1")}})
	}()
	<-begun
	<-time.After(held)
	if status := store.Writing(); status.Writes != 0 {
		t.Errorf("written beside the lock: %+v", status)
	}
	release()
	<-done
	if found := store.Writing(); found.Writes != 1 || found.BusyErrors != 0 || *found.P50 < milliseconds(held/2) {
		t.Errorf("%d writes, %d refused, %v ms", found.Writes, found.BusyErrors, found.P50)
	}
}

func TestAWriteThatGetsNoLockIsCountedAndNotTimed(t *testing.T) {
	folder := t.TempDir()
	store := openIn(t, folder)
	store.writer.Timeout = 2 * time.Millisecond
	release := holder(t, folder)
	if _, err := store.Write(domain.Batch{Messages: []domain.Message{text("A1")}}); !sqlite.IsBusy(err) {
		t.Errorf("got %v", err)
	}
	release()
	if found := store.Writing(); found.BusyErrors != 1 || found.Writes != 0 || found.P50 != nil {
		t.Errorf("got %+v", found)
	}
	write(t, store, domain.Batch{Messages: []domain.Message{text("A1")}})
	if found := store.Writing(); found.BusyErrors != 1 || found.Writes != 1 {
		t.Errorf("afterwards: %+v", found)
	}
}

func TestALockThatIsFreeForMomentsOnlyIsMetSoon(t *testing.T) {
	folder := t.TempDir()
	store, other := openIn(t, folder), openIn(t, folder)
	// turnsUntilWritten is the number of times that the other program takes the lock before a waiting write succeeds.
	turnsUntilWritten := func(id string) int {
		begun, done := make(chan bool), make(chan rules.Counts)
		go func() {
			<-begun
			done <- write(t, store, domain.Batch{Messages: []domain.Message{text(id)}})
		}()
		for turns := 1; ; turns++ {
			if err := other.writer.Transaction(func() {
				if turns == 1 {
					close(begun)
				}
				<-time.After(19 * time.Millisecond)
			}); err != nil {
				t.Error(err)
			}
			select {
			case <-done:
				return turns
			case <-time.After(3 * time.Millisecond):
			}
		}
	}
	for round := range 6 {
		if turns := turnsUntilWritten(fmt.Sprint("A", round)); turns > 4 {
			t.Errorf("written after %d turns of the other program", turns)
		}
	}
}
