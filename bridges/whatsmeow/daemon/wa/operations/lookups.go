package operations

import (
	"math"
	"sync"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// maxLookups is how many questions about other people may follow each other at once, and lookupPause after which time
// one more is free. Both are twice what the server of this program allows itself (src/router/allowance.ts), so that
// this limit stops only what does not come through it.
const (
	maxLookups  = 10
	lookupPause = 10 * time.Second
)

// limited is a linked device that may be asked about other people only so often: WhatsApp restricts accounts that
// look up many.
type limited struct {
	Linked
	now func() time.Time

	lock sync.Mutex
	used float64
	at   time.Time
}

// AssertReady counts a question that can be asked now, and fails with rate_limited for one too many.
func (l *limited) AssertReady() error {
	if err := l.Linked.AssertReady(); err != nil {
		return err
	}
	l.lock.Lock()
	defer l.lock.Unlock()
	now := l.now()
	l.used = max(0, l.used-now.Sub(l.at).Seconds()/lookupPause.Seconds())
	l.at = now
	if wait := (l.used - (maxLookups - 1)) * lookupPause.Seconds(); wait > 0 {
		return domain.Errorf(domain.RateLimited,
			"Too many look-ups of people; the next one is possible in %.0f seconds.", math.Ceil(wait))
	}
	l.used++
	return nil
}
