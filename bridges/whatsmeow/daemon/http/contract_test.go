package http

import (
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestTheRoutesAreThoseOfTheContract(t *testing.T) {
	text, err := os.ReadFile("../../contract/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var contract struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(text, &contract); err != nil {
		t.Fatal(err)
	}
	promised := map[string]bool{}
	for path, methods := range contract.Paths {
		for method := range methods {
			if method == "post" && strings.Count(path, ".") == 1 {
				path = "/v1/{operation}"
			}
			promised[strings.ToUpper(method)+" "+path] = true
		}
	}
	routes := (&Server{}).routes()
	for pattern := range promised {
		if routes[pattern] == nil {
			t.Errorf("the contract has %s, and the program has not", pattern)
		}
	}
	for pattern := range routes {
		if !promised[pattern] {
			t.Errorf("the program has %s, and the contract has not", pattern)
		}
	}
}

func TestAFailureHasTheShapeOfTheContract(t *testing.T) {
	text, err := os.ReadFile("../../contract/examples/problem.json")
	if err != nil {
		t.Fatal(err)
	}
	d := newTestServer(t)
	response, told := d.ask(t, http.MethodPost, "/v1/greeting.refuse", "{}", nil)
	if response.StatusCode != http.StatusUnauthorized || !slices.Equal(fields(t, told), fields(t, string(text))) {
		t.Errorf("%d %s", response.StatusCode, told)
	}
}

// fields returns the sorted field names of an object.
func fields(t *testing.T, text string) []string {
	t.Helper()
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		t.Fatal(err)
	}
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
