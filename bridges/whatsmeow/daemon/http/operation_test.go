package http

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// tell runs an operation that returns its own input.
func tell[T any](t *testing.T, text string) (any, *domain.Error) {
	t.Helper()
	output, err := Define(func(_ context.Context, input T) (T, error) { return input, nil }).Run(context.Background(),
		[]byte(text))
	failure, known := err.(*domain.Error)
	if err != nil && !known {
		t.Fatalf("%s: %v", text, err)
	}
	return output, failure
}

// Field names are case-sensitive.
func TestDefine_field_names(t *testing.T) {
	for text, known := range map[string]bool{
		`{}`: true, ``: true, `{"name":"a"}`: true, `{"name":"a","jid":"15550100001@s.whatsapp.net"}`: true,
		`{"Name":"a"}`: false, `{"NAME":"a"}`: false, `{"name":"a","nAme":"b"}`: false,
		`{"jid":"15550100001@s.whatsapp.net","JID":"x"}`: false,
		`{"":1}`: false, `{"ＮＡＭＥ":"a"}`: false, `{"na\u006de":"a"}`: true, `{"Na\u006de":"a"}`: false,
	} {
		output, failure := tell[greeting](t, text)
		if known != (failure == nil) {
			t.Errorf("%s: %+v, %v", text, output, failure)
		}
		if failure != nil && (failure.Code != domain.InvalidInput ||
			failure.Message != "The body has an unknown field; known are: name, jid.") {
			t.Errorf("%s: %v", text, failure)
		}
	}
}

// Field names of nested objects are case-sensitive too.
func TestDefine_nested_field_names(t *testing.T) {
	type letter struct {
		Name string    `json:"name"`
		Part *greeting `json:"part"`
	}
	for text, want := range map[string]string{
		`{"name":"a","part":{"name":"b"}}`: "", `{"part":null}`: "",
		`{"part":{"Name":"b"}}`:          "The body has an unknown field; known are: name, jid.",
		`{"part":{"name":"b","more":1}}`: "The body has an unknown field; known are: name, jid.",
		`{"Part":{"name":"b"}}`:          "The body has an unknown field; known are: name, part.",
		`{"part":[]}`:                    `Field "part" must be of type http.greeting.`,
	} {
		if _, failure := tell[letter](t, text); failure == nil && want != "" || failure != nil &&
			failure.Message != want {
			t.Errorf("%s: %v", text, failure)
		}
	}
}

// An operation without input accepts no fields.
func TestDefineBare_fields(t *testing.T) {
	if _, failure := tell[struct{}](t, `{"name":"a"}`); failure == nil ||
		failure.Message != "The body has an unknown field; known are: none." {
		t.Errorf("got %v", failure)
	}
}

// The error is about the first thing that is wrong.
func TestDefine_invalid_input(t *testing.T) {
	for text, want := range map[string]string{
		`[]`:                           "The body must be a JSON object.",
		`"x"`:                          "The body must be a JSON object.",
		`{"name":`:                     "The body is no JSON object.",
		`{"name":"a"`:                  "The body is no JSON object.",
		`{"name":"a"}}`:                "There is something after the JSON object.",
		`{"name":"a"} {"name":"b"}`:    "There is something after the JSON object.",
		`{"name":7}`:                   `Field "name" must be of type string.`,
		`{"jid":7}`:                    "An address must be a text.",
		`{"jid":"nobody"}`:             "This is no WhatsApp address: a text of 6 bytes.",
		`{"Name":7}`:                   "The body has an unknown field; known are: name, jid.",
		`{"other":1, "name":7}`:        "The body has an unknown field; known are: name, jid.",
		strings.Repeat(`{"name":`, 50): "The body is no JSON object.",
	} {
		if _, failure := tell[greeting](t, text); failure == nil || failure.Message != want ||
			failure.Code != domain.InvalidInput {
			t.Errorf("%s: %v", text, failure)
		}
	}
}

type shelf struct {
	Books   []string `json:"books"`
	Rare    []string `json:"rare,omitempty"`
	Boards  []board  `json:"boards"`
	Best    *board   `json:"best"`
	Nothing *board   `json:"nothing"`
	board
	hidden []string
}

type board struct {
	Feet []int `json:"feet"`
}

// An empty list is encoded as [].
func TestDefine_empty_lists(t *testing.T) {
	operation := Define(func(context.Context, struct{}) (shelf, error) {
		return shelf{Boards: []board{{}, {Feet: []int{4}}}, Best: &board{}}, nil
	})
	output, err := operation.Run(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(output)
	want := `{"books":[],"boards":[{"feet":[]},{"feet":[4]}],"best":{"feet":[]},"nothing":null,"feet":[]}`
	if err != nil || string(text) != want {
		t.Errorf("%s (%v)", text, err)
	}
	if kind := reflect.TypeOf(output); kind != operation.Output || output.(shelf).hidden != nil {
		t.Errorf("it became %s", kind)
	}
}
