package rules

import (
	"strings"
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

var testBlocks = func() map[string]string {
	found := map[string]string{}
	readBlocks("-- About the file.\n\n-- name: outer\nSELECT {inner: text = {leaf}; more = b = c}\n-- why\n  FROM "+
		"{table}\n\n"+
		"-- name: inner\n({text}, {more})\n-- name: leaf\na = 1\n", found)
	return found
}()

// A rule contains its blocks and parts.
func TestExpand(t *testing.T) {
	if got := expand(testBlocks, "outer", parts{"table": "t"}); got != "SELECT (a = 1, b = c)\n  FROM t" {
		t.Error(got)
	}
	if got := findAlias["chat"]; got != "SELECT chat_id FROM main.chat_aliases WHERE alias = @alias" {
		t.Error(got)
	}
}

// A wrong rule stops the program at its start.
func TestExpand_panics(t *testing.T) {
	for want, wrong := range map[string]func(){
		"no rule nothing":       func() { expand(testBlocks, "nothing", nil) },
		"needs its part table":  func() { expand(testBlocks, "outer", nil) },
		"has no part colour":    func() { expand(testBlocks, "outer", parts{"table": "t", "colour": "red"}) },
		"has no part leaf":      func() { expand(testBlocks, "outer", parts{"table": "t", "leaf": "1"}) },
		"rule leaf stands twic": func() { readBlocks("-- name: leaf\n2\n", map[string]string{"leaf": "1"}) },
	} {
		func() {
			defer func() {
				if got, _ := recover().(string); !strings.Contains(got, want) {
					t.Errorf("%q is not %q", got, want)
				}
			}()
			wrong()
		}()
	}
}

// Every column of a delivered message has a value.
func TestMessage_Columns(t *testing.T) {
	var message domain.Message
	values := message.Columns()
	columns := strings.Fields(strings.ReplaceAll(rule("message_columns"), ",", " "))
	for _, column := range columns {
		if _, ok := values[column]; !ok {
			t.Errorf("domain.Message does not fill %s", column)
		}
	}
	if len(values) != len(columns) {
		t.Errorf("%d columns are filled, messages.db has %d", len(values), len(columns))
	}
}
