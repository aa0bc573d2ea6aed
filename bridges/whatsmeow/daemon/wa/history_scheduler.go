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

// scheduler writes announced history when it is due.
type scheduler struct {
	*link
	receiver   *receiver
	downloader *history.Downloader
	pages      *pages
	wake       chan struct{}

	// announcedAt is when history was announced last, activeAt when anything happened to it, the login included. The mutex
	// guards both.
	announcedAt, activeAt time.Time
	// completedAt is when the history that is noted as complete became so. Only the goroutine that writes history uses it.
	completedAt time.Time
}

func (s *scheduler) wakeHistory() {
	select {
	case s.wake <- struct{}{}:
	default: // it is looked at already
	}
}

// onHistoryAnnounced thanks the phone for history that is kept now, and has it written when that is due.
func (s *scheduler) onHistoryAnnounced(id string) {
	s.mutex.Lock()
	s.announcedAt, s.activeAt = s.Now(), s.Now()
	s.mutex.Unlock()
	s.onPageAnnounced(id)
}

// onPageAnnounced thanks the phone for what it was asked for, which says nothing of how far the history came.
func (s *scheduler) onPageAnnounced(id string) {
	s.wakeHistory()
	s.background(func(ctx context.Context) {
		if err := s.current().SendProtocolMessageReceipt(ctx, id, types.ReceiptTypeHistorySync); err != nil {
			s.Log.Info("announced history is not acknowledged", "error", device.Redact(err))
		}
	})
}

// ownsHistory: one bridge alone brings the history, so that its counts are those of one copy. messages.db says which
// (meta.history_source); while nobody has said it, the other bridge does where it has a linked device.
func (s *scheduler) ownsHistory() bool {
	source, err := s.Store.Meta("history_source")
	if err != nil {
		return false
	}
	switch source {
	case "whatsmeow":
		return true
	case "":
		return !s.OtherBridge()
	}
	return false
}

// runHistory writes announced history, whenever there is some and it may be written, until the program ends. What
// else waits for another program is looked at with it.
func (s *scheduler) runHistory(ctx context.Context) {
	timer := time.NewTimer(pollInterval)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		case <-timer.C:
		}
		timer.Stop()
		if wait := s.writeHistory(ctx); wait > 0 {
			timer.Reset(wait)
		}
	}
}

// writeHistory answers when to look again; 0 when nothing waits.
func (s *scheduler) writeHistory(ctx context.Context) time.Duration {
	wait := s.retryPending(ctx)
	s.pages.writePages(ctx)
	for ctx.Err() == nil && s.isConnected() && s.ownsHistory() {
		next, more := s.downloader.Step(ctx, s.current())
		if !more {
			break
		}
		if next.After(s.Now()) {
			break // it is looked at again while something waits
		}
		s.markHistoryActivity()
		s.pages.writePages(ctx) // somebody waits for a page
	}
	return soonest(wait, s.markHistoryComplete())
}

// retryPending looks at what another program may have brought.
func (s *scheduler) retryPending(ctx context.Context) time.Duration {
	s.receiver.votes.retryAll(ctx, s.current())
	s.receiver.undecryptable.resolveStored(s.Store.Has)
	pending, err := s.Spool.PendingHistory()
	polls, pollsErr := s.Spool.AwaitedPolls()
	if err != nil || pollsErr != nil || pending > 0 || len(polls) > 0 || s.receiver.undecryptable.count() > 0 {
		return pollInterval
	}
	return 0
}

// markHistoryComplete says that the history is complete when it is; it answers when to look again.
func (s *scheduler) markHistoryComplete() time.Duration {
	progress, err := s.historyProgress()
	if err != nil {
		s.Log.Error("how far the history came cannot be read", "error", device.Redact(err))
		return pollInterval
	}
	s.updateHistoryActive()
	now := s.Now()
	whole, known := progress.WholeAt(s.Quiet)
	switch {
	case !s.isConnected() || !s.ownsHistory():
		return 0
	case known && !now.Before(whole):
		if s.completedAt != whole {
			if err := s.Store.CompleteHistory(); err != nil {
				s.Log.Error("it could not be noted that the history is complete", "error", device.Redact(err))
				return pollInterval
			}
			s.completedAt = whole
		}
		return 0
	case known:
		return whole.Sub(now)
	case progress.IsArriving(now, s.Quiet):
		return progress.Active.Add(history.StalledAfter).Sub(now)
	}
	return 0
}

// resetHistory: a device that was just linked gets a history of its own, whose parts are counted from the start.
func (s *scheduler) resetHistory() {
	s.markHistoryActivity()
	if err := s.Spool.ForgetParts(); err != nil {
		s.Log.Error("parts of an earlier history could not be forgotten", "error", device.Redact(err))
	}
}

// markHistoryActivity: something of the history came, or it was worked on.
func (s *scheduler) markHistoryActivity() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.activeAt = s.Now()
}

func (s *scheduler) historyProgress() (history.Progress, error) {
	parts, err := s.Spool.Parts()
	if err != nil {
		return history.Progress{}, err
	}
	pending, err := s.Spool.PendingHistory()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return history.Progress{Parts: parts, Pending: pending, Announced: s.announcedAt, Active: s.activeAt}, err
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

// updateHistoryActive finds out whether somebody waits for history of this bridge: nobody does where the other bridge has a
// linked device. It is remembered, since who asks for the state must not wait for a write of messages.db.
func (s *scheduler) updateHistoryActive() {
	arriving := false
	if !s.OtherBridge() && s.ownsHistory() {
		progress, err := s.historyProgress()
		arriving = err == nil && progress.IsArriving(s.Now(), s.Quiet)
	}
	s.mutex.Lock()
	s.historyActive = arriving
	s.mutex.Unlock()
	s.publishState()
}
