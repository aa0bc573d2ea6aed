package domain

import (
	"os"
	"strings"
	"testing"
)

// The Node program knows every state.
func TestState_contract(t *testing.T) {
	text, err := os.ReadFile("../../../../src/domain/states.ts")
	if err != nil {
		t.Fatal(err)
	}
	for _, state := range []State{Unlinked, Pairing, Connecting, Syncing, Ready, Degraded, Replaced, LoggedOut,
		Restricted, Outdated, Down} {
		if !strings.Contains(string(text), "\n  "+string(state)+": '") {
			t.Errorf("%q is no bridge state", state)
		}
	}
	if !strings.Contains(string(text), "['"+strings.Join(DeliveryStates, "', '")+"']") {
		t.Errorf("the delivery states are not %v", DeliveryStates)
	}
}
