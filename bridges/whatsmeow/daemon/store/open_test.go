package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
)

func openAt(t *testing.T, path string) *Store {
	t.Helper()
	store, err := Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// change runs SQL that our writers never run.
func tamper(t *testing.T, path, text string) {
	t.Helper()
	s, closing, err := sqlite.OpenConn(path, "NORMAL")
	if err != nil {
		t.Fatal(err)
	}
	defer closing()
	if err := s.Script(text); err != nil {
		t.Fatal(err)
	}
}

func codeOf(err error) domain.Code {
	var failure *domain.Error
	if errors.As(err, &failure) {
		return failure.Code
	}
	return ""
}

func TestANewFileIsMadeForItsOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a folder", "odd ?#%41 name.db")
	store := openAt(t, path)
	defer store.Close()
	write(t, store, domain.Batch{Messages: []domain.Message{text("A1")}})
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s is %v", filepath.Base(path+suffix), info.Mode())
		}
	}
	if info, _ := os.Stat(filepath.Dir(path)); info.Mode().Perm() != 0o700 {
		t.Errorf("the folder is %v", info.Mode())
	}
}

func TestTheSchemaIsLookedAtBeforeAnythingIsWritten(t *testing.T) {
	newer := sqlite.KnownVersion() + 1
	for name, test := range map[string]struct {
		sql  string
		want domain.Code
	}{
		"newer, and it says that we may not":   {fmt.Sprintf("PRAGMA user_version = %d; UPDATE meta SET value = '%d' WHERE key = 'min_writer'", newer, newer), domain.SchemaMismatch},
		"newer, and it says nothing":           {fmt.Sprintf("PRAGMA user_version = %d; DELETE FROM meta WHERE key = 'min_writer'", newer), domain.SchemaMismatch},
		"newer, and it says something strange": {fmt.Sprintf("PRAGMA user_version = %d; UPDATE meta SET value = 'x' WHERE key = 'min_writer'", newer), domain.SchemaMismatch},
		"newer, and it says that we may":       {fmt.Sprintf("PRAGMA user_version = %d", newer), ""},
		"ours":                                 {"PRAGMA optimize", ""},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "messages.db")
			running := openAt(t, path)
			defer running.Close()
			tamper(t, path, test.sql)
			_, err := running.Write(domain.Batch{Messages: []domain.Message{text("A1")}})
			if codeOf(err) != test.want {
				t.Errorf("a running writer says %v", err)
			}
			store, err := Open(path, nil)
			if codeOf(err) != test.want {
				t.Errorf("opening says %v", err)
			}
			if store != nil {
				store.Close()
			}
		})
	}
}

func TestAFileThatIsNoDatabaseIsAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "messages.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, nil); err == nil {
		t.Error("it was opened")
	}
}

func TestProgramsThatOpenTheSameNewFileAtOnceWaitForEachOther(t *testing.T) {
	path := filepath.Join(t.TempDir(), "messages.db")
	var group sync.WaitGroup
	for i := range 4 {
		group.Add(1)
		go func() {
			defer group.Done()
			store, err := Open(path, nil)
			if err != nil {
				t.Error(err)
				return
			}
			defer store.Close()
			if _, err := store.Write(domain.Batch{Messages: []domain.Message{text(fmt.Sprint("M", i))}}); err != nil {
				t.Error(err)
			}
		}()
	}
	group.Wait()
	store := openAt(t, path)
	defer store.Close()
	if got := rows(t, store, "SELECT count(*) AS n FROM messages"); got[0] != `{"n":4}` {
		t.Errorf("got %v", got)
	}
}

func TestTheFileSaysWhichSchemaThisProgramKnows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "messages.db")
	for _, before := range []string{"", "3", "x"} {
		if before != "" {
			tamper(t, path, "UPDATE meta SET value = '"+before+"' WHERE key = 'whatsmeow_schema'")
		}
		store := openAt(t, path)
		if said, err := store.Meta("whatsmeow_schema"); said != fmt.Sprint(sqlite.KnownVersion()) || err != nil {
			t.Errorf("after %q it says %q (%v)", before, said, err)
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}
	newer := sqlite.KnownVersion() + 1
	tamper(t, path, fmt.Sprintf("PRAGMA user_version = %d; UPDATE meta SET value = '%d' WHERE key = 'min_writer'; UPDATE meta SET value = '3' WHERE key = 'whatsmeow_schema'", newer, newer))
	if _, err := Open(path, nil); codeOf(err) != domain.SchemaMismatch {
		t.Errorf("a newer file: %v", err)
	}
	s, closing, err := sqlite.OpenConn(path, "NORMAL")
	if err != nil {
		t.Fatal(err)
	}
	defer closing()
	if said := s.Number("SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'whatsmeow_schema'", nil); said != 3 {
		t.Errorf("it wrote %d into a file that it may not write", said)
	}
}
