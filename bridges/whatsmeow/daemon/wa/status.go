package wa

import (
	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
)

// set changes the state and tells those who wait or listen.
func (b *Bridge) set(state domain.State, message string) {
	b.mutex.Lock()
	isNews := state != b.state || message != b.message
	b.state, b.message = state, message
	b.connected = state == domain.Ready || state == domain.Syncing || state == domain.Degraded
	if isNews {
		close(b.changed)
		b.changed = make(chan struct{})
	}
	b.mutex.Unlock()
	if isNews {
		b.Log.Info("state", "state", string(state))
		b.publishState()
	}
}

// publishState tells listeners the state that is shown, when it is another one.
func (b *Bridge) publishState() {
	b.mutex.Lock()
	shown := b.shownState()
	isNews := b.published != shown
	b.published = shown
	b.mutex.Unlock()
	if isNews {
		b.Publish("state", map[string]any{"state": shown})
	}
}

// Status is what this bridge says about itself, without asking anybody.
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

func textOrNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// shownState is the state for others: while history arrives that somebody waits for, it is syncing. Call with the mutex held.
func (b *Bridge) shownState() domain.State {
	if b.state == domain.Ready && b.historyActive {
		return domain.Syncing
	}
	return b.state
}

// updateHistoryActive finds out whether somebody waits for history of this bridge: nobody does where the other bridge has a
// linked device. It is remembered, since who asks for the state must not wait for a write of messages.db.
func (b *Bridge) updateHistoryActive() {
	arriving := false
	if !b.OtherBridge() && b.ownsHistory() {
		progress, err := b.historyProgress()
		arriving = err == nil && progress.IsArriving(b.Now(), b.Quiet)
	}
	b.mutex.Lock()
	b.historyActive = arriving
	b.mutex.Unlock()
	b.publishState()
}
