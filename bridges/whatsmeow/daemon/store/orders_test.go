package store

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/spool"
	"whatsapp-hybrid-mcp/wa-bridge/store/rules"
)

// orders has the queries to compare on its first line. Each other line has batches in the order in which they
// arrived, and the tables that the Node writer made of them.
var orders = flag.String("orders", "testdata/orders.jsonl", "event orders to replay")

type order struct {
	Name    string                      `json:"name"`
	Queries map[string]string           `json:"queries"`
	Account domain.Account              `json:"account"`
	Now     int64                       `json:"now"`
	Batches []domain.Batch              `json:"batches"`
	Tables  map[string][]map[string]any `json:"tables"`
}

// eachOrder reads one line at a time, because the file is large.
func eachOrder(t *testing.T, read func(order)) {
	t.Helper()
	file, err := os.Open(*orders)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	decoder := json.NewDecoder(file)
	decoder.UseNumber()
	for decoder.More() {
		var one order
		if err := decoder.Decode(&one); err != nil {
			t.Fatal(err)
		}
		read(one)
	}
}

// newStore opens an empty messages.db with a spool beside it.
func newStore(t *testing.T) *Store {
	t.Helper()
	folder := t.TempDir()
	waiting, err := spool.Open(filepath.Join(folder, "whatsmeow.db"))
	if err != nil {
		t.Fatal(err)
	}
	store, err := Open(filepath.Join(folder, "messages.db"), waiting)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
		if err := waiting.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

func write(t *testing.T, store *Store, batch domain.Batch) rules.Counts {
	t.Helper()
	counts, err := store.Write(batch)
	if err != nil {
		t.Fatal(err)
	}
	counts.Took = 0
	return counts
}

// rows returns the result of a query, each row as JSON with its columns in order.
func rows(t *testing.T, store *Store, query string) []string {
	t.Helper()
	store.writer.Err = nil
	found := store.writer.Query(query, nil)
	if found == nil {
		t.Fatal(store.writer.Err)
	}
	defer found.Close()
	names, err := found.Columns()
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{}
	for found.Next() {
		values := make([]any, len(names))
		targets := make([]any, len(names))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := found.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		row := map[string]any{}
		for i, name := range names {
			row[name] = values[i]
		}
		lines = append(lines, domain.JSON(row))
	}
	return lines
}

func asLines(rows []map[string]any) []string {
	lines := []string{}
	for _, row := range rows {
		lines = append(lines, domain.JSON(row))
	}
	return lines
}

func difference(got, want []string) string {
	var text strings.Builder
	for _, line := range want {
		if !slices.Contains(got, line) {
			fmt.Fprintf(&text, "\n  missing %s", line)
		}
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			fmt.Fprintf(&text, "\n  too much %s", line)
		}
	}
	if text.Len() == 0 && len(got) != len(want) {
		fmt.Fprintf(&text, "\n  %d rows instead of %d", len(got), len(want))
	}
	return text.String()
}

func TestEveryOrderOfEventsLeavesWhatTheNodeWriterLeaves(t *testing.T) {
	var queries map[string]string
	played := 0
	eachOrder(t, func(story order) {
		if story.Queries != nil {
			queries = story.Queries
			return
		}
		played++
		t.Run(story.Name, func(t *testing.T) {
			store := newStore(t)
			store.now = func() time.Time { return time.UnixMilli(story.Now) }
			if err := store.LinkAccount(story.Account); err != nil {
				t.Fatal(err)
			}
			for _, batch := range story.Batches {
				write(t, store, batch)
			}
			for name, query := range queries {
				if diff := difference(rows(t, store, query), asLines(story.Tables[name])); diff != "" {
					t.Errorf("%s differs:%s", name, diff)
				}
			}
		})
	})
	if played < 10 {
		t.Errorf("only %d orders were found", played)
	}
}
