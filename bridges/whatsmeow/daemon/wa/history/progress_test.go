package history

import (
	"testing"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/spool"
)

var moment = time.Unix(1_760_000_000, 0)

func part(kind string, number int64, progress uint32, after time.Duration) spool.Part {
	return spool.Part{Kind: kind, Number: number, Progress: progress, WrittenAt: moment.Add(after)}
}

// History is complete when all of it is written and nothing more arrives.
func TestProgress_IsComplete(t *testing.T) {
	const quiet, minute = 15 * time.Second, time.Minute
	full := func(numbers ...int64) (parts []spool.Part) {
		for i, number := range numbers {
			parts = append(parts, part(FullKind, number, uint32(i+1)*100/uint32(len(numbers)), 0))
		}
		return parts
	}
	recent := part(recentKind, 1, 100, 0)
	for name, test := range map[string]struct {
		history  Progress
		at       time.Duration
		whole    bool
		arriving bool
	}{
		"nothing came yet":              {Progress{Active: moment}, minute, false, true},
		"nothing came for long":         {Progress{Active: moment}, 5 * minute, false, false},
		"all of it, a moment ago":       {Progress{Parts: full(1, 2), Active: moment}, quiet - 1, false, true},
		"all of it":                     {Progress{Parts: full(1, 2), Active: moment}, quiet, true, false},
		"one blob without a number":     {Progress{Parts: full(spool.NoNumber)}, quiet, true, false},
		"it starts with a later number": {Progress{Parts: full(2, 3), Active: moment}, quiet, true, false},
		"one in the middle may be late": {Progress{Parts: full(1, 3), Active: moment}, 4*quiet - 1, false,
			true},
		"one in the middle never comes": {Progress{Parts: full(1, 3), Active: moment}, 4 * quiet, true, false},
		"its end is missing": {Progress{Parts: []spool.Part{part(FullKind, 1, 50, 0)},
			Active: moment}, minute, false, true},
		"something waits to be written": {Progress{Parts: full(1), Pending: 1, Active: moment}, minute, false,
			true},
		"something was announced since": {Progress{Parts: full(1), Announced: moment.Add(minute),
			Active: moment}, minute + quiet - 1, false, true},
		"the number goes on from kind to kind": {Progress{Parts: append(full(2, 3), recent)}, quiet, true, false},
		"each kind has its own numbers": {Progress{Parts: append(full(2, 3), recent,
			part(recentKind, 2, 100, 0)), Active: moment}, minute - 1, false, true},
		"only recent history, so far": {Progress{Parts: []spool.Part{recent}, Active: moment}, minute, false,
			true},
		"only recent history comes": {Progress{Parts: []spool.Part{recent}}, 10 * minute, true, false},
		"recent history and the start of all": {Progress{Parts: []spool.Part{recent, part(FullKind, 2, 20, 0)}},
			10 * minute, false, false},
	} {
		if whole := test.history.IsComplete(moment.Add(test.at), quiet); whole != test.whole {
			t.Errorf("%s: whole %t", name, whole)
		}
		if arriving := test.history.IsArriving(moment.Add(test.at), quiet); arriving != test.arriving {
			t.Errorf("%s: arriving %t", name, arriving)
		}
	}
}
