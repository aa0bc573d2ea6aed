package wa

import (
	"context"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
	"whatsapp-hybrid-mcp/wa-bridge/wa/history"

	"go.mau.fi/whatsmeow/types"
)

// pollInterval is the time between two checks of messages.db for work that another program enables, such as a stored
// poll. The other program sends no notification.
const pollInterval = 2 * time.Second

// scheduler writes announced history when it is due.
type scheduler struct {
	*link
	receiver   *receiver
	downloader *history.Downloader
	pages      *pages
	wake       chan struct{}

	// announcedAt is the time of the latest announcement, activeAt the time of the latest activity of any kind,
	// including the login. The mutex guards both.
	announcedAt, activeAt time.Time
	// completedAt is when the completed history became complete. Only the goroutine of runHistory uses it.
	completedAt time.Time
}

func (s *scheduler) wakeHistory() {
	select {
	case s.wake <- struct{}{}:
	default: // a wake-up is already pending
	}
}

// onHistoryAnnounced sends the receipt for history whose announcement is stored, and wakes the scheduler.
func (s *scheduler) onHistoryAnnounced(id string) {
	s.mutex.Lock()
	s.announcedAt, s.activeAt = s.Now(), s.Now()
	s.mutex.Unlock()
	s.onPageAnnounced(id)
}

// onPageAnnounced sends the receipt for a requested page and wakes the scheduler. A page does not count as history
// activity.
func (s *scheduler) onPageAnnounced(id string) {
	s.wakeHistory()
	s.background(func(ctx context.Context) {
		if err := s.current().SendProtocolMessageReceipt(ctx, id, types.ReceiptTypeHistorySync); err != nil {
			s.Log.Info("announced history is not acknowledged", "error", device.Redact(err))
		}
	})
}

// ownsHistory reports whether this bridge imports the history. Only one bridge does, so that messages are counted
// once. meta.history_source in messages.db names it; while it is unset, the other bridge imports when it has a linked
// device.
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

// runHistory writes announced history and retries what waits for another program, until the context ends.
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

// writeHistory does all work that is due. It returns the time until the next check, or 0 when nothing waits.
func (s *scheduler) writeHistory(ctx context.Context) time.Duration {
	wait := s.retryPending(ctx)
	s.pages.writePages(ctx)
	for ctx.Err() == nil && s.isConnected() && s.ownsHistory() {
		next, more := s.downloader.Step(ctx, s.current())
		if !more {
			break
		}
		if next.After(s.Now()) {
			break // the timer checks again while something waits
		}
		s.markHistoryActivity()
		s.pages.writePages(ctx) // a call may wait for a page
	}
	return soonest(wait, s.markHistoryComplete())
}

// retryPending retries the votes and undecryptable messages that another program may have resolved. It returns the
// time until the next check, or 0.
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

// markHistoryComplete records that the history is complete, once it is. It returns the time until the next check, or
// 0.
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

// resetHistory forgets the parts of an earlier history: a newly linked device receives its own.
func (s *scheduler) resetHistory() {
	s.markHistoryActivity()
	if err := s.Spool.ForgetParts(); err != nil {
		s.Log.Error("parts of an earlier history could not be forgotten", "error", device.Redact(err))
	}
}

// markHistoryActivity records that history arrived or was processed.
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

// updateHistoryActive computes whether history for this bridge is arriving. It stores the result, because a status
// request must not wait for a write of messages.db.
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
