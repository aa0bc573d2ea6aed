package wa

import (
	"time"

	"go.mau.fi/whatsmeow/proto/waHistorySync"

	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
)

const (
	// stalledAfter: when nothing came for so long, nobody waits for more.
	stalledAfter = 5 * time.Minute
	// recentOnlyAfter: some phones send no full history at all.
	recentOnlyAfter = 10 * time.Minute
)

// arrival is how far the history came that this bridge brings.
type arrival struct {
	parts []sqlite.Part
	// pending are blobs that were announced and are not written.
	pending int
	// announced is when one was announced last, active when anything happened at all, the login included; zero when
	// that was not in this run of the program.
	announced, active time.Time
}

var (
	fullKind   = waHistorySync.HistorySync_FULL.String()
	recentKind = waHistorySync.HistorySync_RECENT.String()
)

// wholeAt is when the history was whole, if nothing more comes until then; false while something is known to be
// missing, which is waited for without an end.
func (a arrival) wholeAt(quiet time.Duration) (time.Time, bool) {
	last, found := a.last(fullKind)
	if !found {
		if last, found = a.last(recentKind); !found || a.has(fullKind) {
			return time.Time{}, false
		}
		quiet = max(quiet, recentOnlyAfter)
	}
	if a.pending > 0 || a.missing(last) > 0 {
		return time.Time{}, false
	}
	latest := a.announced
	for _, part := range a.parts {
		if part.WrittenAt.After(latest) {
			latest = part.WrittenAt
		}
	}
	return latest.Add(quiet), true
}

func (a arrival) isWhole(now time.Time, quiet time.Duration) bool {
	at, known := a.wholeAt(quiet)
	return known && !now.Before(at)
}

// isArriving: more is to be expected.
func (a arrival) isArriving(now time.Time, quiet time.Duration) bool {
	return !a.isWhole(now, quiet) && now.Before(a.active.Add(stalledAfter))
}

func (a arrival) has(kind string) bool {
	for _, part := range a.parts {
		if part.Kind == kind {
			return true
		}
	}
	return false
}

// last is the part with which a kind came to its end.
func (a arrival) last(kind string) (last sqlite.Part, found bool) {
	for _, part := range a.parts {
		if part.Kind == kind && part.Progress >= 100 {
			last, found = part, true
		}
	}
	return last, found
}

// missing counts the numbers up to the last part that never came. The phone counts from one; some phones number each
// kind by itself, some go on from one kind to the next: only of the first two kinds have the same numbers.
func (a arrival) missing(last sqlite.Part) int {
	own, all, repeats := map[uint32]bool{}, map[uint32]bool{}, false
	for _, part := range a.parts {
		repeats = repeats || all[part.Number]
		all[part.Number] = true
		if part.Kind == last.Kind {
			own[part.Number] = true
		}
	}
	numbers := own
	if !repeats {
		numbers = all
	}
	count := 0
	for number := min(last.Number, 1); number <= last.Number; number++ {
		if !numbers[number] {
			count++
		}
	}
	return count
}
