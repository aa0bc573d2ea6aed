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
	"whatsapp-hybrid-mcp/wa-bridge/wa/translate"
)

// devices are the linked devices of whatsmeow.db: the one there is, or a new one to link.
type devices interface {
	first(ctx context.Context, to hooks) (device, error)
	fresh(to hooks) device
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
	devices   devices
	receiver  *receiver
	historian *historian
	pager     *pager
	life      context.Context
	end       context.CancelFunc
	work      sync.WaitGroup
	due       chan struct{}
	after     func(wait time.Duration, work func()) *time.Timer

	mutex     sync.Mutex
	device    device
	state     domain.State
	message   string
	connected bool
	refreshed bool
	changed   chan struct{}
	flow      *flow

	// told is the state that listeners know; arriving makes it another one than the state of the connection.
	told     domain.State
	arriving bool

	settingsUnread bool
	settingsRead   map[appstate.WAPatchName]bool

	// arrivedAt is when history was announced last, activeAt when anything happened to it, the login included.
	arrivedAt, activeAt time.Time
	// settled is the moment at which the history that was noted as complete was; of the goroutine that brings it.
	settled time.Time
}

// New reads which device is linked; it does not connect.
func New(ctx context.Context, from devices, settings Settings) (*Bridge, error) {
	life, end := context.WithCancel(context.Background())
	b := &Bridge{Settings: settings, devices: from, life: life, end: end, due: make(chan struct{}, 1),
		changed: make(chan struct{}), state: domain.Unlinked, after: time.AfterFunc,
		pager: newPager(settings.PageGap, settings.Now)}
	err := errors.Join(b.makeReceivers(), b.settingsBegin())
	if err != nil {
		end()
		return nil, err
	}
	if b.device, err = from.first(ctx, b.hooks()); err != nil {
		end()
		return nil, err
	}
	if !b.device.ID().IsEmpty() {
		b.state = domain.Connecting
	}
	return b, nil
}

func (b *Bridge) hooks() hooks { return hooks{handle: b.handle, allow: b.allows} }

// Start connects where a phone is linked, and works on announced history from then on.
func (b *Bridge) Start() {
	b.background(b.bringHistory)
	if b.account().JID == "" {
		return
	}
	if !b.allows(b.current().ID()) {
		b.set(domain.Down, "This data directory holds the messages of another WhatsApp account.")
		return
	}
	b.background(func(ctx context.Context) {
		b.takeUp(ctx)
		b.connect(ctx)
	})
}

// takeUp deals with what an earlier run of the program had been told and did not come to.
func (b *Bridge) takeUp(ctx context.Context) {
	if err := b.current().TakeUp(ctx); err != nil {
		b.Log.Error("what own devices said before cannot be read", "error", failureOf(err))
	}
}

// Close ends the connection and waits for what is under way.
func (b *Bridge) Close() {
	b.end()
	b.current().Disconnect()
	b.work.Wait()
	b.settingsEnd()
}

func (b *Bridge) background(work func(ctx context.Context)) {
	b.work.Add(1)
	go func() {
		defer b.work.Done()
		work(b.life)
	}()
}

func (b *Bridge) current() device {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.device
}

func (b *Bridge) account() domain.Account {
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
		b.Log.Warn("no connection", "error", failureOf(err))
		b.set(domain.Down, "WhatsApp could not be reached.")
	}
}

// allows: one data directory belongs to one account.
func (b *Bridge) allows(account types.JID) bool {
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
		b.offered(evt.Codes)
		return true
	case *events.PairPasskeyRequest:
		b.refusePasskey()
		return true
	case *events.PairSuccess:
		b.settingsLost()
		b.historyAnew()
	case *events.AppStateSyncComplete:
		b.settingsArrived(evt.Name)
		return true
	case *events.PushNameSetting:
		b.background(b.greet)
	case *events.Connected:
		if !b.login() {
			return true
		}
	}
	if next, ok := changeOf(event, b.Now()); ok {
		b.turn(event, next)
		return true
	}
	stored = b.receiver.receive(b.life, b.current(), event)
	if !stored && isSetting(event) {
		b.settingsLost()
	}
	return stored
}

// login is a connection that stands: it is noted whose it is, and what could not be done without it begins.
func (b *Bridge) login() bool {
	if err := b.Store.LinkAccount(b.account()); err != nil {
		b.Log.Error("this account cannot be used here", "error", failureOf(err))
		b.background(func(context.Context) { b.current().Disconnect() })
		b.set(domain.Down, "This data directory holds the messages of another WhatsApp account.")
		return false
	}
	b.endFlow()
	b.active()
	b.lookArriving()
	if err := b.Spool.RetryHistory(); err != nil {
		b.Log.Error("announced history cannot be read", "error", failureOf(err))
	}
	b.background(b.takeUp)
	b.background(b.greet)
	b.background(b.readGroups)
	b.background(b.readSettings)
	return true
}

// turn follows what WhatsApp said of the connection.
func (b *Bridge) turn(event any, next change) {
	switch event.(type) {
	case *events.Connected:
		b.mutex.Lock()
		b.refreshed = false
		b.mutex.Unlock()
	case *events.LoggedOut:
		b.mutex.Lock()
		b.device = b.devices.fresh(b.hooks()) // the old one is dead
		b.mutex.Unlock()
	case *events.PairError:
		b.failFlow(domain.Errorf(domain.UpstreamRejected, "%s", next.message))
	case *events.Disconnected:
		if b.isPairing() {
			return // between the codes and the first login the library comes back by itself
		}
	case *events.ClientOutdated:
		b.background(b.renew)
	}
	b.set(next.state, next.message)
	if next.state == domain.Ready {
		b.historyDue()
	}
}

// renew asks once which version WhatsApp wants, and tries with that.
func (b *Bridge) renew(ctx context.Context) {
	b.mutex.Lock()
	again := b.refreshed
	b.refreshed = true
	b.mutex.Unlock()
	if !again && b.Refresh(ctx) {
		b.connect(ctx)
	}
}

// greet keeps the phone loud: a device that is "available" mutes it. Without a name yet WhatsApp takes no presence; it
// is sent again when the name comes.
func (b *Bridge) greet(ctx context.Context) {
	if err := b.current().SendPresence(ctx, types.PresenceUnavailable); err != nil {
		b.Log.Debug("no presence was sent", "error", failureOf(err))
	}
}

// readGroups asks for all groups at once, since what changed in them meanwhile is not told.
func (b *Bridge) readGroups(ctx context.Context) {
	groups, err := b.current().GetJoinedGroups(ctx)
	if err != nil {
		b.Log.Warn("groups could not be read; it is tried again at the next connection", "error", failureOf(err))
		return
	}
	for _, batch := range (translate.Context{Me: b.account(), Now: b.Now().UnixMilli()}).Groups(groups) {
		b.receiver.write(batch)
	}
}

func (b *Bridge) wrote(counts rules.Counts) {
	b.Publish("written", map[string]any{"inserted": counts.Inserted, "duplicates": counts.Duplicates, "failed": counts.Failed,
		"ms": float64(counts.Took.Microseconds()) / 1000})
}
