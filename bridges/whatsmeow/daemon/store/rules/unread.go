package rules

// latest is the latest of two moments of which either may be unknown.
func latest(a, b string) string {
	return "max(coalesce(" + a + ", " + b + "), coalesce(" + b + ", " + a + "))"
}

// linkedAt: what came before this device was linked is unread only where the phone says so.
const linkedAt = "coalesce((SELECT value / 1000 - 1 FROM meta WHERE key = 'linked_at'), 0)"

const countUnread = `
UPDATE chats AS c SET unread_count = CASE WHEN coalesce(unread_reported_at, -1) > coalesce(read_upto, -1)
    THEN coalesce(unread_reported, 0) ELSE 0 END + (
  SELECT count(*) FROM messages AS m WHERE m.chat_id = c.id AND m.from_me = 0 AND m.hidden_at IS NULL
    AND m.timestamp > max(coalesce(unread_reported_at, 0), coalesce(read_upto, 0), ` + linkedAt + `))
WHERE c.id = @chat_id`

// countUnread counts again what is unread in a chat: what the phone reported and nobody read since, and what came
// later. The result is a function of the rows and marks, not of the order in which they came.
func (w *Writer) countUnread(chat int64) {
	w.Exec(countUnread, args{"chat_id": chat})
}

// markReadUpTo notes that everything in a chat up to this second was read.
func (w *Writer) markReadUpTo(chat, timestamp int64) {
	values := args{"chat_id": chat, "timestamp": timestamp}
	if w.Exec(`UPDATE chats SET read_upto = @timestamp WHERE id = @chat_id AND coalesce(read_upto, 0) < @timestamp`, values) == 1 {
		w.countUnread(chat)
	}
}
