package history

import (
	"math"
	"slices"
	"time"

	"go.mau.fi/whatsmeow/proto/waHistorySync"

	"whatsapp-hybrid-mcp/wa-bridge/spool"
)

const (
	// StalledAfter is the time without any activity after which no more history is expected.
	StalledAfter = 5 * time.Minute
	// recentOnlyAfter is the wait for a full history after the recent one: some phones never send a full one.
	recentOnlyAfter = 10 * time.Minute
)

// Progress is how much of the history has arrived at this bridge.
type Progress struct {
	Parts []spool.Part
	// Pending counts the chunks that were announced and are not written yet.
	Pending int
	// Announced is the time of the latest announcement, Active the time of the latest activity of any kind, including
	// the login. Both are zero when that was in an earlier run of the program.
	Announced, Active time.Time
}

// The names of the kinds of parts, as the spool stores them.
var (
	FullKind   = waHistorySync.HistorySync_FULL.String()
	recentKind = waHistorySync.HistorySync_RECENT.String()
)

// LateFactor multiplies the quiet time while parts are missing, since they may only be late. After that time the
// history counts as complete without them.
const LateFactor = 4

// WholeAt returns when the history counts as complete if nothing more arrives. It returns false while the last part
// has not arrived or an announced chunk is not written. The Node program uses the same rule
// (src/sync/history-progress.ts).
func (a Progress) WholeAt(quiet time.Duration) (time.Time, bool) {
	if a.Pending > 0 {
		return time.Time{}, false
	}
	if !a.reached100(FullKind) {
		return a.recentAt()
	}
	if a.missing() > 0 {
		quiet *= LateFactor
	}
	latest := a.Announced
	for _, part := range a.Parts {
		if part.WrittenAt.After(latest) {
			latest = part.WrittenAt
		}
	}
	return latest.Add(quiet), true
}

// recentAt returns when the history counts as complete without a full one, which some phones never send. The wait
// starts when the recent history is complete.
func (a Progress) recentAt() (at time.Time, found bool) {
	for _, part := range a.Parts {
		if part.Kind == FullKind {
			return time.Time{}, false
		}
		if part.Kind == recentKind && part.Progress >= 100 && (!found || part.WrittenAt.Before(at)) {
			at, found = part.WrittenAt, true
		}
	}
	return at.Add(recentOnlyAfter), found
}

// IsWhole reports whether the history is complete at a time.
func (a Progress) IsWhole(now time.Time, quiet time.Duration) bool {
	at, known := a.WholeAt(quiet)
	return known && !now.Before(at)
}

// IsArriving reports whether more history is expected.
func (a Progress) IsArriving(now time.Time, quiet time.Duration) bool {
	return !a.IsWhole(now, quiet) && now.Before(a.Active.Add(StalledAfter))
}

func (a Progress) reached100(kind string) bool {
	return slices.ContainsFunc(a.Parts, func(part spool.Part) bool { return part.Kind == kind && part.Progress >= 100 })
}

// missing counts the gaps in the numbers of each kind's parts, and the last parts that have not arrived.
func (a Progress) missing() (count int) {
	start := a.startOfKinds()
	for _, kind := range []string{recentKind, FullKind} {
		if numbers := a.numbers(kind); len(numbers) > 0 {
			count += int(slices.Max(numbers)-min(start, slices.Min(numbers))) + 1 - len(numbers)
		}
		if a.has(kind) && !a.reached100(kind) {
			count++
		}
	}
	return count
}

func (a Progress) has(kind string) bool {
	return slices.ContainsFunc(a.Parts, func(part spool.Part) bool { return part.Kind == kind })
}

// startOfKinds returns the number at which every kind starts, for phones that number each kind separately: then two
// kinds share numbers. Other phones continue the numbers from one kind to the next; for them it returns MaxInt64.
func (a Progress) startOfKinds() int64 {
	kinds := map[string]bool{}
	for _, part := range a.Parts {
		kinds[part.Kind] = true
	}
	var all []int64
	for kind := range kinds {
		all = append(all, a.numbers(kind)...)
	}
	slices.Sort(all)
	if distinct := slices.Compact(slices.Clone(all)); len(distinct) < len(all) {
		return distinct[0]
	}
	return math.MaxInt64
}

// numbers returns the distinct part numbers of a kind, sorted. Some parts have no number.
func (a Progress) numbers(kind string) (numbers []int64) {
	for _, part := range a.Parts {
		if part.Kind == kind && part.Number != spool.NoNumber {
			numbers = append(numbers, part.Number)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}
