package wa

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/spool"
	"whatsapp-hybrid-mcp/wa-bridge/store"
	"whatsapp-hybrid-mcp/wa-bridge/store/rules"
	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
	"whatsapp-hybrid-mcp/wa-bridge/wa/history"
	"whatsapp-hybrid-mcp/wa-bridge/wa/translate"
)

// devices are the linked devices of whatsmeow.db: the one there is, or a new one to link.
type devices interface {
	First(ctx context.Context, to device.Hooks) (device.Device, error)
	Fresh(to device.Hooks) device.Device
}

// Settings are what a bridge works with.
type Settings struct {
	Store *store.Store
	Spool *spool.Spool
	Log   *slog.Logger
	// Publish tells listeners that something changed; data has none of other people's text.
	Publish func(name string, data map[string]any)
	// Refresh learns which version WhatsApp asks for; false when there is none newer than ours.
	Refresh func(ctx context.Context) bool
	// OtherBridge tells whether the other bridge has a linked device, while nobody has said who brings the history.
	OtherBridge func() bool
	// Quiet: history counts as complete when nothing arrived for this long after its last part.
	Quiet time.Duration
	// PageGap is how long the phone is left alone between two questions for older messages.
	PageGap time.Duration
	Now     func() time.Time
}

// Bridge is the linked device with its state. Its methods may be called from any goroutine.
type Bridge struct {
	Settings
	devices    devices
	receiver   *receiver
	downloader *history.Downloader
	pager      *pager
	ctx        context.Context
	cancel     context.CancelFunc
	wg         sync.WaitGroup
	wake       chan struct{}
	afterFunc  func(wait time.Duration, work func()) *time.Timer

	mutex     sync.Mutex
	device    device.Device
	state     domain.State
	message   string
	connected bool
	refreshed bool
	changed   chan struct{}
	flow      *flow

	// published is the state that listeners know; arriving makes it another one than the state of the connection.
	published     domain.State
	historyActive bool

	appStateUnread bool
	appStateRead   map[appstate.WAPatchName]bool

	// announcedAt is when history was announced last, activeAt when anything happened to it, the login included.
	announcedAt, activeAt time.Time
	// completedAt is the moment at which the history that was noted as complete was; of the goroutine that brings it.
	completedAt time.Time
}

// New reads which device is linked; it does not connect.
func New(ctx context.Context, from devices, settings Settings) (*Bridge, error) {
	life, end := context.WithCancel(context.Background())
	b := &Bridge{Settings: settings, devices: from, ctx: life, cancel: end, wake: make(chan struct{}, 1),
		changed: make(chan struct{}), state: domain.Unlinked, afterFunc: time.AfterFunc,
		pager: newPager(settings.PageGap, settings.Now)}
	err := errors.Join(b.makeReceivers(), b.openAppState())
	if err != nil {
		end()
		return nil, err
	}
	if b.device, err = from.First(ctx, b.hooks()); err != nil {
		end()
		return nil, err
	}
	if !b.device.ID().IsEmpty() {
		b.state = domain.Connecting
	}
	return b, nil
}

func (b *Bridge) hooks() device.Hooks { return device.Hooks{Handle: b.handle, Allow: b.isOwnAccount} }

// Start connects where a phone is linked, and works on announced history from then on.
func (b *Bridge) Start() {
	b.background(b.runHistory)
	if b.Account().JID == "" {
		return
	}
	if !b.isOwnAccount(b.current().ID()) {
		b.set(domain.Down, "This data directory holds the messages of another WhatsApp account.")
		return
	}
	b.background(func(ctx context.Context) {
		b.replayUnhandled(ctx)
		b.connect(ctx)
	})
}

// replayUnhandled deals with what an earlier run of the program had been told and did not come to.
func (b *Bridge) replayUnhandled(ctx context.Context) {
	if err := b.current().ReplayUnhandled(ctx); err != nil {
		b.Log.Error("what own devices said before cannot be read", "error", device.Redact(err))
	}
}

// Close ends the connection and waits for what is under way.
func (b *Bridge) Close() {
	b.cancel()
	b.current().Disconnect()
	b.wg.Wait()
	b.closeAppState()
}

func (b *Bridge) background(work func(ctx context.Context)) {
	b.wg.Add(1)
	go func() {
		defer b.wg.Done()
		work(b.ctx)
	}()
}

func (b *Bridge) current() device.Device {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.device
}

func (b *Bridge) Account() domain.Account {
	one := b.current()
	account := domain.Account{JID: domain.NormalizeJID(one.ID().String())}
	if lid := one.LID(); !lid.IsEmpty() {
		account.LID = domain.NormalizeJID(lid.String())
	}
	return account
}

// connect: the library comes back by itself after everything but a final word of WhatsApp.
func (b *Bridge) connect(ctx context.Context) {
	if err := b.current().ConnectContext(ctx); err != nil && ctx.Err() == nil {
		b.Log.Warn("no connection", "error", device.Redact(err))
		b.set(domain.Down, "WhatsApp could not be reached.")
	}
}

// isOwnAccount: one data directory belongs to one account.
func (b *Bridge) isOwnAccount(account types.JID) bool {
	known, err := b.Store.Meta("account_jid")
	return err == nil && (known == "" || known == domain.NormalizeJID(account.String()))
}

// handle takes every event of the library; what it answers decides whether WhatsApp delivers it again. The library would
// take a panic for a yes.
func (b *Bridge) handle(event any) (stored bool) {
	defer func() {
		if defect := recover(); defect != nil {
			b.Log.Error("an event could not be dealt with", "event", fmt.Sprintf("%T", event), "defect", fmt.Sprintf("%T", defect))
			stored = false
		}
	}()
	switch evt := event.(type) {
	case *events.QR:
		b.onQR(evt.Codes)
		return true
	case *events.PairPasskeyRequest:
		b.refusePasskey()
		return true
	case *events.PairSuccess:
		b.markAppStateUnread()
		b.resetHistory()
	case *events.AppStateSyncComplete:
		b.markAppStateRead(evt.Name)
		return true
	case *events.PushNameSetting:
		b.background(b.sendUnavailable)
	case *events.Connected:
		if !b.onConnected() {
			return true
		}
	}
	if next, ok := transitionOf(event, b.Now()); ok {
		b.applyConnectionEvent(event, next)
		return true
	}
	stored = b.receiver.receive(b.ctx, b.current(), event)
	if !stored && isAppStateEvent(event) {
		b.markAppStateUnread()
	}
	return stored
}

// onConnected is a connection that stands: it is noted whose it is, and what could not be done without it begins.
func (b *Bridge) onConnected() bool {
	if err := b.Store.LinkAccount(b.Account()); err != nil {
		b.Log.Error("this account cannot be used here", "error", device.Redact(err))
		b.background(func(context.Context) { b.current().Disconnect() })
		b.set(domain.Down, "This data directory holds the messages of another WhatsApp account.")
		return false
	}
	b.endFlow()
	b.markHistoryActivity()
	b.updateHistoryActive()
	if err := b.Spool.RetryHistory(); err != nil {
		b.Log.Error("announced history cannot be read", "error", device.Redact(err))
	}
	b.background(b.replayUnhandled)
	b.background(b.sendUnavailable)
	b.background(b.fetchGroups)
	b.background(b.fetchAppState)
	return true
}

// applyConnectionEvent follows what WhatsApp said of the connection.
func (b *Bridge) applyConnectionEvent(event any, next transition) {
	switch event.(type) {
	case *events.Connected:
		b.mutex.Lock()
		b.refreshed = false
		b.mutex.Unlock()
	case *events.LoggedOut:
		b.mutex.Lock()
		b.device = b.devices.Fresh(b.hooks()) // the old one is dead
		b.mutex.Unlock()
	case *events.PairError:
		b.failFlow(domain.Errorf(domain.UpstreamRejected, "%s", next.message))
	case *events.Disconnected:
		if b.isPairing() {
			return // between the codes and the first login the library comes back by itself
		}
	case *events.ClientOutdated:
		b.background(b.retryWithNewVersion)
	}
	b.set(next.state, next.message)
	if next.state == domain.Ready {
		b.wakeHistory()
	}
}

// retryWithNewVersion asks once which version WhatsApp wants, and tries with that.
func (b *Bridge) retryWithNewVersion(ctx context.Context) {
	b.mutex.Lock()
	again := b.refreshed
	b.refreshed = true
	b.mutex.Unlock()
	if !again && b.Refresh(ctx) {
		b.connect(ctx)
	}
}

// sendUnavailable keeps the phone loud: a device that is "available" mutes it. Without a name yet WhatsApp takes no presence; it
// is sent again when the name comes.
func (b *Bridge) sendUnavailable(ctx context.Context) {
	if err := b.current().SendPresence(ctx, types.PresenceUnavailable); err != nil {
		b.Log.Debug("no presence was sent", "error", device.Redact(err))
	}
}

// fetchGroups asks for all groups at once, since what changed in them meanwhile is not told.
func (b *Bridge) fetchGroups(ctx context.Context) {
	groups, err := b.current().GetJoinedGroups(ctx)
	if err != nil {
		b.Log.Warn("groups could not be read; it is tried again at the next connection", "error", device.Redact(err))
		return
	}
	for _, batch := range (translate.Context{Me: b.Account(), Now: b.Now().UnixMilli()}).Groups(groups) {
		b.receiver.write(batch)
	}
}

func (b *Bridge) publishWritten(counts rules.Counts) {
	b.Publish("written", map[string]any{"inserted": counts.Inserted, "duplicates": counts.Duplicates, "failed": counts.Failed,
		"ms": float64(counts.Took.Microseconds()) / 1000})
}
