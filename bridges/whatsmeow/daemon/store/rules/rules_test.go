package rules

import (
	"testing"
)

// Times before 1970 are rounded down too.
func TestFloorSeconds(t *testing.T) {
	for ms, want := range map[int64]int64{0: 0, 1: 0, 999: 0, 1000: 1, -1: -1, -999: -1, -1000: -1, -1001: -2} {
		if got := floorSeconds(ms); got != want {
			t.Errorf("%d ms are %d s, not %d", ms, got, want)
		}
	}
}

// Only steps of the delivery have a rank.
func TestRank(t *testing.T) {
	for i, state := range []string{"queued", "server", "delivered", "read", "played"} {
		if rank(state) != i {
			t.Errorf("%s has rank %d", state, rank(state))
		}
	}
	for _, state := range []string{"failed", "unknown", "", "rumour"} {
		if rank(state) != -1 {
			t.Errorf("%q has rank %d", state, rank(state))
		}
	}
}
