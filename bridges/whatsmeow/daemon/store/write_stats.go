package store

import (
	"slices"
	"sync"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// maxWrites is the number of latest writes that are measured.
const writesKept = 1000

// writeStats measures writes. It has its own lock, because a status request must not wait for a write.
type writeStats struct {
	mutex  sync.Mutex
	latest []time.Duration
	writes int64
	busy   int64
}

// record adds a committed write and its duration.
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

// recordBusy counts a transaction that did not get the lock in time.
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
