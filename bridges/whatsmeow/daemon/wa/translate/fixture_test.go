package translate

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"google.golang.org/protobuf/proto"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

var us = Context{Me: domain.Account{JID: "15550100000@s.whatsapp.net", LID: "20000000000000@lid"}, Now: 1_760_000_000_000}

// eachFixture reads the Node program's translations of wire bytes, line by line.
func eachFixture[T any](t *testing.T, path string, least int, read func(T)) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	count := 0
	for decoder := json.NewDecoder(file); decoder.More(); count++ {
		var one T
		if err := decoder.Decode(&one); err != nil {
			t.Fatal(err)
		}
		read(one)
	}
	if count < least {
		t.Errorf("only %d fixtures were found in %s", count, path)
	}
}

type messageFixture struct {
	Name    string          `json:"name"`
	Bytes   []byte          `json:"bytes"`
	Message *domain.Message `json:"message"`
	Changes []domain.Change `json:"changes"`
}

func TestAMessageBecomesTheRowAndTheChangesThatTheNodeProgramMakesOfIt(t *testing.T) {
	eachFixture(t, "testdata/messages.jsonl", 80, func(fixture messageFixture) {
		t.Run(fixture.Name, func(t *testing.T) {
			var info waWeb.WebMessageInfo
			if err := proto.Unmarshal(fixture.Bytes, &info); err != nil {
				t.Fatal(err)
			}
			message, changes := us.Message(&info)
			if message != nil {
				var again waWeb.WebMessageInfo
				if err := proto.Unmarshal(message.Raw, &again); err != nil || !proto.Equal(&info, &again) {
					t.Errorf("the wire form is not kept (%v)", err)
				}
				message.Raw = nil
			}
			if got, want := domain.JSON(message), domain.JSON(fixture.Message); got != want {
				t.Errorf("row\n  got  %s\n  want %s", got, want)
			}
			if got, want := domain.JSON(list(changes)), domain.JSON(fixture.Changes); got != want {
				t.Errorf("changes\n  got  %s\n  want %s", got, want)
			}
		})
	})
}

// list encodes nil as [] and not as null.
func list[T any](rows []T) []T { return append([]T{}, rows...) }

type historyFixture struct {
	Name    string            `json:"name"`
	Bytes   []byte            `json:"bytes"`
	Batches []json.RawMessage `json:"batches"`
}

func TestABlobBecomesTheFactsAndMessagesThatTheNodeProgramMakesOfIt(t *testing.T) {
	eachFixture(t, "testdata/history.jsonl", 7, func(fixture historyFixture) {
		t.Run(fixture.Name, func(t *testing.T) {
			var data waHistorySync.HistorySync
			if err := proto.Unmarshal(fixture.Bytes, &data); err != nil {
				t.Fatal(err)
			}
			place := 0
			for batch := range us.History(&data) {
				if place >= len(fixture.Batches) {
					t.Fatalf("there is a batch too much: %s", domain.JSON(batch))
				}
				compareBatch(t, batch, fixture.Batches[place])
				place++
			}
			if place != len(fixture.Batches) {
				t.Errorf("%d batches instead of %d", place, len(fixture.Batches))
			}
		})
	})
}

func compareBatch(t *testing.T, got domain.Batch, text json.RawMessage) {
	t.Helper()
	var ids struct {
		Messages []any `json:"messages"`
	}
	if err := json.Unmarshal(text, &ids); err != nil {
		t.Fatal(err)
	}
	if len(ids.Messages) > 0 {
		if _, ok := ids.Messages[0].(string); ok { // long chunks list only the ids
			var names []any
			for _, message := range got.Messages {
				names = append(names, message.ID)
			}
			if !reflect.DeepEqual(names, ids.Messages) {
				t.Errorf("other messages: %v", names)
			}
			return
		}
	}
	var want domain.Batch
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	for i := range got.Messages {
		got.Messages[i].Raw = nil
	}
	got.LIDPairs, want.LIDPairs = unique(got.LIDPairs), unique(want.LIDPairs)
	if g, w := domain.JSON(got), domain.JSON(want); g != w {
		t.Errorf("\n  got  %s\n  want %s", g, w)
	}
}

// unique removes repeated pairs.
func unique(pairs []domain.LIDPair) []domain.LIDPair {
	sorted := slices.Clone(pairs)
	slices.SortFunc(sorted, func(a, b domain.LIDPair) int { return strings.Compare(a.LID+a.PN, b.LID+b.PN) })
	return slices.Compact(sorted)
}

// factsOf returns the rows of a batch other than messages and changes, as text.
func factsOf(batch domain.Batch) string {
	text := labelled("pairs", batch.LIDPairs) + labelled("contacts", batch.Contacts) + labelled("chats", batch.Chats)
	if batch.Members != nil {
		text += "members"
	}
	for _, one := range batch.Members {
		text += fmt.Sprintf(" %s %s %d;", one.Member, one.Role, one.At)
	}
	return text
}

// labelled returns rows with a label before them; "" when there are none.
func labelled[T any](what string, rows []T) string {
	if rows == nil {
		return ""
	}
	return what + " " + domain.JSON(rows)
}
