package sqlite

import (
	"path/filepath"
	"testing"
	"testing/fstest"
)

// Migrations are sorted by number.
func TestReadMigrations_order(t *testing.T) {
	list, err := readMigrations(fstest.MapFS{
		"migrations/010_b.sql": {Data: []byte("ten")}, "migrations/002_a.sql": {Data: []byte("two")},
	})
	if err != nil || len(list) != 2 || list[0].version != 2 || list[1].text != "ten" {
		t.Errorf("got %v, %v", list, err)
	}
	if _, err := readMigrations(fstest.MapFS{"migrations/first.sql": {}}); err == nil {
		t.Error("a migration without a number was taken")
	}
}

// A failed migration changes nothing.
func TestConn_Migrate_failure(t *testing.T) {
	s, closing, err := OpenConn(filepath.Join(t.TempDir(), "messages.db"), "NORMAL")
	if err != nil {
		t.Fatal(err)
	}
	defer closing()
	next := migration{KnownVersion() + 1, "CREATE TABLE half (id INTEGER); CREATE TABLE meta (x)"}
	if err := s.migrateTo(append(migrations[:len(migrations):len(migrations)], next)); err == nil {
		t.Fatal("it succeeded")
	}
	s.Err = nil
	if s.Number("SELECT count(*) FROM sqlite_schema WHERE name = 'half'", nil) != 0 {
		t.Error("its first statement was kept")
	}
	if version := s.Number("PRAGMA user_version", nil); version != int64(KnownVersion()) {
		t.Errorf("the version is %d", version)
	}
}
