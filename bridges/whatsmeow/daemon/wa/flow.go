package wa

import (
	"crypto/rand"
	"encoding/hex"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// The first QR text is valid for a minute, each later one for 20 seconds.
const (
	firstQRLifetime = time.Minute
	nextQRLifetime  = 20 * time.Second
)

// pairing links a phone.
type pairing struct {
	*link
	flow *flow
}

// flow is one pairing in progress. Calls during a pairing join it instead of starting another.
type flow struct {
	id      string
	codes   []string
	since   time.Time
	code    string
	failure *domain.Error
	stop    *time.Timer
}

// current returns the QR text that is valid now, the time until which it is valid, and the time when the last text
// expires.
func (f *flow) current(now time.Time) (qr string, until, end time.Time) {
	until = f.since
	for i, code := range f.codes {
		valid := nextQRLifetime
		if i == 0 {
			valid = firstQRLifetime
		}
		until = until.Add(valid)
		if qr == "" && now.Before(until) {
			qr, end = code, until
		}
	}
	return qr, end, until
}

// startFlow returns the running flow or starts one. It publishes the state before it connects, so that states of the
// connection come after it.
func (p *pairing) startFlow() *flow {
	p.mutex.Lock()
	mine := p.flow
	if mine != nil {
		p.mutex.Unlock()
		return mine
	}
	id := make([]byte, 8)
	_, _ = rand.Read(id) // never fails on the systems that Go supports
	mine = &flow{id: hex.EncodeToString(id)}
	p.flow, p.device = mine, p.devices.Fresh(p.hooks)
	p.mutex.Unlock()
	p.set(domain.Pairing, "")
	p.background(p.connect)
	return mine
}

func (p *pairing) isPairing() bool {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.flow != nil
}

// stopPairing ends the flow and its connection.
func (p *pairing) stopPairing(message string) {
	p.endFlow()
	p.current().Disconnect()
	p.set(domain.Unlinked, message)
}

func (p *pairing) endFlow() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.flow != nil && p.flow.stop != nil {
		p.flow.stop.Stop()
	}
	p.flow = nil
}

// failFlow ends the flow with an error for the call that waits for a code.
func (p *pairing) failFlow(failure *domain.Error) {
	p.mutex.Lock()
	if p.flow != nil {
		p.flow.failure = failure
	}
	p.mutex.Unlock()
	p.endFlow()
}
