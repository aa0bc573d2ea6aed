package rules

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// sqlFiles is the SQL of the rules, which the Node program reads too. A block begins with `-- name: x`; other
// comments are ignored. `{name}` stands for another block or a part that the caller gives, `{name: part = text; part
// = text}` for a block with its parts.
//
//go:embed sql/*.sql
var sqlFiles embed.FS

// parts are the texts for the names in braces that are not blocks.
type parts map[string]string

var blocks = mustReadBlocks(sqlFiles)

var placeholder = regexp.MustCompile(`\{(\w+)(?:: ([^{}]*))?\}`)

func mustReadBlocks(folder fs.FS) map[string]string {
	names, err := fs.Glob(folder, "sql/*.sql")
	if err != nil {
		panic(err) // the files are embedded in the program
	}
	found := map[string]string{}
	for _, name := range names {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			panic(err)
		}
		readBlocks(string(text), found)
	}
	return found
}

func readBlocks(text string, found map[string]string) {
	for _, block := range strings.Split("\n"+text, "\n-- name: ")[1:] {
		name, body, _ := strings.Cut(block, "\n")
		var lines []string
		for _, line := range strings.Split(body, "\n") {
			if !strings.HasPrefix(line, "--") {
				lines = append(lines, line)
			}
		}
		if _, known := found[name]; known {
			panic("the rule " + name + " stands twice")
		}
		found[name] = strings.TrimSpace(strings.Join(lines, "\n"))
	}
}

// rule returns the SQL of a block. It panics for an unknown name, a missing part and an unknown part. Every use is a
// package variable, so that a mistake stops the program at its start.
func rule(name string, given ...parts) string {
	var all parts
	if len(given) > 0 {
		all = given[0]
	}
	return expand(blocks, name, all)
}

func expand(blocks map[string]string, name string, given parts) string {
	text, ok := blocks[name]
	if !ok {
		panic("there is no rule " + name)
	}
	for part := range given {
		if _, isBlock := blocks[part]; isBlock || !regexp.MustCompile(`\{`+part+`\W`).MatchString(text) {
			panic(fmt.Sprintf("the rule %s has no part %s", name, part))
		}
	}
	for before := ""; before != text; {
		before = text
		text = placeholder.ReplaceAllStringFunc(text, func(found string) string {
			match := placeholder.FindStringSubmatch(found)
			if _, ok := blocks[match[1]]; ok {
				return expand(blocks, match[1], partsOf(match[2]))
			}
			part, ok := given[match[1]]
			if !ok {
				panic(fmt.Sprintf("the rule %s needs its part %s", name, match[1]))
			}
			return part
		})
	}
	return text
}

func partsOf(text string) parts {
	found := parts{}
	if text == "" {
		return found
	}
	for _, pair := range strings.Split(text, "; ") {
		part, value, _ := strings.Cut(pair, " = ")
		found[part] = value
	}
	return found
}

// forNouns returns the SQL of a rule for chats and for contacts.
func forNouns(name string) map[string]string {
	return map[string]string{"chat": rule(name, parts{"noun": "chat"}),
		"contact": rule(name, parts{"noun": "contact"})}
}
