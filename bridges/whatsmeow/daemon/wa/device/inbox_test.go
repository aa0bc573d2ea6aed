package device

import (
	"context"
	"crypto/sha256"
	"errors"
	"path/filepath"
	"testing"

	"go.mau.fi/whatsmeow/proto/waAdv"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types/events"
	waLog "go.mau.fi/whatsmeow/util/log"
	"google.golang.org/protobuf/proto"

	"whatsapp-hybrid-mcp/wa-bridge/spool"
)

// life is one run of the program on a session file, up to a kill: it closes nothing properly.
type life struct {
	client
	events []*events.Message
	refuse bool
}

func startLife(t *testing.T, path string) *life {
	t.Helper()
	waiting, err := spool.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	devices, err := OpenDevices(context.Background(), path, Settings{Log: waLog.Noop})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(devices.Close(), waiting.Close()); err != nil {
			t.Error(err)
		}
	})
	l := &life{}
	made, err := devices.First(context.Background(), Hooks{Handle: func(event any) bool {
		if message, ok := event.(*events.Message); ok {
			l.events = append(l.events, message)
		}
		return !l.refuse
	}})
	if err != nil {
		t.Fatal(err)
	}
	l.client = made.(client)
	return l
}

// link links the device as the library does it.
func (l *life) link(t *testing.T) {
	t.Helper()
	id := own
	l.Store.ID, l.Store.LID = &id, ownLID
	signature := make([]byte, 64)
	l.Store.Account = &waAdv.ADVSignedDeviceIdentity{Details: []byte("x"), AccountSignature: signature,
		AccountSignatureKey: make([]byte, 32), DeviceSignature: signature}
	if err := l.Store.Save(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// decrypt does what the library does with a message, up to its handler.
func (l *life) decrypt(session string, message *waE2E.Message, failure error) ([32]byte, error) {
	plaintext, err := proto.Marshal(message)
	if err != nil {
		return [32]byte{}, err
	}
	hash := sha256.Sum256(plaintext)
	return hash, l.Store.EventBuffer.DoDecryptionTxn(context.Background(), func(ctx context.Context) error {
		if err := l.Store.Sessions.PutSession(ctx, session, []byte("ratchet")); err != nil {
			return err
		}
		if err := l.Store.EventBuffer.PutBufferedEvent(ctx, hash, append(plaintext, 2, 2), moment); err != nil {
			return err
		}
		return failure
	})
}

func announcement(path string) *waE2E.Message {
	message := history()
	message.ProtocolMessage.HistorySyncNotification.DirectPath = proto.String(path)
	return message
}

func TestWhatThePhoneSaidToAKilledProgramIsHandedOverAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "whatsmeow.db")
	killed := startLife(t, path)
	killed.link(t)
	must := func(hash [32]byte, err error) [32]byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return hash
	}
	must(killed.decrypt("15550100000:0", announcement("/pn"), nil))
	must(killed.decrypt("20000000000000_1:0", announcement("/lid"), nil))
	must(killed.decrypt("15550100001:0", announcement("/somebody else"), nil))
	must(killed.decrypt("15550100000:7", &waE2E.Message{DeviceSentMessage: &waE2E.DeviceSentMessage{Message: words("in a chat")}}, nil))
	dealtWith := must(killed.decrypt("15550100000:0", announcement("/dealt with"), nil))
	if err := killed.Store.EventBuffer.ClearBufferedEventPlaintext(context.Background(), dealtWith); err != nil {
		t.Fatal(err)
	}
	if _, err := killed.decrypt("15550100000:0", announcement("/rolled back"), errCut); !errors.Is(err, errCut) {
		t.Fatal(err)
	}

	full := startLife(t, path)
	full.refuse = true // storing fails
	if err := full.ReplayUnhandled(context.Background()); err != nil || len(full.events) != 2 {
		t.Fatalf("%d events (%v)", len(full.events), err)
	}
	next := startLife(t, path)
	for range 2 { // the second time the inbox is empty
		if err := next.ReplayUnhandled(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []string{"/pn", "/lid"} {
		if len(next.events) != 2 {
			t.Fatalf("%d events", len(next.events))
		}
		evt := next.events[i]
		if got := evt.Message.GetProtocolMessage().GetHistorySyncNotification().GetDirectPath(); got != want || !evt.Info.IsFromMe || evt.Info.Sender.Device != 0 || !evt.Info.Timestamp.Equal(moment) {
			t.Errorf("%s came as %s of %+v", want, got, evt.Info)
		}
	}
}

func TestKeysOfTheSettingsAreStoredWithTheirDecryption(t *testing.T) {
	path := filepath.Join(t.TempDir(), "whatsmeow.db")
	killed := startLife(t, path)
	killed.link(t)
	share := func(id string, key []byte) *waE2E.Message {
		return &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{Type: waE2E.ProtocolMessage_APP_STATE_SYNC_KEY_SHARE.Enum(),
			AppStateSyncKeyShare: &waE2E.AppStateSyncKeyShare{Keys: []*waE2E.AppStateSyncKey{{
				KeyID: &waE2E.AppStateSyncKeyId{KeyID: []byte(id)}, KeyData: &waE2E.AppStateSyncKeyData{KeyData: key, Timestamp: proto.Int64(7)}}}}}}
	}
	for _, one := range []struct {
		session, id string
		key         []byte
		failure     error
	}{{"15550100001:0", "of a stranger", []byte("k"), nil}, {"15550100000:0", "unknown to the phone", nil, nil}, {"15550100000:0", "", []byte("k"), nil},
		{"15550100000:0", "rolled back", []byte("k"), errCut}, {"15550100000:0", "ours", []byte("key"), nil}} {
		if _, err := killed.decrypt(one.session, share(one.id, one.key), one.failure); !errors.Is(err, one.failure) {
			t.Fatal(err)
		}
	}
	next := startLife(t, path)
	if !next.HasSettingsKey(context.Background()) {
		t.Error("there is no key")
	}
	for id, want := range map[string]string{"ours": "key", "of a stranger": "", "unknown to the phone": "", "rolled back": ""} {
		key, err := next.Store.AppStateKeys.GetAppStateSyncKey(context.Background(), []byte(id))
		if err != nil || (key == nil) != (want == "") || key != nil && string(key.Data) != want {
			t.Errorf("%s: %v (%v)", id, key, err)
		}
	}
}

func TestADeviceThatIsGoneLeavesNothingToTakeUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "whatsmeow.db")
	one := startLife(t, path)
	one.link(t)
	if _, err := one.decrypt("15550100000:0", announcement("/pn"), nil); err != nil {
		t.Fatal(err)
	}
	if err := one.Store.Delete(context.Background()); err != nil {
		t.Fatal(err)
	}
	next := startLife(t, path)
	next.link(t)
	if err := next.ReplayUnhandled(context.Background()); err != nil || len(next.events) != 0 {
		t.Errorf("%d events (%v)", len(next.events), err)
	}
	if left, err := next.inbox.Left(context.Background()); len(left) != 0 || err != nil {
		t.Errorf("left %v (%v)", left, err)
	}
}

func TestOnlyWholePlaintextsAreRead(t *testing.T) {
	for name, plaintext := range map[string][]byte{"nothing": nil, "padding alone": {9}, "no message": {0xff, 0xff, 1}} {
		if message := readPlain(plaintext); message.GetProtocolMessage() != nil {
			t.Errorf("%s is read as %v", name, message)
		}
	}
	one := startLife(t, filepath.Join(t.TempDir(), "whatsmeow.db"))
	one.link(t)
	for session, want := range map[string]string{"15550100000:0": "15550100000@s.whatsapp.net", "20000000000000_1:3": "20000000000000:3@lid",
		"": "", "15550100000": "", "15550100000:x": "", "15550100001:0": "", "15550100000_1:0": ""} {
		if jid := ownAddress(one.Store, session); jid.String() != want {
			t.Errorf("%q is %s", session, jid)
		}
	}
}
