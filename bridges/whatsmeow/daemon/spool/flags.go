package spool

import "whatsapp-hybrid-mcp/wa-bridge/sqlite"

const flagsSchema = `CREATE TABLE IF NOT EXISTS bridge_marks (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID`

func init() { register(flagsSchema) }

// SetFlag stores a flag across restarts.
func (w *Spool) SetFlag(name string) error {
	return w.transaction(func(s *sqlite.Conn) {
		s.Exec("INSERT INTO bridge_marks (name) VALUES (@name) ON CONFLICT DO NOTHING", args{"name": name})
	})
}

// ClearFlag removes a flag.
func (w *Spool) ClearFlag(name string) error {
	return w.transaction(func(s *sqlite.Conn) { s.Exec("DELETE FROM bridge_marks WHERE name = @name", args{"name": name}) })
}

// HasFlag reports whether a flag is set.
func (w *Spool) HasFlag(name string) (marked bool, err error) {
	err = w.read(func(s *sqlite.Conn) {
		marked = s.Number("SELECT count(*) FROM bridge_marks WHERE name = @name", args{"name": name}) > 0
	})
	return marked, err
}
