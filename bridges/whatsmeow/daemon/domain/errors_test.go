package domain

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"testing"
)

var tableRow = regexp.MustCompile(`(?s)\n  (\w+): \{\s*status: (\d+),\s*retryable: (true|false),`)

// Both programs have the same table of error codes.
func TestCodeInfos_contract(t *testing.T) {
	text, err := os.ReadFile("../../../../src/domain/errors.ts")
	if err != nil {
		t.Fatal(err)
	}
	theirs := map[string]string{}
	for _, row := range tableRow.FindAllStringSubmatch(string(text), -1) {
		theirs[row[1]] = row[2] + " " + row[3]
	}
	if len(theirs) < 20 {
		t.Fatalf("only %d codes were read from errors.ts", len(theirs))
	}
	for code, meaning := range CodeInfos {
		ours := fmt.Sprintf("%d %t", meaning.Status, meaning.Retryable)
		if theirs[string(code)] != ours {
			t.Errorf("%s is %q here and %q there", code, ours, theirs[string(code)])
		}
	}
}

// An error keeps its code and its cause.
func TestErrorf(t *testing.T) {
	cause := errors.New("the disk is full")
	err := fmt.Errorf("writing: %w", &Error{Code: Internal, Message: "not stored", Cause: cause})
	var failure *Error
	if !errors.As(err, &failure) || failure.Code != Internal || !errors.Is(err, cause) {
		t.Errorf("code or cause was lost in %v", err)
	}
	if got := Errorf(InvalidInput, "%d is too many", 3).Error(); got != "invalid_input: 3 is too many" {
		t.Errorf("got %q", got)
	}
}
