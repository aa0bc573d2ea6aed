package spool

import "whatsapp-hybrid-mcp/wa-bridge/sqlite"

const pagesSchema = `
CREATE TABLE IF NOT EXISTS bridge_pages (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  notification BLOB NOT NULL UNIQUE
) STRICT`

func init() { register(pagesSchema) }

// KeepPage stores the notification of a requested page of older messages.
func (w *Spool) KeepPage(notification []byte) error {
	return w.transaction(func(s *sqlite.Conn) {
		s.Exec(`INSERT INTO bridge_pages (notification) VALUES (@notification) ON CONFLICT DO NOTHING`,
			args{"notification": notification})
	})
}

// NextPage returns the oldest stored notification, and false when there is none.
func (w *Spool) NextPage() (notification []byte, found bool, err error) {
	err = w.read(func(s *sqlite.Conn) {
		found = s.One(`SELECT notification FROM bridge_pages ORDER BY seq LIMIT 1`, nil, &notification)
	})
	return notification, found, err
}

// ForgetPage removes a notification.
func (w *Spool) ForgetPage(notification []byte) error {
	return w.transaction(func(s *sqlite.Conn) {
		s.Exec(`DELETE FROM bridge_pages WHERE notification = @notification`, args{"notification": notification})
	})
}
