package wa

import (
	"context"
	"time"

	"go.mau.fi/whatsmeow/types"
)

// lookAgain is how often it is looked at what waits for another program: that history may be written now, or that a
// poll is here. It says so in messages.db, and that tells nobody.
const lookAgain = 2 * time.Second

func (b *Bridge) historyDue() {
	select {
	case b.due <- struct{}{}:
	default: // it is looked at already
	}
}

// announced thanks the phone for history that is kept now, and has it written when that is due.
func (b *Bridge) announced(id string) {
	b.mutex.Lock()
	b.arrivedAt, b.activeAt = b.Now(), b.Now()
	b.mutex.Unlock()
	b.pageAnnounced(id)
}

// pageAnnounced thanks the phone for what it was asked for, which says nothing of how far the history came.
func (b *Bridge) pageAnnounced(id string) {
	b.historyDue()
	b.background(func(ctx context.Context) {
		if err := b.current().SendProtocolMessageReceipt(ctx, id, types.ReceiptTypeHistorySync); err != nil {
			b.Log.Info("announced history is not acknowledged", "error", failureOf(err))
		}
	})
}

// bringsHistory: one bridge alone brings the history, so that its counts are those of one copy. messages.db says which
// (meta.history_source); while nobody has said it, the other bridge does where it has a linked device.
func (b *Bridge) bringsHistory() bool {
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

// bringHistory writes announced history, whenever there is some and it may be written, until the program ends. What
// else waits for another program is looked at with it.
func (b *Bridge) bringHistory(ctx context.Context) {
	timer := time.NewTimer(lookAgain)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.due:
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
	wait := b.sweep(ctx)
	b.writePages(ctx)
	for ctx.Err() == nil && b.isConnected() && b.bringsHistory() {
		next, more := b.historian.step(ctx, b.current())
		if !more {
			break
		}
		if next.After(b.Now()) {
			break // it is looked at again while something waits
		}
		b.active()
		b.writePages(ctx) // somebody waits for a page
	}
	return soonest(wait, b.settleHistory())
}

// sweep looks at what another program may have brought.
func (b *Bridge) sweep(ctx context.Context) time.Duration {
	b.receiver.votes.sweep(ctx, b.current())
	b.receiver.gaps.sweep(b.Store.Has)
	pending, err := b.Spool.PendingHistory()
	polls, pollsErr := b.Spool.AwaitedPolls()
	if err != nil || pollsErr != nil || pending > 0 || len(polls) > 0 || b.receiver.gaps.count() > 0 {
		return lookAgain
	}
	return 0
}

// settleHistory says that the history is complete when it is; it answers when to look again.
func (b *Bridge) settleHistory() time.Duration {
	history, err := b.arrival()
	if err != nil {
		b.Log.Error("how far the history came cannot be read", "error", failureOf(err))
		return lookAgain
	}
	b.lookArriving()
	now := b.Now()
	whole, known := history.wholeAt(b.Quiet)
	switch {
	case !b.isConnected() || !b.bringsHistory():
		return 0
	case known && !now.Before(whole):
		if b.settled != whole {
			if err := b.Store.CompleteHistory(); err != nil {
				b.Log.Error("it could not be noted that the history is complete", "error", failureOf(err))
				return lookAgain
			}
			b.settled = whole
		}
		return 0
	case known:
		return whole.Sub(now)
	case history.isArriving(now, b.Quiet):
		return history.active.Add(stalledAfter).Sub(now)
	}
	return 0
}

// historyAnew: a device that was just linked gets a history of its own, whose parts are counted from the start.
func (b *Bridge) historyAnew() {
	b.active()
	if err := b.Spool.ForgetParts(); err != nil {
		b.Log.Error("parts of an earlier history could not be forgotten", "error", failureOf(err))
	}
}

// active: something of the history came, or it was worked on.
func (b *Bridge) active() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.activeAt = b.Now()
}

func (b *Bridge) arrival() (arrival, error) {
	parts, err := b.Spool.Parts()
	if err != nil {
		return arrival{}, err
	}
	pending, err := b.Spool.PendingHistory()
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return arrival{parts: parts, pending: pending, announced: b.arrivedAt, active: b.activeAt}, err
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
