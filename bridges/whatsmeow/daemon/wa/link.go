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

// devices are the linked devices of whatsmeow.db: the stored one, or a new one to link.
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

// link is the linked device, its connection and its state. The parts of a bridge share one.
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

	// published is the state that listeners know. While history arrives it differs from the state of the connection.
	published     domain.State
	historyActive bool
}

// renewDevice replaces a device that is dead, or that never linked a phone.
func (l *link) renewDevice() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.device = l.devices.Fresh(l.hooks)
}

// stateForOthers is the state that is shown.
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

func (l *link) Account() domain.Account {
	one := l.current()
	account := domain.Account{JID: domain.NormalizeJID(one.ID().String())}
	if lid := one.LID(); !lid.IsEmpty() {
		account.LID = domain.NormalizeJID(lid.String())
	}
	return account
}

// connect: the library comes back by itself after everything but a final word of WhatsApp.
func (l *link) connect(ctx context.Context) {
	if err := l.current().ConnectContext(ctx); err != nil && ctx.Err() == nil {
		l.Log.Warn("no connection", "error", device.Redact(err))
		l.set(domain.Down, "WhatsApp could not be reached.")
	}
}

// isOwnAccount: one data directory belongs to one account.
func (l *link) isOwnAccount(account types.JID) bool {
	known, err := l.Store.Meta("account_jid")
	return err == nil && (known == "" || known == domain.NormalizeJID(account.String()))
}

// replayUnhandled deals with what an earlier run of the program had been told and did not come to.
func (l *link) replayUnhandled(ctx context.Context) {
	if err := l.current().ReplayUnhandled(ctx); err != nil {
		l.Log.Error("what own devices said before cannot be read", "error", device.Redact(err))
	}
}

// sendUnavailable keeps the phone loud: a device that is "available" mutes it. Without a name yet WhatsApp takes no presence; it
// is sent again when the name comes.
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

// AssertReady says why nothing can be asked now.
func (l *link) AssertReady() error {
	if l.Account().JID == "" {
		return domain.Errorf(domain.NotLinked, "No phone is linked to wa-bridge.")
	}
	if !l.isConnected() {
		return domain.Errorf(domain.BridgeUnavailable, "wa-bridge has no connection to WhatsApp now.")
	}
	return nil
}

// Asker asks WhatsApp through the device that is linked now.
func (l *link) Asker() device.Asker { return l.current() }

// set changes the state and tells those who wait or listen.
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

// publishState tells listeners the state that is shown, when it is another one.
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

// shownState is the state for others: while history arrives that somebody waits for, it is syncing. Call with the mutex held.
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
