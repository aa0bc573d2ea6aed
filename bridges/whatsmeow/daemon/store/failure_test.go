package store

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/spool"
	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
)

func TestAFileThatIsNoDatabaseIsNamedWithTheNextStep(t *testing.T) {
	for file, open := range map[string]func(path string) error{
		"messages.db":       func(path string) error { _, err := Open(path, nil); return err },
		"whatsmeow.db":      func(path string) error { _, err := spool.Open(path); return err },
		"whatsmeow.lock.db": func(path string) error { _, err := sqlite.Lock(path); return err },
	} {
		path := filepath.Join(t.TempDir(), file)
		if err := os.WriteFile(path, []byte(strings.Repeat("a shopping list\n", 400)), 0o600); err != nil {
			t.Fatal(err)
		}
		err := open(path)
		if codeOf(err) != domain.StoreUnavailable || sqlite.IsTransient(err) {
			t.Errorf("%s: %v", file, err)
			continue
		}
		want := "store_unavailable: " + file + " is no database, or its beginning is damaged. "
		if next, found := strings.CutPrefix(err.Error(), want); !found || next == "" {
			t.Errorf("got %q", err)
		}
	}
}

func TestADamagedFileIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "messages.db")
	store := openAt(t, path)
	write(t, store, domain.Batch{Messages: []domain.Message{text("A1")}})
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := 100; at < 4096; at++ { // the header stays valid, the list of tables does not
		content[at] = 0xff
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Open(path, nil)
	if codeOf(err) != domain.StoreUnavailable || !strings.Contains(err.Error(), "messages.db is damaged. Stop every server") {
		t.Errorf("got %v", err)
	}
}

func TestADatabaseOfAnotherProgramIsLeftAsItIs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "messages.db")
	pool, err := sql.Open("sqlite", sqlite.DSN(path))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec("CREATE TABLE messages (theirs TEXT); CREATE TABLE meta (key TEXT)"); err != nil {
		t.Fatal(err)
	}
	pool.Close()
	before, _ := os.ReadFile(path)
	_, err = Open(path, nil)
	if codeOf(err) != domain.StoreUnavailable || !strings.Contains(err.Error(), "another program") {
		t.Errorf("got %v", err)
	}
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Error("the file was changed")
	}
}

func TestEveryNewFileGetsANameOfItsOwn(t *testing.T) {
	names := map[string]bool{}
	for i := range 2 {
		store := openAt(t, filepath.Join(t.TempDir(), fmt.Sprint(i), "messages.db"))
		var name string
		if !store.writer.One("SELECT value FROM meta WHERE key = 'store_id'", nil, &name) || len(name) != 32 {
			t.Errorf("the store id is %q", name)
		}
		names[name] = true
		store.Close()
	}
	if len(names) != 2 {
		t.Error("two files have one name")
	}
}
