package store

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/spool"
)

// rightsFile has a query on its first line. Each other line has batches and the rows that the table of rights makes
// of them.
var rightsFile = flag.String("rights", "testdata/rights.jsonl", "changes by anyone to replay")

type rightsPart struct {
	Name    string           `json:"name"`
	Query   string           `json:"query"`
	Account domain.Account   `json:"account"`
	Batches []domain.Batch   `json:"batches"`
	Rows    []map[string]any `json:"rows"`
}

// reopened opens the store of a folder as a restarted program does.
func reopened(t *testing.T, folder string) (*Store, func()) {
	t.Helper()
	waiting, err := spool.Open(filepath.Join(folder, "whatsmeow.db"))
	if err != nil {
		t.Fatal(err)
	}
	store, err := Open(filepath.Join(folder, "messages.db"), waiting)
	if err != nil {
		t.Fatal(err)
	}
	return store, func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
		if err := waiting.Close(); err != nil {
			t.Error(err)
		}
	}
}

func playRights(t *testing.T, part rightsPart, query string) {
	folder := t.TempDir()
	store, end := reopened(t, folder)
	defer func() { end() }()
	if err := store.LinkAccount(part.Account); err != nil {
		t.Fatal(err)
	}
	for n, batch := range part.Batches {
		write(t, store, batch)
		if n%3 == 2 {
			end()
			store, end = reopened(t, folder)
		}
	}
	for _, row := range part.Rows {
		if row["raw"] == nil {
			row["raw"] = "" // hex of an empty value
		}
	}
	if diff := difference(rows(t, store, query), asLines(part.Rows)); diff != "" {
		t.Errorf("differs:%s", diff)
	}
}

func TestAChangeByAnyoneIsWorthWhatTheTableSays(t *testing.T) {
	file, err := os.Open(*rightsFile)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	decoder := json.NewDecoder(file)
	decoder.UseNumber()
	query, played := "", 0
	for decoder.More() {
		var part rightsPart
		if err := decoder.Decode(&part); err != nil {
			t.Fatal(err)
		}
		if part.Query != "" {
			query = part.Query
			continue
		}
		played += len(part.Rows)
		t.Run(part.Name, func(t *testing.T) { playRights(t, part, query) })
	}
	if played < 100 {
		t.Errorf("only %d changes were found", played)
	}
	t.Logf("played %d", played)
}
