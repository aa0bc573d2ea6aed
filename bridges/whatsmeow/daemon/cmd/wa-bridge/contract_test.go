package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/wa"
	"whatsapp-hybrid-mcp/wa-bridge/wa/operations"
)

const contractFolder = "../../../contract"

// notServed lists the operations of the contract that this program does not support, each with the reason.
var notServed = map[string]string{}

type contract struct {
	Info struct {
		Version string `json:"version"`
	} `json:"info"`
	Paths map[string]struct {
		Post *struct {
			RequestBody body            `json:"requestBody"`
			Responses   map[string]body `json:"responses"`
		} `json:"post"`
	} `json:"paths"`
	Components struct {
		Schemas map[string]schema `json:"schemas"`
	} `json:"components"`
}

type body struct {
	Content map[string]struct {
		Schema schema `json:"schema"`
	} `json:"content"`
}

func (b body) schema() schema { return b.Content["application/json"].Schema }

func readJSON(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(contractFolder, path))
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// promised maps each operation of the contract to its input and output schema.
func promised(t *testing.T) map[string][2]schema {
	t.Helper()
	var file contract
	readJSON(t, "openapi.json", &file)
	found := map[string][2]schema{}
	for path, item := range file.Paths {
		if name := strings.TrimPrefix(path, "/v1/"); item.Post != nil && strings.Contains(name, ".") {
			found[name] = [2]schema{item.Post.RequestBody.schema(), item.Post.Responses["200"].schema()}
		}
	}
	if len(found) < 5 {
		t.Fatalf("the contract has only %d operations", len(found))
	}
	return found
}

// The program serves the operations of the contract.
func TestOperations_of_contract(t *testing.T) {
	served := operations.All(&wa.Bridge{})
	for name := range promised(t) {
		_, isServed := served[name]
		if reason := notServed[name]; isServed == (reason != "") {
			t.Errorf("%s: served is %t, the reason not to serve it %q", name, isServed, reason)
		}
	}
	for name := range served {
		if _, ok := promised(t)[name]; !ok {
			t.Errorf("%s is not in the contract", name)
		}
	}
}

// The JSON of all operations matches the contract.
func TestOperations_schemas(t *testing.T) {
	all := operations.All(&wa.Bridge{})
	for name, schemas := range promised(t) {
		operation, ok := all[name]
		if !ok {
			continue // the test above reports it
		}
		for _, difference := range append(schemas[0].differences(operation.Input, "request", true),
			schemas[1].differences(operation.Output, "reply", false)...) {
			t.Errorf("%s: %s", name, difference)
		}
	}
}

// No input contains a list of objects, whose field names would not be checked.
func TestOperations_input_lists(t *testing.T) {
	for name, operation := range operations.All(&wa.Bridge{}) { // the test above checks the names
		for _, field := range reflect.VisibleFields(operation.Input) {
			kind := field.Type
			if kind.Kind() == reflect.Pointer && kind.Elem().Kind() == reflect.Struct {
				continue
			}
			for kind.Kind() == reflect.Pointer || kind.Kind() == reflect.Slice {
				kind = kind.Elem()
			}
			if !slices.Contains([]reflect.Kind{reflect.String, reflect.Bool, reflect.Int, reflect.Int64,
				reflect.Float64}, kind.Kind()) {
				t.Errorf("%s: %s is %s", name, field.Name, field.Type)
			}
		}
	}
}

// reread decodes a text strictly into a type and encodes it again.
func reread(t *testing.T, shape reflect.Type, text json.RawMessage) []byte {
	t.Helper()
	value := reflect.New(shape)
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(value.Interface()); err != nil {
		t.Errorf("%s: %v", text, err)
	}
	again, err := json.Marshal(value.Interface())
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func sameJSON(t *testing.T, one, other []byte) bool {
	t.Helper()
	var values [2]any
	for i, text := range [][]byte{one, other} {
		if err := json.Unmarshal(text, &values[i]); err != nil {
			t.Fatal(err)
		}
	}
	return reflect.DeepEqual(values[0], values[1])
}

// The examples of the contract are decoded and encoded unchanged.
func TestOperations_examples(t *testing.T) {
	for name, operation := range operations.All(&wa.Bridge{}) {
		t.Run(name, func(t *testing.T) {
			var example struct {
				Request json.RawMessage `json:"request"`
				Reply   json.RawMessage `json:"reply"`
			}
			readJSON(t, filepath.Join("examples", name+".json"), &example)
			reread(t, operation.Input, example.Request)
			if again := reread(t, operation.Output, example.Reply); !sameJSON(t, again, example.Reply) {
				t.Errorf("the reply %s became %s", example.Reply, again)
			}
		})
	}
}

// The status matches the contract.
func TestStatus_schema(t *testing.T) {
	var file contract
	readJSON(t, "openapi.json", &file)
	var example json.RawMessage
	readJSON(t, "examples/status.json", &example)
	type status struct {
		domain.BridgeStatus
		Version map[string]string `json:"version"`
	}
	if again := reread(t, reflect.TypeFor[status](), example); !sameJSON(t, again, example) {
		t.Errorf("the example became %s", again)
	}
	promised := file.Components.Schemas["Status"]
	version := promised.Properties["version"]
	delete(promised.Properties, "version")
	promised.Required = slices.DeleteFunc(promised.Required, func(name string) bool { return name == "version" })
	for _, difference := range promised.differences(reflect.TypeFor[domain.BridgeStatus](), "status", false) {
		t.Error(difference)
	}
	said := versions(4)
	for _, name := range version.Required {
		if said[name] == "" {
			t.Errorf("the version does not say %s", name)
		}
	}
	for name := range said {
		if _, ok := version.Properties[name]; !ok {
			t.Errorf("%s is no version of the contract", name)
		}
	}
	if said["api"] != file.Info.Version {
		t.Errorf("this is interface %s, the contract %s", said["api"], file.Info.Version)
	}
}

// A difference from the contract is found.
func TestSchema_differences(t *testing.T) {
	text := `{"type":"object","required":["name","many"],
		"properties":{"name":{"type":"string"},"count":{"type":"integer"},
			"many":{"type":"array","items":{"type":"object","required":["at","by"],
				"properties":{"at":{"anyOf":[{"type":"string"},{"type":"null"}]},
					"by":{"type":["integer","null"]}}}}}}`
	var wanted schema
	if err := json.Unmarshal([]byte(text), &wanted); err != nil {
		t.Fatal(err)
	}
	type item struct {
		At *string `json:"at"`
		By *int    `json:"by"`
	}
	type always struct {
		At string `json:"at"`
		By *int   `json:"by"`
	}
	for name, test := range map[string]struct {
		shape any
		want  []string
	}{
		"the same": {struct {
			Name  domain.JID `json:"name"`
			Count *int       `json:"count,omitempty"`
			Many  []item     `json:"many"`
		}{}, nil},
		"a field less": {struct {
			Name string `json:"name"`
			Many []item `json:"many"`
		}{}, []string{"x.count is missing"}},
		"a field more": {struct {
			Name  string `json:"name"`
			Count int    `json:"count,omitempty"`
			Many  []item `json:"many"`
			More  bool   `json:"more"`
		}{}, []string{"x.more is not in the contract"}},
		"of another type": {struct {
			Name  int    `json:"name"`
			Count string `json:"count,omitempty"`
			Many  item   `json:"many"`
		}{}, []string{"x.count is string, not integer", "x.many is struct, not array", "x.name is int, not string"}},
		"left out or not": {struct {
			Name  string `json:"name,omitempty"`
			Count int    `json:"count"`
			Many  []item `json:"many"`
		}{}, []string{"x.count is always there", "x.name may be left out"}},
		"null or not": {struct {
			Name  *string  `json:"name"`
			Count int      `json:"count,omitempty"`
			Many  []always `json:"many"`
		}{}, []string{"x.many[].at is never null", "x.name may be null"}},
		"anything": {map[string]any{}, []string{"x is map, not object"}},
	} {
		if got := wanted.differences(reflect.TypeOf(test.shape), "x", false); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}
