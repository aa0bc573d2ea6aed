package sqlite

const flagsSchema = `CREATE TABLE IF NOT EXISTS bridge_marks (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID`

func init() { register(flagsSchema) }

// Mark remembers that something is so, beyond the end of the program.
func (w *Waiting) Mark(name string) error {
	return w.transaction(func(s *session) {
		s.exec("INSERT INTO bridge_marks (name) VALUES (@name) ON CONFLICT DO NOTHING", args{"name": name})
	})
}

// Unmark says that it is so no longer.
func (w *Waiting) Unmark(name string) error {
	return w.transaction(func(s *session) { s.exec("DELETE FROM bridge_marks WHERE name = @name", args{"name": name}) })
}

// Marked tells whether it is so.
func (w *Waiting) Marked(name string) (marked bool, err error) {
	err = w.look(func(s *session) {
		marked = s.number("SELECT count(*) FROM bridge_marks WHERE name = @name", args{"name": name}) > 0
	})
	return marked, err
}
