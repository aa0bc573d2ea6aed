package wa

import (
	"context"
	"time"

	"go.mau.fi/whatsmeow/types"
)

// lookAgain is how often it is asked whether history that waits may be written now: another program says so in
// messages.db, and that tells nobody.
const lookAgain = 10 * time.Second

func (b *Bridge) historyDue() {
	select {
	case b.due <- struct{}{}:
	default: // it is looked at already
	}
}

// announced thanks the phone for history that is kept now, and has it written when that is due.
func (b *Bridge) announced(id string) {
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

// bringHistory writes announced history, whenever there is some and it may be written, until the program ends.
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
		timer.Reset(b.writeHistory(ctx))
	}
}

// writeHistory answers when to look again.
func (b *Bridge) writeHistory(ctx context.Context) time.Duration {
	for ctx.Err() == nil && b.isConnected() && b.bringsHistory() {
		next, more := b.historian.step(ctx, b.current())
		if wait := next.Sub(b.Now()); !more || wait > 0 {
			return max(min(wait, lastDelay), lookAgain)
		}
	}
	return lookAgain
}

func (b *Bridge) isConnected() bool {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.connected
}
