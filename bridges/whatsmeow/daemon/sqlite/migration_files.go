package sqlite

import (
	"embed"
	"fmt"
	"io/fs"
	"sort"
	"strconv"
	"strings"
)

//go:embed migrations/*.sql
var files embed.FS

type migration struct {
	version int
	text    string
}

// migrations are sorted by version; `001_init.sql` brings the schema to version 1.
var migrations = mustRead(files)

func mustRead(folder fs.FS) []migration {
	list, err := readMigrations(folder)
	if err != nil {
		panic(err) // the files are embedded in the program
	}
	return list
}

func readMigrations(folder fs.FS) ([]migration, error) {
	names, err := fs.Glob(folder, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var list []migration
	for _, name := range names {
		number, _, _ := strings.Cut(strings.TrimPrefix(name, "migrations/"), "_")
		version, err := strconv.Atoi(number)
		if err != nil {
			return nil, fmt.Errorf("migration %s has no number", name)
		}
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		list = append(list, migration{version, string(text)})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].version < list[j].version })
	return list, nil
}

// KnownVersion returns the newest schema version that this program knows.
func KnownVersion() int { return migrations[len(migrations)-1].version }
