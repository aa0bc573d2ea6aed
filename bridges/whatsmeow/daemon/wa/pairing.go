package wa

import (
	"context"
	"errors"
	"regexp"

	"go.mau.fi/whatsmeow"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

const codeSteps = "On the phone: Settings › Linked devices › Link a device › Link with phone number instead."

// PairInput chooses how to link a phone. Method is qr or code; Phone is used by code only.
type PairInput struct {
	Method string `json:"method"`
	Phone  string `json:"phone"`
}

// PairOutput is the state of a pairing with the QR text or the code to enter.
type PairOutput struct {
	State       domain.State `json:"state"`
	FlowID      string       `json:"flow_id,omitempty"`
	QR          string       `json:"qr,omitempty"`
	Code        string       `json:"code,omitempty"`
	ExpiresAt   string       `json:"expires_at,omitempty"`
	SecondsLeft *int         `json:"seconds_left,omitempty"`
	Message     *string      `json:"message"`
}

// number matches a phone number in E.164. The operation's input schema in bridges/operations normalizes other forms.
var number = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)

// Pair starts to link a phone, or returns the status when one is linked. Fails with invalid_input,
// bridge_unavailable, needs_passkey, rate_limited or upstream_rejected.
func (p *pairing) Pair(ctx context.Context, input PairInput) (PairOutput, error) {
	switch {
	case input.Method != "qr" && input.Method != "code":
		return PairOutput{}, domain.Errorf(domain.InvalidInput, "method is qr or code.")
	case input.Method == "code" && !number.MatchString(input.Phone):
		return PairOutput{}, domain.Errorf(domain.InvalidInput,
			"phone must be a number with its country code, such as +15550100000.")
	case p.Account().JID != "":
		output := p.PairingStatus()
		output.Message = textOrNil("A phone is linked already.")
		return output, nil
	}
	if err := p.awaitQR(ctx); err != nil {
		return PairOutput{}, err
	}
	if input.Method == "code" {
		if err := p.requestCode(ctx, input.Phone[1:]); err != nil {
			return PairOutput{}, err
		}
	}
	return p.PairingStatus(), nil
}

// awaitQR connects a device that is not linked, and waits for the QR texts that WhatsApp sends to it.
func (p *pairing) awaitQR(ctx context.Context) error {
	mine := p.startFlow()
	ctx, cancel := context.WithTimeout(ctx, domain.ConnectionPairAnswerTimeout)
	defer cancel()
	for {
		p.mutex.Lock()
		changed, codes, failure, gone := p.changed, len(mine.codes), mine.failure, p.flow != mine
		state, message := p.state, p.message
		p.mutex.Unlock()
		switch {
		case failure != nil:
			return failure
		case codes > 0:
			return nil
		case gone || state != domain.Pairing:
			p.endFlow()
			return domain.Errorf(domain.BridgeUnavailable, "WhatsApp did not offer a QR code. %s", message)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			p.stopPairing("")
			return domain.Errorf(domain.BridgeUnavailable, "WhatsApp did not offer a QR code.")
		}
	}
}

// onQR stores the QR texts and ends the pairing when the last one expires.
func (p *pairing) onQR(codes []string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.flow == nil {
		return
	}
	p.flow.codes, p.flow.since = codes, p.Now()
	_, _, end := p.flow.current(p.Now())
	mine := p.flow
	p.flow.stop = p.afterFunc(end.Sub(p.Now()), func() {
		p.mutex.Lock()
		isMine := p.flow == mine
		p.mutex.Unlock()
		if isMine {
			p.stopPairing("Nobody used a code in time; start again.")
		}
	})
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *pairing) requestCode(ctx context.Context, phone string) error {
	code, err := p.current().PairPhone(ctx, phone, true, whatsmeow.PairClientChrome, "Chrome (Linux)")
	if err != nil {
		p.stopPairing("")
		if errors.Is(err, whatsmeow.ErrIQRateOverLimit) {
			return domain.Errorf(domain.RateLimited, "WhatsApp gives no code for this number at the moment.")
		}
		return &domain.Error{Code: domain.UpstreamRejected, Message: "WhatsApp gave no code for this number.",
			Cause: err}
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.flow != nil {
		p.flow.code = code
	}
	return nil
}

// PairingStatus returns the current QR text or code, or the state when no pairing runs.
func (p *pairing) PairingStatus() PairOutput {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	output := PairOutput{State: p.state, Message: textOrNil(p.message)}
	if p.flow == nil || p.state != domain.Pairing {
		return output
	}
	now := p.Now()
	output.FlowID = p.flow.id
	qr, until, end := p.flow.current(now)
	if p.flow.code != "" {
		output.Code, until, output.Message = p.flow.code, end, textOrNil(codeSteps)
	} else {
		output.QR = qr
	}
	if until.After(now) {
		left := int(until.Sub(now).Seconds())
		output.ExpiresAt, output.SecondsLeft = until.UTC().Format("2006-01-02T15:04:05.000Z"), &left
	}
	return output
}
