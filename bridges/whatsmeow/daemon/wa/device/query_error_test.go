package device

import (
	"errors"
	"testing"
)

func TestQueryError_keeps_unknown_errors(t *testing.T) {
	if other := errors.New("a defect"); !errors.Is(QueryError(other, "answer"), other) {
		t.Error("a defect is called something else")
	}
}
