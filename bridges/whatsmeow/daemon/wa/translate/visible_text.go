package translate

import (
	"go.mau.fi/whatsmeow/proto/waE2E"
)

// visibleText is what a person reads in a wire message: text or caption.
func visibleText(message *waE2E.Message) string {
	inner, _ := unwrap(message)
	if field := visibleField(inner); field != "" {
		return read(field, inner).text
	}
	return ""
}
