package wa

import (
	"math"
	"slices"
	"time"

	"go.mau.fi/whatsmeow/proto/waHistorySync"

	"whatsapp-hybrid-mcp/wa-bridge/spool"
)

const (
	// stalledAfter: when nothing came for so long, nobody waits for more.
	stalledAfter = 5 * time.Minute
	// recentOnlyAfter: some phones send no full history at all.
	recentOnlyAfter = 10 * time.Minute
)

// arrival is how far the history came that this bridge brings.
type arrival struct {
	parts []spool.Part
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

// lateFactor: what is known to be missing is waited for so many times longer, since it may only be late; then the history
// is complete without it.
const lateFactor = 4

// wholeAt is when the history is whole, if nothing more comes until then. False while its end did not come, or a blob
// that was announced is not written. The Node program completes by the same rule (src/sync/history-progress.ts).
func (a arrival) wholeAt(quiet time.Duration) (time.Time, bool) {
	if a.pending > 0 {
		return time.Time{}, false
	}
	if !a.reached100(fullKind) {
		return a.recentAt()
	}
	if a.missing() > 0 {
		quiet *= lateFactor
	}
	latest := a.announced
	for _, part := range a.parts {
		if part.WrittenAt.After(latest) {
			latest = part.WrittenAt
		}
	}
	return latest.Add(quiet), true
}

// recentAt: some phones send no full history at all; it is waited for from the moment the recent one was whole.
func (a arrival) recentAt() (at time.Time, found bool) {
	for _, part := range a.parts {
		if part.Kind == fullKind {
			return time.Time{}, false
		}
		if part.Kind == recentKind && part.Progress >= 100 && (!found || part.WrittenAt.Before(at)) {
			at, found = part.WrittenAt, true
		}
	}
	return at.Add(recentOnlyAfter), found
}

func (a arrival) isWhole(now time.Time, quiet time.Duration) bool {
	at, known := a.wholeAt(quiet)
	return known && !now.Before(at)
}

// isArriving: more is to be expected.
func (a arrival) isArriving(now time.Time, quiet time.Duration) bool {
	return !a.isWhole(now, quiet) && now.Before(a.active.Add(stalledAfter))
}

func (a arrival) reached100(kind string) bool {
	return slices.ContainsFunc(a.parts, func(part spool.Part) bool { return part.Kind == kind && part.Progress >= 100 })
}

// missing counts the numbers that never came between the first and the last part of a kind, and a last part that is none.
func (a arrival) missing() (count int) {
	start := a.startOfKinds()
	for _, kind := range []string{recentKind, fullKind} {
		if numbers := a.numbers(kind); len(numbers) > 0 {
			count += int(slices.Max(numbers)-min(start, slices.Min(numbers))) + 1 - len(numbers)
		}
		if a.has(kind) && !a.reached100(kind) {
			count++
		}
	}
	return count
}

func (a arrival) has(kind string) bool {
	return slices.ContainsFunc(a.parts, func(part spool.Part) bool { return part.Kind == kind })
}

// startOfKinds is where every kind starts, for phones that number each by itself: there two kinds have the same numbers.
// Others go on counting from one kind to the next.
func (a arrival) startOfKinds() int64 {
	kinds := map[string]bool{}
	for _, part := range a.parts {
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
func (a arrival) numbers(kind string) (numbers []int64) {
	for _, part := range a.parts {
		if part.Kind == kind && part.Number != spool.NoNumber {
			numbers = append(numbers, part.Number)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}
