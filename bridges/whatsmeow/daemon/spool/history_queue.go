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

// writtenKept is for how long a written blob is known by its notification: WhatsApp delivers again what it has no
// receipt of, for two weeks.
const writtenKept = 30 * 24 * time.Hour

// Announced is a history blob that WhatsApp announced and that is not written yet.
type Announced struct {
	// ID is the message id of the notification.
	ID           string
	Notification []byte
	Attempts     int
	NextTry      time.Time
}

// IsNameless tells whether the message id is not known: nobody can be asked about it.
func (a Announced) IsNameless() bool { return strings.HasPrefix(a.ID, nameless) }

const nameless = "unknown "

// Announce keeps a notification with all that is needed to download its blob later. The same one again changes nothing,
// whatever its id: of one that was taken up after a kill the id is not known (""), and its blob may be gone by now.
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

// NextHistory is the blob to write next: the oldest of those that may be tried first. False when none is left.
func (w *Spool) NextHistory() (next Announced, found bool, err error) {
	list, err := w.announced(`ORDER BY next_try, seq LIMIT 1`)
	if len(list) == 0 {
		return Announced{}, false, err
	}
	return list[0], true, err
}

// FailedHistory are the blobs that could not be written yet, though it was tried.
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

// HistoryFailed says when a blob is to be tried again.
func (w *Spool) HistoryFailed(id string, next time.Time) error {
	return w.transaction(func(s *sqlite.Conn) {
		s.Exec(`UPDATE bridge_history SET attempts = attempts + 1, next_try = @next WHERE id = @id`, args{"id": id, "next": next.Unix()})
	})
}

// HistoryWritten forgets a blob that was written whole, or that the phone has sent again; its notification is not taken
// again.
func (w *Spool) HistoryWritten(one Announced, at time.Time) error {
	digest := sha256.Sum256(one.Notification)
	return w.transaction(func(s *sqlite.Conn) {
		s.Exec(`DELETE FROM bridge_history WHERE id = @id`, args{"id": one.ID})
		s.Exec(`INSERT INTO bridge_history_written (digest, at) VALUES (@digest, @at) ON CONFLICT DO NOTHING`,
			args{"digest": digest[:], "at": at.Unix()})
		s.Exec(`DELETE FROM bridge_history_written WHERE at < @old`, args{"old": at.Add(-writtenKept).Unix()})
	})
}

// PendingHistory is how many blobs are not written yet.
func (w *Spool) PendingHistory() (int, error) {
	var count int64
	err := w.read(func(s *sqlite.Conn) { count = s.Number(`SELECT count(*) FROM bridge_history`, nil) })
	return int(count), err
}

// RetryHistory lets all blobs be tried at once: there is a new connection.
func (w *Spool) RetryHistory() error {
	return w.transaction(func(s *sqlite.Conn) { s.Exec(`UPDATE bridge_history SET next_try = 0`, nil) })
}

// NoNumber is the number of a part to which the phone gave none.
const NoNumber = -1

// Part is a written part of a history that the phone sends in several; Progress is the percentage that it reached.
type Part struct {
	Kind      string
	Number    int64
	Progress  uint32
	WrittenAt time.Time
}

// NotePart remembers a written part.
func (w *Spool) NotePart(part Part) error {
	return w.transaction(func(s *sqlite.Conn) {
		s.Exec(`INSERT INTO bridge_parts (kind, number, progress, written_at) VALUES (@kind, @number, @progress, @at)
      ON CONFLICT DO UPDATE SET progress = max(progress, excluded.progress), written_at = excluded.written_at`,
			args{"kind": part.Kind, "number": part.Number, "progress": part.Progress, "at": part.WrittenAt.UnixMilli()})
	})
}

// Parts are the written parts, by kind and number.
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

// ForgetParts: a newly linked device gets a history of its own.
func (w *Spool) ForgetParts() error {
	return w.transaction(func(s *sqlite.Conn) { s.Exec(`DELETE FROM bridge_parts`, nil) })
}
