package domain

import (
	"encoding/json"
	"fmt"
)

// JID is an address in the input of an operation, without its device part.
type JID string

// UnmarshalJSON fails with invalid_input when the text is not an address.
func (j *JID) UnmarshalJSON(text []byte) error {
	var value string
	if err := json.Unmarshal(text, &value); err != nil {
		return Errorf(InvalidInput, "An address must be a text.")
	}
	normal := NormalizeJID(value)
	if normal == "" {
		return Errorf(InvalidInput, "This is no WhatsApp address: %s.", describe(value))
	}
	*j = JID(normal)
	return nil
}

// describe describes a text without quoting it.
func describe(text string) string { return fmt.Sprintf("a text of %d bytes", len(text)) }
