package wa

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/appstate"
	binary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/spool"
	"whatsapp-hybrid-mcp/wa-bridge/store"
	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
)

var (
	own    = types.JID{User: "15550100000", Device: 4, Server: types.DefaultUserServer}
	ownLID = types.JID{User: "20000000000000", Device: 4, Server: types.HiddenUserServer}
	adaPN  = types.NewJID("15550100001", types.DefaultUserServer)
	adaLID = types.NewJID("20000000000002", types.HiddenUserServer)
	crew   = types.NewJID("120363000000000001", types.GroupServer)
	moment = time.Unix(1_760_000_000, 0)
)

// fakeDevice is a device whose WhatsApp is the test.
type fakeDevice struct {
	hooks      device.Hooks
	id         types.JID
	onConnect  func(*fakeDevice) error
	onPair     func(phone string) (string, error)
	onLogout   func() error
	keyless    bool
	onSettings func(f *fakeDevice, part appstate.WAPatchName) error
	onLearn    func(f *fakeDevice)
	onAsk      func() (*binary.Node, error)
	token      []byte
	onDownload func(*waE2E.HistorySyncNotification) (*waHistorySync.HistorySync, error)
	groups     []*types.GroupInfo
	clear      *waE2E.Message
	vote       *waE2E.PollVoteMessage
	onPage     func(id string, before *types.MessageInfo, count int) error

	mutex        sync.Mutex
	said         []string
	disconnected int
}

func (f *fakeDevice) say(what string) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.said = append(f.said, what)
}

func (f *fakeDevice) heard(what string) int {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	count := 0
	for _, one := range f.said {
		if one == what {
			count++
		}
	}
	return count
}

func (f *fakeDevice) ID() types.JID {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.id
}

func (f *fakeDevice) LID() types.JID {
	if f.ID().IsEmpty() {
		return types.EmptyJID
	}
	return ownLID
}

func (f *fakeDevice) ConnectContext(context.Context) error {
	f.say("connect")
	if f.onConnect == nil {
		return nil
	}
	return f.onConnect(f)
}
func (f *fakeDevice) Disconnect()                  { f.say("disconnect") }
func (f *fakeDevice) Logout(context.Context) error { return f.onLogout() }
func (f *fakeDevice) PairPhone(_ context.Context, phone string, _ bool, _ whatsmeow.PairClientType, _ string) (string, error) {
	return f.onPair(phone)
}
func (f *fakeDevice) SendPresence(_ context.Context, state types.Presence) error {
	f.say("presence " + string(state))
	return nil
}
func (f *fakeDevice) GetJoinedGroups(context.Context) ([]*types.GroupInfo, error) {
	return f.groups, nil
}

func (f *fakeDevice) Ask(_ context.Context, question whatsmeow.DangerousInfoQuery) (*binary.Node, error) {
	f.say(fmt.Sprintf("ask %s %s %s", question.Namespace, question.Target, question.Content))
	return f.onAsk()
}
func (f *fakeDevice) TrustToken(_ context.Context, jid types.JID) []byte {
	f.say("token of " + jid.String())
	return f.token
}
func (f *fakeDevice) NumberOf(_ context.Context, lid types.JID) types.JID {
	if lid == adaLID {
		return adaPN
	}
	return types.EmptyJID
}
func (f *fakeDevice) RequestID() string { return "1.2-3" }
func (f *fakeDevice) Platform() string  { return "android" }

func (f *fakeDevice) HasSettingsKey(context.Context) bool { return !f.keyless }
func (f *fakeDevice) FetchAppState(_ context.Context, part appstate.WAPatchName, all, _ bool) error {
	f.say(fmt.Sprintf("settings %s %t", part, all))
	if f.onSettings != nil {
		if err := f.onSettings(f, part); err != nil {
			return err
		}
	}
	f.hooks.Handle(&events.AppStateSyncComplete{Name: part})
	return nil
}

func (f *fakeDevice) SendProtocolMessageReceipt(_ context.Context, id types.MessageID, kind types.ReceiptType) error {
	f.say(string(kind) + " " + id)
	return nil
}

// downloads makes every download return this chunk.
func downloads(data *waHistorySync.HistorySync) func(*waE2E.HistorySyncNotification) (*waHistorySync.HistorySync, error) {
	return func(*waE2E.HistorySyncNotification) (*waHistorySync.HistorySync, error) { return data, nil }
}

var errUnreadable = errors.New("unreadable words")

func (f *fakeDevice) DecryptReaction(context.Context, *events.Message) (*waE2E.ReactionMessage, error) {
	if f.clear == nil {
		return nil, errUnreadable
	}
	return f.clear.GetReactionMessage(), nil
}
func (f *fakeDevice) DecryptPollVote(context.Context, *events.Message) (*waE2E.PollVoteMessage, error) {
	if f.vote == nil {
		return nil, errUnreadable
	}
	return f.vote, nil
}
func (f *fakeDevice) DecryptSecretEncryptedMessage(context.Context, *events.Message) (*waE2E.Message, error) {
	if f.clear == nil {
		return nil, errUnreadable
	}
	return f.clear, nil
}
func (f *fakeDevice) DecryptComment(context.Context, *events.Message) (*waE2E.Message, error) {
	return f.clear, nil
}
func (f *fakeDevice) DownloadHistorySync(_ context.Context, notification *waE2E.HistorySyncNotification, _ bool) (*waHistorySync.HistorySync, error) {
	f.say("download")
	return f.onDownload(notification)
}
func (f *fakeDevice) DeleteMedia(_ context.Context, _ whatsmeow.MediaType, path string, _ []byte, _ string) error {
	f.say("delete " + path)
	return nil
}
func (f *fakeDevice) SendHistorySyncServerErrorReceipt(context.Context, types.MessageID, []byte) error {
	f.say("ask again")
	return nil
}

func (f *fakeDevice) ReplayUnhandled(context.Context) error {
	f.say("take up")
	return nil
}

func (f *fakeDevice) LearnSecret(_ context.Context, chat, author types.JID, id types.MessageID, secret []byte) error {
	f.say(fmt.Sprintf("secret of %s in %s by %s: %s", id, chat, author, secret))
	if f.onLearn != nil {
		f.onLearn(f)
	}
	return nil
}

// fakeDevices returns a device that is linked or not, and new ones afterwards.
type fakeDevices struct {
	linked  types.JID
	prepare func(*fakeDevice)
	made    chan *fakeDevice
}

func (f *fakeDevices) First(_ context.Context, to device.Hooks) (device.Device, error) {
	return f.make(f.linked, to), nil
}
func (f *fakeDevices) Fresh(to device.Hooks) device.Device { return f.make(types.EmptyJID, to) }
func (f *fakeDevices) make(id types.JID, to device.Hooks) *fakeDevice {
	made := &fakeDevice{id: id, hooks: to}
	if f.prepare != nil {
		f.prepare(made)
	}
	select {
	case f.made <- made:
	default:
	}
	return made
}

// bed is a bridge on real files with fake devices.
type bed struct {
	*Bridge
	devices   *fakeDevices
	log       *bytes.Buffer
	published chan string
	folder    string
	// later is the time that has passed since moment.
	later atomic.Int64
}

func newBed(t *testing.T, linked types.JID, prepare func(*fakeDevice)) *bed {
	t.Helper()
	folder := t.TempDir()
	waiting, err := spool.Open(filepath.Join(folder, "whatsmeow.db"))
	if err != nil {
		t.Fatal(err)
	}
	store, err := store.Open(filepath.Join(folder, "messages.db"), waiting)
	if err != nil {
		t.Fatal(err)
	}
	b := &bed{folder: folder, devices: &fakeDevices{linked: linked, prepare: prepare, made: make(chan *fakeDevice, 10)}, log: &bytes.Buffer{}, published: make(chan string, 1000)}
	b.Bridge, err = New(context.Background(), b.devices, Settings{
		Store: store, Spool: waiting, Log: slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Now: func() time.Time { return moment.Add(time.Duration(b.later.Load())) }, Refresh: func(context.Context) bool { return false },
		OtherBridge: func() bool { return true }, Quiet: 15 * time.Second,
		Publish: func(name string, data map[string]any) {
			if took, timed := data["ms"].(float64); name == "written" && (!timed || took <= 0) {
				t.Error("a write does not say how long it took")
			}
			delete(data, "ms") // differs each time
			b.published <- name + " " + domain.JSON(data)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		b.Close()
		if err := errors.Join(store.Close(), waiting.Close()); err != nil {
			t.Error(err)
		}
	})
	return b
}

// until waits until something is published.
func (b *bed) until(t *testing.T, want string) {
	t.Helper()
	limit := time.After(10 * time.Second)
	for {
		select {
		case got := <-b.published:
			if got == want {
				return
			}
		case <-limit:
			t.Fatalf("%s was never published; the state is %s", want, b.Status().State)
		}
	}
}

// settle advances the clock by the quiet time.
func (b *bed) settle(t *testing.T) {
	t.Helper()
	tell(t, b, "whatsmeow")
	b.set(domain.Ready, "")
	b.markHistoryComplete()
	b.later.Add(int64(b.Quiet))
	b.markHistoryComplete()
}

func (b *bed) fake() *fakeDevice { return b.current().(*fakeDevice) }
