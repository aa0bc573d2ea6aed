package sqlite

// noteKnown says in messages.db which schema this program knows, before it writes anything else: the Node program makes
// no newer one while this program runs. A file that is being made says it as soon as it can.
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
