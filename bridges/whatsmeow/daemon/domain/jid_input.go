package domain

import (
	"encoding/json"
	"fmt"
)

// JID is an address in an input, without device part.
type JID string

// UnmarshalJSON refuses what is no address.
func (j *JID) UnmarshalJSON(text []byte) error {
	var value string
	if err := json.Unmarshal(text, &value); err != nil {
		return Errorf(InvalidInput, "An address must be a text.")
	}
	normal := NormalizeJID(value)
	if normal == "" {
		return Errorf(InvalidInput, "This is no WhatsApp address: %s.", shape(value))
	}
	*j = JID(normal)
	return nil
}

// shape says what a text looks like and not what it says.
func shape(text string) string { return fmt.Sprintf("a text of %d bytes", len(text)) }
