package sqlite

import (
	"path/filepath"
	"testing"
)

func TestConn_Exec_text(t *testing.T) {
	conn, closeConn, err := OpenConn(filepath.Join(t.TempDir(), "texts.db"), "OFF")
	if err != nil {
		t.Fatal(err)
	}
	defer closeConn()
	if err := conn.Script("CREATE TABLE texts (name TEXT, other TEXT, empty TEXT, bytes BLOB)"); err != nil {
		t.Fatal(err)
	}
	name, other := "a\xff\xfeb", "c\xed\xa0\x80d"
	values := Args{"name": name, "other": &other, "empty": (*string)(nil), "bytes": []byte{0xff}}
	conn.Exec("INSERT INTO texts VALUES (@name, @other, @empty, @bytes)", values)
	var got string
	conn.One("SELECT hex(name) || ' ' || hex(other) || ' ' || (empty IS NULL) || ' ' || hex(bytes) FROM texts", nil,
		&got)
	if want := "61EFBFBDEFBFBD62 63EFBFBDEFBFBDEFBFBD64 1 FF"; got != want || conn.Err != nil {
		t.Errorf("got %s (%v), want %s", got, conn.Err, want)
	}
}
