package wa

import (
	"context"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
	"whatsapp-hybrid-mcp/wa-bridge/wa/history"

	"go.mau.fi/whatsmeow/types"
)

// pollInterval is how often it is looked at what waits for another program: that history may be written now, or that a
// poll is here. It says so in messages.db, and that tells nobody.
const pollInterval = 2 * time.Second

func (b *Bridge) wakeHistory() {
	select {
	case b.wake <- struct{}{}:
	default: // it is looked at already
	}
}

// onHistoryAnnounced thanks the phone for history that is kept now, and has it written when that is due.
func (b *Bridge) onHistoryAnnounced(id string) {
	b.mutex.Lock()
	b.announcedAt, b.activeAt = b.Now(), b.Now()
	b.mutex.Unlock()
	b.onPageAnnounced(id)
}

// onPageAnnounced thanks the phone for what it was asked for, which says nothing of how far the history came.
func (b *Bridge) onPageAnnounced(id string) {
	b.wakeHistory()
	b.background(func(ctx context.Context) {
		if err := b.current().SendProtocolMessageReceipt(ctx, id, types.ReceiptTypeHistorySync); err != nil {
			b.Log.Info("announced history is not acknowledged", "error", device.Redact(err))
		}
	})
}

// ownsHistory: one bridge alone brings the history, so that its counts are those of one copy. messages.db says which
// (meta.history_source); while nobody has said it, the other bridge does where it has a linked device.
func (b *Bridge) ownsHistory() bool {
	source, err := b.Store.Meta("history_source")
	if err != nil {
		return false
	}
	switch source {
	case "whatsmeow":
		return true
	case "":
		return !b.OtherBridge()
	}
	return false
}

// runHistory writes announced history, whenever there is some and it may be written, until the program ends. What
// else waits for another program is looked at with it.
func (b *Bridge) runHistory(ctx context.Context) {
	timer := time.NewTimer(pollInterval)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.wake:
		case <-timer.C:
		}
		timer.Stop()
		if wait := b.writeHistory(ctx); wait > 0 {
			timer.Reset(wait)
		}
	}
}

// writeHistory answers when to look again; 0 when nothing waits.
func (b *Bridge) writeHistory(ctx context.Context) time.Duration {
	wait := b.retryPending(ctx)
	b.writePages(ctx)
	for ctx.Err() == nil && b.isConnected() && b.ownsHistory() {
		next, more := b.downloader.Step(ctx, b.current())
		if !more {
			break
		}
		if next.After(b.Now()) {
			break // it is looked at again while something waits
		}
		b.markHistoryActivity()
		b.writePages(ctx) // somebody waits for a page
	}
	return soonest(wait, b.markHistoryComplete())
}

// retryPending looks at what another program may have brought.
func (b *Bridge) retryPending(ctx context.Context) time.Duration {
	b.receiver.votes.retryAll(ctx, b.current())
	b.receiver.undecryptable.resolveStored(b.Store.Has)
	pending, err := b.Spool.PendingHistory()
	polls, pollsErr := b.Spool.AwaitedPolls()
	if err != nil || pollsErr != nil || pending > 0 || len(polls) > 0 || b.receiver.undecryptable.count() > 0 {
		return pollInterval
	}
	return 0
}

// markHistoryComplete says that the history is complete when it is; it answers when to look again.
func (b *Bridge) markHistoryComplete() time.Duration {
	progress, err := b.historyProgress()
	if err != nil {
		b.Log.Error("how far the history came cannot be read", "error", device.Redact(err))
		return pollInterval
	}
	b.updateHistoryActive()
	now := b.Now()
	whole, known := progress.WholeAt(b.Quiet)
	switch {
	case !b.isConnected() || !b.ownsHistory():
		return 0
	case known && !now.Before(whole):
		if b.completedAt != whole {
			if err := b.Store.CompleteHistory(); err != nil {
				b.Log.Error("it could not be noted that the history is complete", "error", device.Redact(err))
				return pollInterval
			}
			b.completedAt = whole
		}
		return 0
	case known:
		return whole.Sub(now)
	case progress.IsArriving(now, b.Quiet):
		return progress.Active.Add(history.StalledAfter).Sub(now)
	}
	return 0
}

// resetHistory: a device that was just linked gets a history of its own, whose parts are counted from the start.
func (b *Bridge) resetHistory() {
	b.markHistoryActivity()
	if err := b.Spool.ForgetParts(); err != nil {
		b.Log.Error("parts of an earlier history could not be forgotten", "error", device.Redact(err))
	}
}

// markHistoryActivity: something of the history came, or it was worked on.
func (b *Bridge) markHistoryActivity() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.activeAt = b.Now()
}

func (b *Bridge) historyProgress() (history.Progress, error) {
	parts, err := b.Spool.Parts()
	if err != nil {
		return history.Progress{}, err
	}
	pending, err := b.Spool.PendingHistory()
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return history.Progress{Parts: parts, Pending: pending, Announced: b.announcedAt, Active: b.activeAt}, err
}

func soonest(waits ...time.Duration) time.Duration {
	var first time.Duration
	for _, wait := range waits {
		if wait > 0 && (first == 0 || wait < first) {
			first = wait
		}
	}
	return first
}

func (b *Bridge) isConnected() bool {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.connected
}
