package wa

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// ready returns a linked device that is logged in, after its states so far were received.
func ready(t *testing.T, prepare func(*fakeDevice)) (*bed, *fakeDevice) {
	t.Helper()
	b := newBed(t, own, func(f *fakeDevice) {
		logsIn(f)
		if prepare != nil {
			prepare(f)
		}
	})
	b.Start()
	b.until(t, `state {"state":"ready"}`)
	return b, b.fake()
}

func TestWhatWhatsAppSaysOfTheConnectionIsShownAndEndsOrNot(t *testing.T) {
	loggedOut := func(reason events.ConnectFailureReason) *events.LoggedOut {
		return &events.LoggedOut{OnConnect: true, Reason: reason}
	}
	for name, test := range map[string]struct {
		told      []any
		state     domain.State
		connected bool
		linked    bool
		says      string
	}{
		"401, removed on the phone":     {[]any{loggedOut(events.ConnectFailureLoggedOut)}, domain.LoggedOut, false, false, "removed this linked device"},
		"device_removed while it runs":  {[]any{&events.LoggedOut{}}, domain.LoggedOut, false, false, "removed this linked device"},
		"403":                           {[]any{loggedOut(events.ConnectFailureMainDeviceGone)}, domain.Restricted, false, false, "restricted this account"},
		"406":                           {[]any{loggedOut(events.ConnectFailureUnknownLogout)}, domain.Restricted, false, false, "restricted this account"},
		"402":                           {[]any{&events.TemporaryBan{Code: events.TempBanSentToTooManyPeople, Expire: time.Hour}}, domain.Restricted, false, true, "until 2025-10-09T09:53:20Z (code 101)"},
		"405":                           {[]any{&events.ClientOutdated{}}, domain.Outdated, false, true, "version"},
		"409":                           {[]any{&events.ConnectFailure{Reason: events.ConnectFailureBadUserAgent, Message: "private words"}}, domain.Down, false, true, "code 409"},
		"440":                           {[]any{&events.StreamReplaced{}}, domain.Replaced, false, true, "Another program"},
		"503, the library comes back":   {[]any{&events.Disconnected{}}, domain.Connecting, false, true, "closed"},
		"503, and it is back":           {[]any{&events.Disconnected{}, &events.Connected{}}, domain.Ready, true, true, ""},
		"515":                           {[]any{&events.Disconnected{}, &events.Connected{}, &events.OfflineSyncCompleted{}}, domain.Ready, true, true, ""},
		"another word of the stream":    {[]any{&events.StreamError{Code: "private words"}}, domain.Connecting, false, true, "error"},
		"silence":                       {[]any{&events.KeepAliveTimeout{ErrorCount: 1}}, domain.Degraded, true, true, "does not answer"},
		"silence that goes on":          {[]any{&events.KeepAliveTimeout{ErrorCount: 1}, &events.KeepAliveTimeout{ErrorCount: 2}}, domain.Degraded, true, true, "does not answer"},
		"silence that is over":          {[]any{&events.KeepAliveTimeout{}, &events.KeepAliveRestored{}}, domain.Ready, true, true, ""},
		"a lot to catch up with":        {[]any{&events.OfflineSyncPreview{Total: 9}}, domain.Syncing, true, true, ""},
		"nothing to catch up with":      {[]any{&events.OfflineSyncPreview{}}, domain.Ready, true, true, ""},
		"caught up":                     {[]any{&events.OfflineSyncPreview{Total: 9}, &events.OfflineSyncCompleted{Count: 9}}, domain.Ready, true, true, ""},
		"replaced, then the line drops": {[]any{&events.Disconnected{}, &events.StreamReplaced{}}, domain.Replaced, false, true, "Another program"},
	} {
		t.Run(name, func(t *testing.T) {
			b, device := ready(t, nil)
			for _, event := range test.told {
				if !device.hooks.Handle(event) {
					t.Errorf("%T is asked for again", event)
				}
			}
			status := b.Status()
			if status.State != test.state || status.Connected != test.connected || status.Linked != test.linked || (status.JID != nil) != test.linked {
				t.Errorf("shown %+v", status)
			}
			message := ""
			if status.Message != nil {
				message = *status.Message
			}
			if (message == "") != (test.says == "") || !strings.Contains(message, test.says) || strings.Contains(message+b.log.String(), "private") {
				t.Errorf("it says %q", message)
			}
			b.Close() // waits for running work
			if device.heard("connect") != 1 {
				t.Errorf("it connected %d times: that is for the library to do, or for nobody", device.heard("connect"))
			}
		})
	}
}

func TestListenersAreToldEachStateOnce(t *testing.T) {
	b, device := ready(t, nil)
	for _, event := range []any{&events.KeepAliveTimeout{}, &events.KeepAliveTimeout{}, &events.KeepAliveRestored{}, &events.Connected{}, &events.Disconnected{}, &events.StreamError{}, &events.StreamReplaced{}} {
		device.hooks.Handle(event)
	}
	var states []string
	for len(b.published) > 0 {
		if got := <-b.published; strings.HasPrefix(got, "state ") {
			states = append(states, strings.Trim(strings.TrimPrefix(got, `state {"state":`), `"}`))
		}
	}
	if got := strings.Join(states, " "); got != "degraded ready connecting replaced" {
		t.Errorf("told %s", got)
	}
}

func TestAConnectionThatCameBackMayAskForANewVersionAgain(t *testing.T) {
	asked := make(chan struct{}, 10)
	b := newBed(t, own, nil)
	device := b.fake()
	b.Refresh = func(context.Context) bool { asked <- struct{}{}; return false }
	for _, event := range []any{&events.ClientOutdated{}, &events.ClientOutdated{}, &events.Connected{}, &events.ClientOutdated{}} {
		device.hooks.Handle(event)
		b.wg.Wait()
	}
	if len(asked) != 2 || device.heard("connect") != 0 {
		t.Errorf("asked %d times, connected %d times", len(asked), device.heard("connect"))
	}
}

func TestWhatALoginBegins(t *testing.T) {
	b := newBed(t, own, func(f *fakeDevice) { f.groups = []*types.GroupInfo{{JID: crew}} })
	b.fake().hooks.Handle(&events.Connected{})
	b.wg.Wait()
	for what, times := range map[string]int{"presence unavailable": 1, "take up": 1, "connect": 0, "disconnect": 0} {
		if got := b.fake().heard(what); got != times {
			t.Errorf("%s: %d times", what, got)
		}
	}
	if len(b.wake) != 1 {
		t.Error("announced history waits for its time")
	}
	b.fake().hooks.Handle(&events.PushNameSetting{})
	b.wg.Wait()
	if b.fake().heard("presence unavailable") != 2 {
		t.Error("without its name the device could not say that it is not there, and does not say it now")
	}
}

func TestALoginOfAnotherAccountIsEndedAtOnce(t *testing.T) {
	b := newBed(t, own, nil)
	if err := b.Store.LinkAccount(domain.Account{JID: "15550100009@s.whatsapp.net"}); err != nil {
		t.Fatal(err)
	}
	if !b.fake().hooks.Handle(&events.Connected{}) {
		t.Error("it is asked for again")
	}
	b.wg.Wait()
	status := b.Status()
	if status.State != domain.Down || status.Connected || !strings.Contains(*status.Message, "another WhatsApp account") {
		t.Errorf("shown %+v", status)
	}
	if b.fake().heard("disconnect") != 1 || b.fake().heard("presence unavailable") != 0 || len(b.wake) != 0 {
		t.Errorf("said %v", b.fake().said)
	}
}

// failing returns a device that fails every query of a login.
type failing struct{ *fakeDevice }

var errPrivate = errors.New("private words")

func (failing) SendPresence(context.Context, types.Presence) error { return errPrivate }
func (failing) GetJoinedGroups(context.Context) ([]*types.GroupInfo, error) {
	return nil, errPrivate
}
func (failing) ReplayUnhandled(context.Context) error { return errPrivate }

func TestALoginStandsThoughNothingElseIsAnswered(t *testing.T) {
	b := newBed(t, own, nil)
	device := b.fake()
	b.device = failing{device}
	device.hooks.Handle(&events.Connected{})
	b.wg.Wait()
	if status := b.Status(); status.State != domain.Ready || !status.Connected {
		t.Errorf("shown %+v", status)
	}
	for _, words := range []string{"groups could not be read", "no presence was sent", "what own devices said before cannot be read"} {
		if !strings.Contains(b.log.String(), words) {
			t.Errorf("the log does not say: %s", words)
		}
	}
	if strings.Contains(b.log.String(), "private") {
		t.Error("the log says what others wrote")
	}
}

func TestAPairingGoesOnThroughTheBreakBeforeTheFirstLoginAndEndsWithIt(t *testing.T) {
	b := newBed(t, types.EmptyJID, offers)
	if _, err := b.Pair(context.Background(), PairInput{Method: "qr"}); err != nil {
		t.Fatal(err)
	}
	device := b.fake()
	device.hooks.Handle(&events.Disconnected{})
	if status := b.PairingStatus(); status.State != domain.Pairing || status.QR != "first" {
		t.Errorf("after a break %+v", status)
	}
	device.hooks.Handle(&events.PairSuccess{ID: own})
	if status := b.PairingStatus(); status.State != domain.Connecting || status.QR != "" || status.FlowID != "" {
		t.Errorf("after the scan %+v", status)
	}
	device.mutex.Lock()
	device.id = own
	device.mutex.Unlock()
	device.hooks.Handle(&events.Disconnected{}) // WhatsApp's restart after pairing (515)
	device.hooks.Handle(&events.Connected{})
	if b.isPairing() || b.PairingStatus().FlowID != "" {
		t.Error("the pairing goes on")
	}
	device.hooks.Handle(&events.Disconnected{})
	if status := b.Status(); status.State != domain.Connecting || status.Connected {
		t.Errorf("a break after it %+v", status)
	}
}

func TestQRTextsThatNobodyAskedForAreNotShown(t *testing.T) {
	b := newBed(t, own, nil)
	if !b.fake().hooks.Handle(&events.QR{Codes: []string{"late"}}) {
		t.Error("they are asked for again")
	}
	if status := b.PairingStatus(); status.QR != "" || status.FlowID != "" || status.State != domain.Connecting {
		t.Errorf("got %+v", status)
	}
}

func TestEveryWordOfTheConnectionHasItsState(t *testing.T) {
	for name, test := range map[string]struct {
		event   any
		state   domain.State
		stop    bool
		message string
	}{
		"connected":        {&events.Connected{}, domain.Ready, false, ""},
		"alive again":      {&events.KeepAliveRestored{}, domain.Ready, false, ""},
		"catching up":      {&events.OfflineSyncPreview{Total: 3}, domain.Syncing, false, ""},
		"caught up":        {&events.OfflineSyncCompleted{Count: 3}, domain.Ready, false, ""},
		"paired":           {&events.PairSuccess{}, domain.Connecting, false, ""},
		"not paired":       {&events.PairError{}, domain.Unlinked, true, "try again"},
		"closed":           {&events.Disconnected{}, domain.Connecting, false, "closed"},
		"silent":           {&events.KeepAliveTimeout{}, domain.Degraded, false, "answer"},
		"440":              {&events.StreamReplaced{}, domain.Replaced, true, "Another program"},
		"401":              {&events.LoggedOut{Reason: events.ConnectFailureLoggedOut}, domain.LoggedOut, true, "removed"},
		"401 while linked": {&events.LoggedOut{}, domain.LoggedOut, true, "removed"},
		"403":              {&events.LoggedOut{OnConnect: true, Reason: events.ConnectFailureMainDeviceGone}, domain.Restricted, true, "restricted"},
		"406":              {&events.LoggedOut{OnConnect: true, Reason: events.ConnectFailureUnknownLogout}, domain.Restricted, true, "restricted"},
		"402":              {&events.TemporaryBan{Code: 101, Expire: time.Hour}, domain.Restricted, true, "until 2025-10-09T09:53:20Z (code 101)"},
		"405":              {&events.ClientOutdated{}, domain.Outdated, true, "version"},
		"409":              {&events.ConnectFailure{Reason: events.ConnectFailureBadUserAgent, Message: "private words"}, domain.Down, true, "code 409"},
		"another end":      {&events.StreamError{Code: "private words"}, domain.Connecting, false, "error"},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := transitionOf(test.event, moment)
			if !ok || got.state != test.state || got.stop != test.stop || !strings.Contains(got.message, test.message) {
				t.Errorf("got %+v", got)
			}
			if strings.Contains(got.message, "private") {
				t.Error("the message says what others wrote")
			}
		})
	}
	for _, event := range []any{&events.OfflineSyncPreview{}, &events.Message{}, &events.PushName{}, nil} {
		if got, ok := transitionOf(event, moment); ok {
			t.Errorf("%T means %+v", event, got)
		}
	}
}
