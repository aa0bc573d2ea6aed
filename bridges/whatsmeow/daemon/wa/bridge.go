package wa

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
	"whatsapp-hybrid-mcp/wa-bridge/wa/history"
	"whatsapp-hybrid-mcp/wa-bridge/wa/translate"
)

// Bridge is the linked device with its state. Its methods may be called from any goroutine.
type Bridge struct {
	*link
	*appState
	*pairing
	*pages
	*scheduler
	receiver   *receiver
	downloader *history.Downloader
	// triedNewVersion means that WhatsApp's version was queried since the last login. The mutex guards it.
	triedNewVersion bool
}

// New reads the linked device from the database; it does not connect.
func New(ctx context.Context, from devices, settings Settings) (*Bridge, error) {
	linkCtx, cancel := context.WithCancel(context.Background())
	l := &link{Settings: settings, devices: from, ctx: linkCtx, cancel: cancel, changed: make(chan struct{}),
		state: domain.Unlinked, afterFunc: time.AfterFunc}
	b := &Bridge{link: l, appState: &appState{link: l}, pairing: &pairing{link: l}}
	l.hooks = device.Hooks{Handle: b.handle, Allow: b.isOwnAccount}
	err := errors.Join(b.makeReceivers(), b.openAppState())
	if err == nil {
		l.device, err = from.First(ctx, l.hooks)
	}
	if err != nil {
		cancel()
		return nil, err
	}
	if !l.device.ID().IsEmpty() {
		l.state = domain.Connecting
	}
	return b, nil
}

// Start connects when a phone is linked, and begins to write announced history.
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

// Close disconnects and waits for running work.
func (b *Bridge) Close() {
	b.cancel()
	b.current().Disconnect()
	b.wg.Wait()
	b.closeAppState()
}

// handle processes every event of the library. It returns false when the event is not stored and WhatsApp must
// deliver it again. It recovers panics, because the library would treat one as true.
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

// onConnected stores the linked account and starts the work that needs a connection. It returns false when the data
// directory belongs to another account.
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

// applyConnectionEvent updates the state after an event of the connection.
func (b *Bridge) applyConnectionEvent(event any, next transition) {
	switch event.(type) {
	case *events.Connected:
		b.mutex.Lock()
		b.triedNewVersion = false
		b.mutex.Unlock()
	case *events.LoggedOut:
		b.renewDevice()
	case *events.PairError:
		b.failFlow(domain.Errorf(domain.UpstreamRejected, "%s", next.message))
	case *events.Disconnected:
		if b.isPairing() {
			return // the library reconnects by itself between the QR codes and the first login
		}
	case *events.ClientOutdated:
		b.background(b.retryWithNewVersion)
	}
	b.set(next.state, next.message)
	if next.state == domain.Ready {
		b.wakeHistory()
	}
}

// retryWithNewVersion queries WhatsApp's current version once for each login, and connects again when it is newer.
func (b *Bridge) retryWithNewVersion(ctx context.Context) {
	b.mutex.Lock()
	again := b.triedNewVersion
	b.triedNewVersion = true
	b.mutex.Unlock()
	if !again && b.Refresh(ctx) {
		b.connect(ctx)
	}
}

// fetchGroups queries all groups, because WhatsApp does not report changes made while the device was offline.
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

// Status returns the status of this bridge without a query to WhatsApp.
func (b *Bridge) Status() domain.BridgeStatus {
	pending, err := b.Spool.PendingHistory()
	if err != nil {
		b.Log.Error("announced history cannot be counted", "error", device.Redact(err))
	}
	account, writing := b.Account(), b.Store.Writing()
	b.mutex.Lock()
	defer b.mutex.Unlock()
	report := domain.BridgeStatus{State: b.shownState(), Linked: account.JID != "", Connected: b.connected, Gaps: b.receiver.undecryptable.count(),
		PendingHistory: pending, Store: &writing, JID: textOrNil(account.JID), LID: textOrNil(account.LID), Message: textOrNil(b.message)}
	return report
}

// StoreCommunities stores the joined groups as WhatsApp describes them. It returns false when storing fails.
func (b *Bridge) StoreCommunities(joined []translate.DescribedGroup) bool {
	return b.receiver.write(b.receiver.context().Communities(joined))
}

// makeReceivers creates the parts that store live messages and history.
func (b *Bridge) makeReceivers() error {
	known, err := newUndecryptable(b.Spool, b.Log, b.Now)
	r := &receiver{store: b.Store, spool: b.Spool, log: b.Log, account: b.Account, now: b.Now, onWritten: b.publishWritten,
		undecryptable: known}
	r.votes = &pollVotes{polls: b.Store, keeper: b.Spool, write: r.write, context: r.context, log: b.Log}
	b.receiver = r
	b.downloader = &history.Downloader{Queue: b.Spool, Store: b.Store, Log: b.Log, Account: b.Account, Now: b.Now, OnWritten: b.publishWritten,
		OnStored: func(ctx context.Context, rows []domain.Message) { r.votes.OnPollsStored(ctx, b.current(), rows) }}
	b.pages = &pages{link: b.link, pager: newPager(b.PageGap, b.Now), receiver: r, downloader: b.downloader}
	b.scheduler = &scheduler{link: b.link, receiver: r, downloader: b.downloader, pages: b.pages, wake: make(chan struct{}, 1)}
	r.onHistory, r.onPage = b.onHistoryAnnounced, b.onPageAnnounced
	return err
}
