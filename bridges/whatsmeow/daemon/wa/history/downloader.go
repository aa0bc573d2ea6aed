package history

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"google.golang.org/protobuf/proto"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/spool"
	"whatsapp-hybrid-mcp/wa-bridge/store/rules"
	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
	"whatsapp-hybrid-mcp/wa-bridge/wa/translate"
)

// Queue holds the announced history chunks, oldest first.
type Queue interface {
	NextHistory() (spool.Announced, bool, error)
	HistoryFailed(id string, next time.Time) error
	FailedHistory() ([]spool.Announced, error)
	HistoryWritten(one spool.Announced, at time.Time) error
	NotePart(part spool.Part) error
}

// Writer writes chunks to messages.db part by part.
type Writer interface {
	WriteHistory(batch domain.Batch, blob string, upto int) (rules.Counts, error)
	HistoryCursor(blob string) (int, error)
	ForgetCursor(blob string) error
}

const (
	firstDelay = 10 * time.Second
	LastDelay  = 30 * time.Minute
	// askAgain is the number of failed attempts after which the phone is asked to send the chunk again.
	askAgain = 3
)

// Downloader downloads announced history chunks and writes them.
type Downloader struct {
	Queue     Queue
	Store     Writer
	Log       *slog.Logger
	Account   func() domain.Account
	Now       func() time.Time
	OnWritten func(counts rules.Counts)
	// OnStored is called with the rows of each written part.
	OnStored func(ctx context.Context, rows []domain.Message)
}

// Step writes the next chunk that is due, completely or until an error. It returns when to call it again, and false
// when the queue is empty.
func (h *Downloader) Step(ctx context.Context, from device.BlobSource) (time.Time, bool) {
	next, found, err := h.Queue.NextHistory()
	if err != nil {
		h.Log.Error("announced history cannot be read", "error", device.Redact(err))
		return h.Now().Add(LastDelay), true
	}
	if !found {
		return next.NextTry, false
	}
	if next.NextTry.After(h.Now()) {
		return next.NextTry, true
	}
	if err := h.write(ctx, from, next); err != nil {
		if ctx.Err() != nil {
			return h.Now(), false // the next connection resumes it
		}
		h.failed(ctx, from, next, err)
	}
	return h.Now(), true
}

// write writes one chunk. It recovers panics: a chunk that ends the program would end it again at every start.
func (h *Downloader) write(ctx context.Context, from device.BlobSource, next spool.Announced) (err error) {
	defer func() {
		if defect := recover(); defect != nil {
			err = domain.Errorf(domain.Internal, "A defect was met (%T).", defect)
		}
	}()
	var notification waE2E.HistorySyncNotification
	if err := proto.Unmarshal(next.Notification, &notification); err != nil {
		return err
	}
	data, err := from.DownloadHistorySync(ctx, &notification, true)
	if err != nil {
		return err
	}
	done, err := h.Store.HistoryCursor(next.ID)
	if err != nil {
		return err
	}
	part := 0
	for batch := range (translate.Context{Me: h.Account(), Now: h.Now().UnixMilli()}).History(data) {
		if part++; part <= done {
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		counts, err := h.Store.WriteHistory(batch, next.ID, part)
		if err != nil {
			return err
		}
		h.OnWritten(counts)
		h.OnStored(ctx, batch.Messages)
	}
	if err := h.notePart(data); err != nil {
		return err
	}
	// The order matters: a stop in between leaves an unused cursor. The other order would read the chunk again.
	if err := errors.Join(h.Queue.HistoryWritten(next, h.Now()), h.Store.ForgetCursor(next.ID)); err != nil {
		return err
	}
	h.forgetReplaced(data)
	h.RemoveBlob(ctx, from, &notification)
	return nil
}

// RemoveBlob deletes a written chunk from WhatsApp's server.
func (h *Downloader) RemoveBlob(ctx context.Context, from device.BlobSource, notification *waE2E.HistorySyncNotification) {
	if path := notification.GetDirectPath(); path != "" {
		if err := from.DeleteMedia(ctx, whatsmeow.MediaHistory, path, notification.GetFileEncSHA256(), notification.GetEncHandle()); err != nil {
			h.Log.Info("a written blob stays on the server", "error", device.Redact(err))
		}
	}
}

// notePart records the part in the progress of the history. Pages that were requested do not count.
func (h *Downloader) notePart(data *waHistorySync.HistorySync) error {
	if data.GetSyncType() == waHistorySync.HistorySync_ON_DEMAND {
		return nil
	}
	number := int64(spool.NoNumber)
	if data.ChunkOrder != nil {
		number = int64(data.GetChunkOrder())
	}
	return h.Queue.NotePart(spool.Part{Kind: data.GetSyncType().String(), Number: number,
		Progress: data.GetProgress(), WrittenAt: h.Now()})
}

// forgetReplaced removes failed chunks from the queue that the phone has sent again. Two chunks are the same part
// only when they have the same number.
func (h *Downloader) forgetReplaced(data *waHistorySync.HistorySync) {
	if data.GetSyncType() == waHistorySync.HistorySync_ON_DEMAND || data.ChunkOrder == nil {
		return
	}
	failed, err := h.Queue.FailedHistory()
	for _, one := range failed {
		var other waE2E.HistorySyncNotification
		if proto.Unmarshal(one.Notification, &other) != nil || other.SyncType == nil ||
			other.GetSyncType().String() != data.GetSyncType().String() || other.ChunkOrder == nil || other.GetChunkOrder() != data.GetChunkOrder() {
			continue
		}
		err = errors.Join(err, h.Queue.HistoryWritten(one, h.Now()), h.Store.ForgetCursor(one.ID))
	}
	if err != nil {
		h.Log.Warn("what the phone sent again stays in the queue", "error", device.Redact(err))
	}
}

func (h *Downloader) failed(ctx context.Context, from device.BlobSource, next spool.Announced, err error) {
	delay := min(firstDelay<<min(next.Attempts, 20), LastDelay)
	h.Log.Warn("a part of the history could not be written", "attempt", next.Attempts+1, "error", device.Redact(err))
	if err := h.Queue.HistoryFailed(next.ID, h.Now().Add(delay)); err != nil {
		h.Log.Error("a failed try could not be noted", "error", device.Redact(err))
	}
	var notification waE2E.HistorySyncNotification
	if next.Attempts+1 != askAgain || next.IsNameless() || proto.Unmarshal(next.Notification, &notification) != nil {
		return
	}
	if err := from.SendHistorySyncServerErrorReceipt(ctx, next.ID, notification.GetMediaKey()); err != nil {
		h.Log.Info("the phone could not be asked again", "error", device.Redact(err))
	}
}
