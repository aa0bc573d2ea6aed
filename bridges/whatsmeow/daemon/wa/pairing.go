package wa

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"regexp"
	"time"

	"go.mau.fi/whatsmeow"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// WhatsApp's first QR text is valid for a minute, each one after it for 20 seconds.
const (
	firstQRLifetime = time.Minute
	nextQRLifetime  = 20 * time.Second
	// qrTimeout is how long to wait for the first QR text.
	qrTimeout = 30 * time.Second
)

const codeSteps = "On the phone: Settings › Linked devices › Link a device › Link with phone number instead."

// PairInput is how somebody wants to link a phone; Phone is for method code.
type PairInput struct {
	Method string `json:"method"`
	Phone  string `json:"phone"`
}

// PairOutput is what somebody with the phone in hand needs to go on.
type PairOutput struct {
	State       domain.State `json:"state"`
	FlowID      string       `json:"flow_id,omitempty"`
	QR          string       `json:"qr,omitempty"`
	Code        string       `json:"code,omitempty"`
	ExpiresAt   string       `json:"expires_at,omitempty"`
	SecondsLeft *int         `json:"seconds_left,omitempty"`
	Message     *string      `json:"message"`
}

// flow is one pairing: who starts a second one gets the first.
type flow struct {
	id      string
	codes   []string
	since   time.Time
	code    string
	failure *domain.Error
	stop    *time.Timer
}

// current is the QR text that is valid now and until when, with the time when the last one ends.
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

// number is a phone number in E.164: what people write otherwise is made so before any bridge is asked.
var number = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)

// Pair starts to link a phone, or answers the state of a bridge that is linked.
func (b *Bridge) Pair(ctx context.Context, input PairInput) (PairOutput, error) {
	switch {
	case input.Method != "qr" && input.Method != "code":
		return PairOutput{}, domain.Errorf(domain.InvalidInput, "method is qr or code.")
	case input.Method == "code" && !number.MatchString(input.Phone):
		return PairOutput{}, domain.Errorf(domain.InvalidInput, "phone must be a number with its country code, such as +15550100000.")
	case b.Account().JID != "":
		output := b.PairingStatus()
		output.Message = textOrNil("A phone is linked already.")
		return output, nil
	}
	if err := b.awaitQR(ctx); err != nil {
		return PairOutput{}, err
	}
	if input.Method == "code" {
		if err := b.requestCode(ctx, input.Phone[1:]); err != nil {
			return PairOutput{}, err
		}
	}
	return b.PairingStatus(), nil
}

// awaitQR connects a device without a phone, and waits for the QR texts that WhatsApp sends to one.
func (b *Bridge) awaitQR(ctx context.Context) error {
	mine := b.startFlow()
	ctx, cancel := context.WithTimeout(ctx, qrTimeout)
	defer cancel()
	for {
		b.mutex.Lock()
		changed, codes, failure, gone := b.changed, len(mine.codes), mine.failure, b.flow != mine
		state, message := b.state, b.message
		b.mutex.Unlock()
		switch {
		case failure != nil:
			return failure
		case codes > 0:
			return nil
		case gone || state != domain.Pairing:
			b.endFlow()
			return domain.Errorf(domain.BridgeUnavailable, "WhatsApp did not offer a QR code. %s", message)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			b.stopPairing("")
			return domain.Errorf(domain.BridgeUnavailable, "WhatsApp did not offer a QR code.")
		}
	}
}

// startFlow starts a flow where there is none. The state is told before the connection begins: what that says comes after.
func (b *Bridge) startFlow() *flow {
	b.mutex.Lock()
	mine := b.flow
	if mine != nil {
		b.mutex.Unlock()
		return mine
	}
	id := make([]byte, 8)
	_, _ = rand.Read(id) // never fails on the systems that Go supports
	mine = &flow{id: hex.EncodeToString(id)}
	b.flow, b.device = mine, b.devices.Fresh(b.hooks())
	b.mutex.Unlock()
	b.set(domain.Pairing, "")
	b.background(b.connect)
	return mine
}

// onQR takes the QR texts; when the last one has run out, the pairing ends.
func (b *Bridge) onQR(codes []string) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.flow == nil {
		return
	}
	b.flow.codes, b.flow.since = codes, b.Now()
	_, _, end := b.flow.current(b.Now())
	mine := b.flow
	b.flow.stop = b.afterFunc(end.Sub(b.Now()), func() {
		b.mutex.Lock()
		isMine := b.flow == mine
		b.mutex.Unlock()
		if isMine {
			b.stopPairing("Nobody used a code in time; start again.")
		}
	})
	close(b.changed)
	b.changed = make(chan struct{})
}

func (b *Bridge) requestCode(ctx context.Context, phone string) error {
	code, err := b.current().PairPhone(ctx, phone, true, whatsmeow.PairClientChrome, "Chrome (Linux)")
	if err != nil {
		b.stopPairing("")
		if errors.Is(err, whatsmeow.ErrIQRateOverLimit) {
			return domain.Errorf(domain.RateLimited, "WhatsApp gives no code for this number at the moment.")
		}
		return &domain.Error{Code: domain.UpstreamRejected, Message: "WhatsApp gave no code for this number.", Cause: err}
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.flow != nil {
		b.flow.code = code
	}
	return nil
}

// PairingStatus is the current QR text or code, or the state after it.
func (b *Bridge) PairingStatus() PairOutput {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	output := PairOutput{State: b.state, Message: textOrNil(b.message)}
	if b.flow == nil || b.state != domain.Pairing {
		return output
	}
	now := b.Now()
	output.FlowID = b.flow.id
	qr, until, end := b.flow.current(now)
	if b.flow.code != "" {
		output.Code, until, output.Message = b.flow.code, end, textOrNil(codeSteps)
	} else {
		output.QR = qr
	}
	if until.After(now) {
		left := int(until.Sub(now).Seconds())
		output.ExpiresAt, output.SecondsLeft = until.UTC().Format("2006-01-02T15:04:05.000Z"), &left
	}
	return output
}

func (b *Bridge) isPairing() bool {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.flow != nil
}
