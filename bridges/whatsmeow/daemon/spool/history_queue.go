package spool

import (
	"crypto/sha256"
	"strings"
	"time"
	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
)

const historySchema = `
CREATE TABLE IF NOT EXISTS bridge_history (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  notification BLOB NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_try INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS bridge_history_written (
  digest BLOB PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bridge_parts (
  kind TEXT NOT NULL,
  number INTEGER NOT NULL,
  progress INTEGER NOT NULL,
  written_at INTEGER NOT NULL,
  PRIMARY KEY (kind, number)
) STRICT, WITHOUT ROWID`

func init() { register(historySchema) }

// writtenKept is how long a written chunk is recognized by its notification. WhatsApp delivers notifications without
// a receipt again for two weeks.
const writtenKept = 30 * 24 * time.Hour

// Announced is a history chunk that was announced and is not written yet.
type Announced struct {
	// ID is the message id of the notification, or a made-up one when that is unknown.
	ID           string
	Notification []byte
	Attempts     int
	NextTry      time.Time
}

// IsNameless reports whether the message id is unknown. Then the phone cannot be asked to send the chunk again.
func (a Announced) IsNameless() bool { return strings.HasPrefix(a.ID, nameless) }

const nameless = "unknown "

// Announce stores a notification, which has all that is needed to download its chunk later. A repeated notification
// changes nothing, even under another id: after a crash it is replayed without its id (""), and its chunk may already
// be deleted from the server.
func (w *Spool) Announce(id string, notification []byte) error {
	digest := sha256.Sum256(notification)
	return w.transaction(func(s *sqlite.Conn) {
		s.Exec(`INSERT INTO bridge_history (id, notification)
      SELECT coalesce(nullif(@id, ''), @nameless || hex(@digest)), @notification
      WHERE NOT EXISTS (SELECT 1 FROM bridge_history WHERE notification = @notification)
        AND NOT EXISTS (SELECT 1 FROM bridge_history_written WHERE digest = @digest)
      ON CONFLICT (id) DO NOTHING`,
			args{"id": id, "notification": notification, "digest": digest[:], "nameless": nameless})
	})
}

// NextHistory returns the chunk to write next: the one with the earliest next try, then the oldest. It returns false
// when the queue is empty.
func (w *Spool) NextHistory() (next Announced, found bool, err error) {
	list, err := w.announced(`ORDER BY next_try, seq LIMIT 1`)
	if len(list) == 0 {
		return Announced{}, false, err
	}
	return list[0], true, err
}

// FailedHistory returns the chunks with at least one failed attempt.
func (w *Spool) FailedHistory() ([]Announced, error) {
	return w.announced(`WHERE attempts > 0 ORDER BY seq`)
}

func (w *Spool) announced(which string) (list []Announced, err error) {
	err = w.read(func(s *sqlite.Conn) {
		s.Each(`SELECT id, notification, attempts, next_try FROM bridge_history `+which, nil, func(scan func(...any)) {
			var one Announced
			var at int64
			scan(&one.ID, &one.Notification, &one.Attempts, &at)
			one.NextTry = time.Unix(at, 0)
			list = append(list, one)
		})
	})
	return list, err
}

// HistoryFailed counts a failed attempt and sets the time of the next one.
func (w *Spool) HistoryFailed(id string, next time.Time) error {
	return w.transaction(func(s *sqlite.Conn) {
		s.Exec(`UPDATE bridge_history SET attempts = attempts + 1, next_try = @next WHERE id = @id`, args{"id": id, "next": next.Unix()})
	})
}

// HistoryWritten removes a chunk that was written, or that the phone has sent again. Its notification is recognized
// from then on.
func (w *Spool) HistoryWritten(one Announced, at time.Time) error {
	digest := sha256.Sum256(one.Notification)
	return w.transaction(func(s *sqlite.Conn) {
		s.Exec(`DELETE FROM bridge_history WHERE id = @id`, args{"id": one.ID})
		s.Exec(`INSERT INTO bridge_history_written (digest, at) VALUES (@digest, @at) ON CONFLICT DO NOTHING`,
			args{"digest": digest[:], "at": at.Unix()})
		s.Exec(`DELETE FROM bridge_history_written WHERE at < @old`, args{"old": at.Add(-writtenKept).Unix()})
	})
}

// PendingHistory returns the number of chunks that are not written yet.
func (w *Spool) PendingHistory() (int, error) {
	var count int64
	err := w.read(func(s *sqlite.Conn) { count = s.Number(`SELECT count(*) FROM bridge_history`, nil) })
	return int(count), err
}

// RetryHistory makes all chunks due now, after a new connection.
func (w *Spool) RetryHistory() error {
	return w.transaction(func(s *sqlite.Conn) { s.Exec(`UPDATE bridge_history SET next_try = 0`, nil) })
}

// NoNumber is the number of a part to which the phone gave none.
const NoNumber = -1

// Part is one written part of the history that the phone sends in several; Progress is in percent.
type Part struct {
	Kind      string
	Number    int64
	Progress  uint32
	WrittenAt time.Time
}

// NotePart records a written part.
func (w *Spool) NotePart(part Part) error {
	return w.transaction(func(s *sqlite.Conn) {
		s.Exec(`INSERT INTO bridge_parts (kind, number, progress, written_at) VALUES (@kind, @number, @progress, @at)
      ON CONFLICT DO UPDATE SET progress = max(progress, excluded.progress), written_at = excluded.written_at`,
			args{"kind": part.Kind, "number": part.Number, "progress": part.Progress, "at": part.WrittenAt.UnixMilli()})
	})
}

// Parts returns the written parts, by kind and number.
func (w *Spool) Parts() (parts []Part, err error) {
	err = w.read(func(s *sqlite.Conn) {
		s.Each(`SELECT kind, number, progress, written_at FROM bridge_parts ORDER BY kind, number`, nil, func(scan func(...any)) {
			var one Part
			var at int64
			scan(&one.Kind, &one.Number, &one.Progress, &at)
			one.WrittenAt = time.UnixMilli(at)
			parts = append(parts, one)
		})
	})
	return parts, err
}

// ForgetParts removes all parts: a newly linked device receives a history of its own.
func (w *Spool) ForgetParts() error {
	return w.transaction(func(s *sqlite.Conn) { s.Exec(`DELETE FROM bridge_parts`, nil) })
}
