package wa

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/inmemory"
	"whatsapp-hybrid-mcp/wa-bridge/wa/translate"
)

// logsIn returns a fake device that connects and logs in.
func logsIn(f *fakeDevice) {
	f.onConnect = func(f *fakeDevice) error {
		f.hooks.Handle(&events.Connected{})
		return nil
	}
}

func TestALinkedDeviceConnectsAndStoresWhatArrives(t *testing.T) {
	b := newBed(t, own, func(f *fakeDevice) {
		logsIn(f)
		f.groups = []*types.GroupInfo{{JID: crew, GroupName: types.GroupName{Name: "Crew"}}}
		f.onDownload = func(*waE2E.HistorySyncNotification) (*waHistorySync.HistorySync, error) { return blob(3), nil }
	})
	announce(t, b, "BLOB")
	tell(t, b, "whatsmeow")
	if status := b.Status(); status.State != domain.Connecting || !status.Linked || status.Connected || status.PendingHistory != 1 {
		t.Errorf("before: %+v", status)
	}
	b.Start()
	b.until(t, `state {"state":"ready"}`)
	b.until(t, `written {"duplicates":0,"failed":0,"inserted":3}`)
	if !b.fake().hooks.Handle(from(adaPN, words("hello"))) {
		t.Error("it is not acknowledged")
	}
	b.until(t, `written {"duplicates":0,"failed":0,"inserted":1}`)
	if !b.fake().hooks.Handle(from(own, historyMessage())) {
		t.Error("announced history is not acknowledged")
	}
	status := b.Status()
	if status.State != domain.Ready || !status.Connected || *status.JID != "15550100000@s.whatsapp.net" || *status.LID != "20000000000000@lid" || status.Message != nil {
		t.Errorf("afterwards: %+v", status)
	}
	if jid, err := b.Store.Meta("account_jid"); jid != "15550100000@s.whatsapp.net" || err != nil {
		t.Errorf("the store belongs to %q (%v)", jid, err)
	}
	b.Close()
	if b.fake().heard("hist_sync M1") != 1 {
		t.Error("the phone does not hear that its announcement is kept")
	}
	if b.fake().heard("presence unavailable") != 1 || b.fake().heard("disconnect") == 0 {
		t.Errorf("said %v", b.fake().said)
	}
}

func TestHistoryWaitsWhileTheOtherBridgeBringsIt(t *testing.T) {
	b := newBed(t, own, func(f *fakeDevice) {
		logsIn(f)
		f.onDownload = func(*waE2E.HistorySyncNotification) (*waHistorySync.HistorySync, error) { return blob(1), nil }
	})
	tell(t, b, "baileys")
	announce(t, b, "BLOB")
	b.Start()
	b.until(t, `state {"state":"ready"}`)
	if wait := b.writeHistory(context.Background()); wait != pollInterval || pending(t, b) != 1 || b.fake().heard("download") != 0 {
		t.Errorf("looks again in %s, %d pending", wait, pending(t, b))
	}
	tell(t, b, "whatsmeow")
	b.wakeHistory()
	b.until(t, `written {"duplicates":0,"failed":0,"inserted":1}`)
}

func TestAnotherAccountIsNotMixedIn(t *testing.T) {
	b := newBed(t, own, logsIn)
	if err := b.Store.LinkAccount(domain.Account{JID: "15550100009@s.whatsapp.net"}); err != nil {
		t.Fatal(err)
	}
	b.Start()
	if status := b.Status(); status.State != domain.Down || !strings.Contains(*status.Message, "another WhatsApp account") {
		t.Errorf("got %+v", status)
	}
	if b.fake().heard("connect") != 0 || b.isOwnAccount(own) || !b.isOwnAccount(types.NewJID("15550100009", types.DefaultUserServer)) {
		t.Error("it connects")
	}
	b.fake().hooks.Handle(&events.Connected{})
	if b.Status().State != domain.Down {
		t.Error("it is used")
	}
}

func TestADeviceThatWasRemovedCanBeLinkedAnew(t *testing.T) {
	b := newBed(t, own, logsIn)
	b.Start()
	b.until(t, `state {"state":"ready"}`)
	old := b.fake()
	old.hooks.Handle(&events.LoggedOut{Reason: events.ConnectFailureLoggedOut})
	if status := b.Status(); status.State != domain.LoggedOut || status.Linked || b.fake() == old {
		t.Errorf("got %+v", status)
	}
}

func TestANewerVersionIsTriedOnce(t *testing.T) {
	refreshed := make(chan bool, 10)
	b := newBed(t, own, func(f *fakeDevice) {
		f.onConnect = func(f *fakeDevice) error {
			f.hooks.Handle(&events.ClientOutdated{})
			return nil
		}
	})
	b.Refresh = func(context.Context) bool { refreshed <- true; return true }
	b.Start()
	b.until(t, `state {"state":"outdated"}`)
	<-refreshed
	b.Close() // waits for running work
	if b.fake().heard("connect") != 2 || len(refreshed) != 0 || b.Status().State != domain.Outdated {
		t.Errorf("connected %d times, asked again %d times", b.fake().heard("connect"), len(refreshed))
	}
}

func TestAConnectionThatFailsIsTold(t *testing.T) {
	b := newBed(t, own, func(f *fakeDevice) {
		f.onConnect = func(*fakeDevice) error { return errors.New("private words") }
	})
	b.Start()
	b.until(t, `state {"state":"down"}`)
	if strings.Contains(b.log.String(), "private") {
		t.Error("the log says what others wrote")
	}
}

func TestALinkedDeviceTakesUpBeforeItConnects(t *testing.T) {
	b := newBed(t, own, logsIn)
	b.Start()
	b.until(t, `state {"state":"ready"}`)
	b.fake().mutex.Lock()
	said := append([]string{}, b.fake().said...)
	b.fake().mutex.Unlock()
	if len(said) < 2 || said[0] != "take up" || said[1] != "connect" {
		t.Errorf("said %v", said)
	}
}

func TestBridge_AssertReady(t *testing.T) {
	for name, test := range map[string]struct {
		linked types.JID
		state  domain.State
		want   domain.Code
	}{
		"ready":         {own, domain.Ready, ""},
		"syncing":       {own, domain.Syncing, ""},
		"not connected": {own, domain.Connecting, domain.BridgeUnavailable},
		"not linked":    {types.EmptyJID, domain.Unlinked, domain.NotLinked},
	} {
		b := newBed(t, test.linked, nil)
		b.set(test.state, "")
		if err := b.AssertReady(); codeOf(err) != test.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBridge_StoreCommunities(t *testing.T) {
	b := newBed(t, own, nil)
	if !b.StoreCommunities([]translate.DescribedGroup{{JID: crew.String(), Name: "Street", IsCommunity: true}}) {
		t.Error("it was not stored")
	}
	b.until(t, `written {"duplicates":0,"failed":0,"inserted":0}`)
}

func TestMain(m *testing.M) { os.Exit(inmemory.Run(m)) }
