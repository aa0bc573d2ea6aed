package history

import (
	"math"
	"slices"
	"time"

	"go.mau.fi/whatsmeow/proto/waHistorySync"

	"whatsapp-hybrid-mcp/wa-bridge/spool"
)

const (
	// StalledAfter: when nothing came for so long, nobody waits for more.
	StalledAfter = 5 * time.Minute
	// recentOnlyAfter: some phones send no full history at all.
	recentOnlyAfter = 10 * time.Minute
)

// Progress is how far the history came that this bridge brings.
type Progress struct {
	Parts []spool.Part
	// Pending are blobs that were announced and are not written.
	Pending int
	// Announced is when one was announced last, active when anything happened at all, the login included; zero when
	// that was not in this run of the program.
	Announced, Active time.Time
}

var (
	FullKind   = waHistorySync.HistorySync_FULL.String()
	recentKind = waHistorySync.HistorySync_RECENT.String()
)

// LateFactor: what is known to be missing is waited for so many times longer, since it may only be late; then the history
// is complete without it.
const LateFactor = 4

// WholeAt is when the history is whole, if nothing more comes until then. False while its end did not come, or a blob
// that was announced is not written. The Node program completes by the same rule (src/sync/history-progress.ts).
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

// recentAt: some phones send no full history at all; it is waited for from the moment the recent one was whole.
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

func (a Progress) IsWhole(now time.Time, quiet time.Duration) bool {
	at, known := a.WholeAt(quiet)
	return known && !now.Before(at)
}

// IsArriving: more is to be expected.
func (a Progress) IsArriving(now time.Time, quiet time.Duration) bool {
	return !a.IsWhole(now, quiet) && now.Before(a.Active.Add(StalledAfter))
}

func (a Progress) reached100(kind string) bool {
	return slices.ContainsFunc(a.Parts, func(part spool.Part) bool { return part.Kind == kind && part.Progress >= 100 })
}

// missing counts the numbers that never came between the first and the last part of a kind, and a last part that is none.
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

// startOfKinds is where every kind starts, for phones that number each by itself: there two kinds have the same numbers.
// Others go on counting from one kind to the next.
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

// numbers are the different numbers of a kind's parts; some parts have none.
func (a Progress) numbers(kind string) (numbers []int64) {
	for _, part := range a.Parts {
		if part.Kind == kind && part.Number != spool.NoNumber {
			numbers = append(numbers, part.Number)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}
