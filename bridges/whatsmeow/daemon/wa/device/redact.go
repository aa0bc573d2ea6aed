package device

import (
	"errors"
	"fmt"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// Redact names an error for the log: our own words, or only the kind, since other texts may hold anything.
func Redact(err error) string {
	var failure *domain.Error
	if errors.As(err, &failure) {
		return failure.Error()
	}
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return fmt.Sprintf("%T", err)
}
