package sqlite

import "time"

// Announced is a history blob that WhatsApp announced and that is not written yet.
type Announced struct {
	// ID is the message id of the notification.
	ID           string
	Notification []byte
	Attempts     int
	NextTry      time.Time
}

// Announce keeps a notification with all that is needed to download its blob later; the same one again changes nothing.
func (w *Waiting) Announce(id string, notification []byte) error {
	return w.transaction(func(s *session) {
		s.exec(`INSERT INTO bridge_history (id, notification) VALUES (@id, @notification) ON CONFLICT (id) DO NOTHING`,
			args{"id": id, "notification": notification})
	})
}

// NextHistory is the blob to write next: the oldest of those that may be tried first. False when none is left.
func (w *Waiting) NextHistory() (next Announced, found bool, err error) {
	var at int64
	err = w.look(func(s *session) {
		found = s.one(`SELECT id, notification, attempts, next_try FROM bridge_history ORDER BY next_try, seq LIMIT 1`,
			nil, &next.ID, &next.Notification, &next.Attempts, &at)
	})
	next.NextTry = time.Unix(at, 0)
	return next, found, err
}

// HistoryFailed says when a blob is to be tried again.
func (w *Waiting) HistoryFailed(id string, next time.Time) error {
	return w.transaction(func(s *session) {
		s.exec(`UPDATE bridge_history SET attempts = attempts + 1, next_try = @next WHERE id = @id`, args{"id": id, "next": next.Unix()})
	})
}

// HistoryWritten forgets a blob that was written whole.
func (w *Waiting) HistoryWritten(id string) error {
	return w.transaction(func(s *session) {
		s.exec(`DELETE FROM bridge_history WHERE id = @id`, args{"id": id})
	})
}

// PendingHistory is how many blobs are not written yet.
func (w *Waiting) PendingHistory() (int, error) {
	var count int64
	err := w.look(func(s *session) { count = s.number(`SELECT count(*) FROM bridge_history`, nil) })
	return int(count), err
}

// RetryHistory lets all blobs be tried at once: there is a new connection.
func (w *Waiting) RetryHistory() error {
	return w.transaction(func(s *session) { s.exec(`UPDATE bridge_history SET next_try = 0`, nil) })
}
