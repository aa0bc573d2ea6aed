package store

import (
	"slices"
	"sync"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// writesKept is how many of the latest writes the figures are of.
const writesKept = 1000

// writeStats is how writing goes. It has a lock of its own: whoever asks must not wait for a write that waits for the file.
type writeStats struct {
	mutex  sync.Mutex
	latest []time.Duration
	writes int64
	busy   int64
}

// record notes a write that was committed, and how long that took.
func (p *writeStats) record(took time.Duration) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if len(p.latest) < writesKept {
		p.latest = append(p.latest, took)
	} else {
		p.latest[p.writes%writesKept] = took
	}
	p.writes++
}

// recordBusy notes a transaction that did not get the lock in time.
func (p *writeStats) recordBusy() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.busy++
}

func (p *writeStats) figures() domain.Writing {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	found := domain.Writing{Writes: p.writes, BusyErrors: p.busy}
	if len(p.latest) == 0 {
		return found
	}
	sorted := slices.Sorted(slices.Values(p.latest))
	at := func(percent int) *float64 {
		ms := milliseconds(sorted[min(len(sorted)*percent/100, len(sorted)-1)])
		return &ms
	}
	found.P50, found.P95, found.Max = at(50), at(95), at(100)
	return found
}

func milliseconds(took time.Duration) float64 { return float64(took.Microseconds()) / 1000 }
