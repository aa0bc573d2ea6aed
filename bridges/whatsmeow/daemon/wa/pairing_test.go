package wa

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

func codeOf(err error) domain.Code {
	var failure *domain.Error
	if errors.As(err, &failure) {
		return failure.Code
	}
	return ""
}

// offers returns a fake device that WhatsApp sends QR texts to.
func offers(f *fakeDevice) {
	f.onConnect = func(f *fakeDevice) error {
		f.hooks.Handle(&events.QR{Codes: []string{"first", "second", "third"}})
		return nil
	}
	f.onPair = func(phone string) (string, error) { return "CODE-" + phone[len(phone)-4:], nil }
}

func TestTheQRTextOfTheMomentIsShown(t *testing.T) {
	f := &flow{codes: []string{"first", "second", "third"}, since: moment}
	for after, want := range map[time.Duration]string{
		0: "first", 59 * time.Second: "first", time.Minute: "second", 79 * time.Second: "second", 80 * time.Second: "third", 99 * time.Second: "third", 100 * time.Second: "",
	} {
		qr, until, end := f.current(moment.Add(after))
		if qr != want || end != moment.Add(100*time.Second) || want != "" && !until.After(moment.Add(after)) {
			t.Errorf("after %s: %q until %s, end %s", after, qr, until, end)
		}
	}
}

func TestAPhoneIsLinkedByQRText(t *testing.T) {
	b := newBed(t, types.EmptyJID, offers)
	b.Start()
	first, err := b.Pair(context.Background(), PairInput{Method: "qr"})
	if err != nil || first.State != domain.Pairing || first.QR != "first" || first.FlowID == "" || *first.SecondsLeft != 60 || first.ExpiresAt != "2025-10-09T08:54:20.000Z" {
		t.Fatalf("got %+v, %v", first, err)
	}
	if second, err := b.Pair(context.Background(), PairInput{Method: "qr"}); err != nil || second.FlowID != first.FlowID {
		t.Errorf("a second one got %+v, %v", second, err)
	}
	device := b.fake()
	device.hooks.Handle(&events.PairSuccess{ID: own})
	device.mutex.Lock()
	device.id = own
	device.mutex.Unlock()
	device.hooks.Handle(&events.Disconnected{}) // WhatsApp's restart after pairing (515)
	device.hooks.Handle(&events.Connected{})
	b.until(t, `state {"state":"ready"}`)
	if again, err := b.Pair(context.Background(), PairInput{Method: "qr"}); err != nil || again.State != domain.Ready || again.QR != "" || *again.Message != "A phone is linked already." {
		t.Errorf("afterwards %+v, %v", again, err)
	}
}

func TestAPhoneIsLinkedByCode(t *testing.T) {
	b := newBed(t, types.EmptyJID, offers)
	output, err := b.Pair(context.Background(), PairInput{Method: "code", Phone: "+15550100001"})
	if err != nil || output.Code != "CODE-0001" || output.QR != "" || *output.SecondsLeft != 100 {
		t.Errorf("got %+v, %v", output, err)
	}
}

func TestWhatCannotBeLinkedIsSaidSo(t *testing.T) {
	for name, test := range map[string]struct {
		input   PairInput
		prepare func(*fakeDevice)
		want    domain.Code
	}{
		"another method":    {PairInput{Method: "wish"}, offers, domain.InvalidInput},
		"no number":         {PairInput{Method: "code", Phone: "me"}, offers, domain.InvalidInput},
		"a national number": {PairInput{Method: "code", Phone: "0555 0100"}, offers, domain.InvalidInput},
		"one with a zero that is dialled inside the country only": {PairInput{Method: "code", Phone: "+44 (0) 20 7946 0123"}, offers, domain.InvalidInput},
		"too many codes": {PairInput{Method: "code", Phone: "+15550100001"}, func(f *fakeDevice) {
			offers(f)
			f.onPair = func(string) (string, error) { return "", whatsmeow.ErrIQRateOverLimit }
		}, domain.RateLimited},
		"no code": {PairInput{Method: "code", Phone: "+15550100001"}, func(f *fakeDevice) {
			offers(f)
			f.onPair = func(string) (string, error) { return "", errors.New("private words") }
		}, domain.UpstreamRejected},
		"no connection": {PairInput{Method: "qr"}, func(f *fakeDevice) {
			f.onConnect = func(*fakeDevice) error { return errors.New("private words") }
		}, domain.BridgeUnavailable},
		"refused": {PairInput{Method: "qr"}, func(f *fakeDevice) {
			f.onConnect = func(f *fakeDevice) error { f.hooks.Handle(&events.ClientOutdated{}); return nil }
		}, domain.BridgeUnavailable},
		"a passkey": {PairInput{Method: "qr"}, func(f *fakeDevice) {
			f.onConnect = func(f *fakeDevice) error { f.hooks.Handle(&events.PairPasskeyRequest{}); return nil }
		}, domain.NeedsPasskey},
		"another account": {PairInput{Method: "qr"}, func(f *fakeDevice) {
			f.onConnect = func(f *fakeDevice) error { f.hooks.Handle(&events.PairError{}); return nil }
		}, domain.UpstreamRejected},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBed(t, types.EmptyJID, test.prepare)
			_, err := b.Pair(context.Background(), test.input)
			if codeOf(err) != test.want {
				t.Errorf("got %v", err)
			}
			if b.isPairing() || b.Status().State == domain.Pairing {
				t.Error("it goes on pairing")
			}
		})
	}
}

func TestAPairingEndsWhenItIsCancelledOrNobodyComes(t *testing.T) {
	b := newBed(t, types.EmptyJID, offers)
	var wait time.Duration
	var end func()
	b.afterFunc = func(after time.Duration, work func()) *time.Timer {
		wait, end = after, work
		return time.NewTimer(time.Hour)
	}
	if _, err := b.Pair(context.Background(), PairInput{Method: "qr"}); err != nil || wait != 100*time.Second {
		t.Fatalf("it ends after %s (%v)", wait, err)
	}
	if got := b.CancelPairing(); got.State != domain.Unlinked || b.fake().heard("disconnect") != 1 {
		t.Errorf("got %+v", got)
	}
	first := end
	if _, err := b.Pair(context.Background(), PairInput{Method: "qr"}); err != nil {
		t.Fatal(err)
	}
	first() // the timer of the cancelled pairing
	if !b.isPairing() {
		t.Error("another pairing was ended")
	}
	end()
	if status := b.PairingStatus(); status.State != domain.Unlinked || *status.Message != "Nobody used a code in time; start again." {
		t.Errorf("got %+v", status)
	}
	if got := b.CancelPairing(); got.State != domain.Unlinked {
		t.Errorf("got %+v", got)
	}
}

func TestADeviceIsRemovedOnlyWhenWhatsAppSaysSo(t *testing.T) {
	var failure error
	b := newBed(t, own, func(f *fakeDevice) { f.onLogout = func() error { return failure } })
	for _, test := range []struct {
		err  error
		want domain.Code
	}{{whatsmeow.ErrNotConnected, domain.BridgeUnavailable}, {errors.New("private words"), domain.UpstreamUnanswered}} {
		failure = test.err
		if _, err := b.Logout(context.Background()); codeOf(err) != test.want || b.Account().JID == "" {
			t.Errorf("got %v", err)
		}
	}
	failure = nil
	if got, err := b.Logout(context.Background()); err != nil || !got.WasLinked || got.State != domain.Unlinked || b.Account().JID != "" {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := b.Logout(context.Background()); err != nil || got.WasLinked {
		t.Errorf("again: %+v, %v", got, err)
	}
}
