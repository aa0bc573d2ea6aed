package device

import (
	"errors"
	"fmt"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// Redact returns the text of our own errors and only the type of any other, whose text may hold anything.
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
