package sqlite

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The Node program has a device when it has credentials or is linking.
func TestHasBaileysDevice(t *testing.T) {
	ended := exec.Command("go", "version")
	if err := ended.Run(); err != nil {
		t.Fatal(err)
	}
	const table = "CREATE TABLE kv (type TEXT, id TEXT, value TEXT)"
	for name, test := range map[string]struct {
		auth, owner string
		want        bool
	}{
		"no files":                 {"", "", false},
		"no device":                {table, "", false},
		"keys of a broken pairing": {table + "; INSERT INTO kv VALUES ('session', 'a', '')", "", false},
		"a device":                 {table + "; INSERT INTO kv VALUES ('creds', 'self', '{}')", "", true},
		"an unknown file":          {"CREATE TABLE other (x)", "", true},
		"a running owner":          {table, fmt.Sprintf(`{"pid":%d}`, os.Getpid()), true},
		"a killed owner":           {table, fmt.Sprintf(`{"pid":%d}`, ended.Process.Pid), false},
		"a torn owner":             {table, `{"pid":`, false},
	} {
		folder := t.TempDir()
		if test.auth != "" {
			s, closing, err := OpenConn(filepath.Join(folder, "auth.db"), "NORMAL")
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(s.Script(test.auth), closing()); err != nil {
				t.Fatal(err)
			}
		}
		if test.owner != "" {
			if err := os.WriteFile(filepath.Join(folder, "lock.db.owner"), []byte(test.owner), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := HasBaileysDevice(folder); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
