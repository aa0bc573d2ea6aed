package sqlite

// noteKnown stores in messages.db which schema version this program knows, before it writes anything else, so that
// the Node program does not migrate beyond it while this program runs. A new file gets the note as soon as it has the
// meta table.
func (s *Conn) noteKnown() {
	if s.Number("SELECT count(*) FROM sqlite_schema WHERE name = 'meta'", nil) == 0 {
		return
	}
	const key = "whatsmeow_schema"
	if s.Number("SELECT CAST(value AS INTEGER) FROM meta WHERE key = @key", Args{"key": key}) == int64(KnownVersion()) {
		return
	}
	s.Exec("INSERT INTO meta (key, value) VALUES (@key, CAST(@known AS TEXT)) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
		Args{"key": key, "known": KnownVersion()})
}
