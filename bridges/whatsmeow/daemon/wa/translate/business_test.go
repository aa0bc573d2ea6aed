package translate

import (
	"encoding/json"
	"testing"

	binary "go.mau.fi/whatsmeow/binary"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// stanza is a node as JSON; its content is a text or a list.
type stanza struct {
	Tag     string            `json:"tag"`
	Attrs   map[string]string `json:"attrs"`
	Content json.RawMessage   `json:"content"`
}

func (s stanza) node(t *testing.T) binary.Node {
	t.Helper()
	node := binary.Node{Tag: s.Tag, Attrs: binary.Attrs{}}
	for name, text := range s.Attrs {
		node.Attrs[name] = text
	}
	var text string
	var children []stanza
	switch {
	case len(s.Content) == 0:
	case json.Unmarshal(s.Content, &text) == nil:
		node.Content = []byte(text)
	case json.Unmarshal(s.Content, &children) == nil:
		nodes := []binary.Node{}
		for _, child := range children {
			nodes = append(nodes, child.node(t))
		}
		node.Content = nodes
	default:
		t.Fatalf("%s is no content", s.Content)
	}
	return node
}

type profileFixture struct {
	Name    string  `json:"name"`
	Answer  stanza  `json:"answer"`
	Profile Profile `json:"profile"`
}

func TestABusinessIsReadAsTheNodeProgramReadsIt(t *testing.T) {
	eachFixture(t, "testdata/profiles.jsonl", 9, func(fixture profileFixture) {
		t.Run(fixture.Name, func(t *testing.T) {
			answer := fixture.Answer.node(t)
			if got, want := domain.JSON(ProfileOf(&answer)), domain.JSON(fixture.Profile); got != want {
				t.Errorf("\n  got  %s\n  want %s", got, want)
			}
		})
	})
}
