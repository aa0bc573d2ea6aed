package wa

import (
	"errors"
	"testing"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/proto/waSyncAction"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// Settings are read again after a crash.
func TestAppState_after_crash(t *testing.T) {
	const low = "settings regular_low true"
	for name, test := range map[string]struct {
		marked, keyless bool
		failing         appstate.WAPatchName
		read            int
		markedAfter     bool
	}{
		"after a good end":           {false, false, "", 0, false},
		"after being killed":         {true, false, "", 1, false},
		"before the phone's key":     {true, true, "", 0, true},
		"when a part cannot be read": {true, false, appstate.WAPatchRegularLow, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBed(t, own, func(f *fakeDevice) {
				logsIn(f)
				f.keyless = test.keyless
				f.onSettings = func(_ *fakeDevice, part appstate.WAPatchName) error {
					if part == test.failing {
						return errors.New("private words")
					}
					return nil
				}
			})
			if marked, err := b.Spool.HasFlag(appStateFlag); !marked || err != nil {
				t.Errorf("a running program has no mark (%v)", err)
			}
			b.appStateUnread = test.marked
			b.Start()
			b.until(t, `state {"state":"ready"}`)
			b.Close()
			if got := b.fake().heard(low); got != test.read {
				t.Errorf("read %d times", got)
			}
			if marked, err := b.Spool.HasFlag(appStateFlag); marked != test.markedAfter || err != nil {
				t.Errorf("marked %t (%v)", marked, err)
			}
		})
	}
}

// A new device counts as read only when every part has arrived.
func TestAppState_new_device(t *testing.T) {
	b := newBed(t, types.EmptyJID, nil)
	b.handle(&events.PairSuccess{})
	for i, part := range appstate.AllPatchNames {
		if !b.appStateUnread {
			t.Errorf("after %d parts everything counts as read", i)
		}
		b.handle(&events.AppStateSyncComplete{Name: part})
	}
	if b.appStateUnread {
		t.Error("all parts are there")
	}
	b.receiver.store = &desk{failure: errors.New("the disk is full")}
	b.handle(&events.Archive{JID: adaPN, Action: &waSyncAction.ArchiveChatAction{}})
	if !b.appStateUnread {
		t.Error("a setting that was not stored counts as read")
	}
}
