package wa

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/types"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/spool"
	"whatsapp-hybrid-mcp/wa-bridge/store"
	"whatsapp-hybrid-mcp/wa-bridge/store/rules"
	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
)

// devices provides the stored linked device, or a new one to link.
type devices interface {
	First(ctx context.Context, to device.Hooks) (device.Device, error)
	Fresh(to device.Hooks) device.Device
}

// Settings are what a bridge needs from the rest of the program.
type Settings struct {
	Store *store.Store
	Spool *spool.Spool
	Log   *slog.Logger
	// Publish notifies listeners of a change; data holds no text of other people.
	Publish func(name string, data map[string]any)
	// Refresh reads WhatsApp's current version; false when it is not newer than ours.
	Refresh func(ctx context.Context) bool
	// OtherBridge reports whether the other bridge has a linked device.
	OtherBridge func() bool
	// Quiet is the time after the last part of the history after which it counts as complete.
	Quiet time.Duration
	// PageGap is the pause between two requests to the phone for older messages.
	PageGap time.Duration
	Now     func() time.Time
}

// link is the linked device, its connection and its state. All parts of a bridge share one.
type link struct {
	Settings
	devices   devices
	hooks     device.Hooks
	ctx       context.Context
	cancel    context.CancelFunc
	wg        sync.WaitGroup
	afterFunc func(wait time.Duration, work func()) *time.Timer

	mutex     sync.Mutex
	device    device.Device
	state     domain.State
	message   string
	connected bool
	changed   chan struct{}

	// published is the state that listeners know. It differs from state while history arrives.
	published     domain.State
	historyActive bool
}

// renewDevice replaces a device that was logged out or never linked.
func (l *link) renewDevice() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.device = l.devices.Fresh(l.hooks)
}

// stateForOthers returns the state to show.
func (l *link) stateForOthers() domain.State {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.shownState()
}

func (l *link) background(work func(ctx context.Context)) {
	l.wg.Add(1)
	go func() {
		defer l.wg.Done()
		work(l.ctx)
	}()
}

func (l *link) current() device.Device {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.device
}

// Account returns the linked account, or an empty one.
func (l *link) Account() domain.Account {
	one := l.current()
	account := domain.Account{JID: domain.NormalizeJID(one.ID().String())}
	if lid := one.LID(); !lid.IsEmpty() {
		account.LID = domain.NormalizeJID(lid.String())
	}
	return account
}

// connect opens the connection. The library reconnects by itself, except after a final refusal of WhatsApp.
func (l *link) connect(ctx context.Context) {
	if err := l.current().ConnectContext(ctx); err != nil && ctx.Err() == nil {
		l.Log.Warn("no connection", "error", device.Redact(err))
		l.set(domain.Down, "WhatsApp could not be reached.")
	}
}

// isOwnAccount reports whether this data directory is empty or belongs to the account.
func (l *link) isOwnAccount(account types.JID) bool {
	known, err := l.Store.Meta("account_jid")
	return err == nil && (known == "" || known == domain.NormalizeJID(account.String()))
}

// replayUnhandled handles the events that an earlier run of the program received and did not handle.
func (l *link) replayUnhandled(ctx context.Context) {
	if err := l.current().ReplayUnhandled(ctx); err != nil {
		l.Log.Error("what own devices said before cannot be read", "error", device.Redact(err))
	}
}

// sendUnavailable tells WhatsApp that this device is not in use, because an "available" device silences the phone's
// notifications. WhatsApp refuses a presence before it knows the account's name; it is sent again when the name
// arrives.
func (l *link) sendUnavailable(ctx context.Context) {
	if err := l.current().SendPresence(ctx, types.PresenceUnavailable); err != nil {
		l.Log.Debug("no presence was sent", "error", device.Redact(err))
	}
}

func (l *link) publishWritten(counts rules.Counts) {
	l.Publish("written", map[string]any{"inserted": counts.Inserted, "duplicates": counts.Duplicates, "failed": counts.Failed,
		"ms": float64(counts.Took.Microseconds()) / 1000})
}

func (l *link) isConnected() bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.connected
}

// AssertReady fails with not_linked or bridge_unavailable when WhatsApp cannot be queried now.
func (l *link) AssertReady() error {
	if l.Account().JID == "" {
		return domain.Errorf(domain.NotLinked, "No phone is linked to wa-bridge.")
	}
	if !l.isConnected() {
		return domain.Errorf(domain.BridgeUnavailable, "wa-bridge has no connection to WhatsApp now.")
	}
	return nil
}

// Asker returns the device that is linked now.
func (l *link) Asker() device.Asker { return l.current() }

// set changes the state and notifies waiting calls and listeners.
func (l *link) set(state domain.State, message string) {
	l.mutex.Lock()
	isNews := state != l.state || message != l.message
	l.state, l.message = state, message
	l.connected = state == domain.Ready || state == domain.Syncing || state == domain.Degraded
	if isNews {
		close(l.changed)
		l.changed = make(chan struct{})
	}
	l.mutex.Unlock()
	if isNews {
		l.Log.Info("state", "state", string(state))
		l.publishState()
	}
}

// publishState notifies listeners when the shown state has changed.
func (l *link) publishState() {
	l.mutex.Lock()
	shown := l.shownState()
	isNews := l.published != shown
	l.published = shown
	l.mutex.Unlock()
	if isNews {
		l.Publish("state", map[string]any{"state": shown})
	}
}

// shownState returns the state to show: syncing instead of ready while expected history arrives. The caller holds the
// mutex.
func (l *link) shownState() domain.State {
	if l.state == domain.Ready && l.historyActive {
		return domain.Syncing
	}
	return l.state
}

func textOrNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
