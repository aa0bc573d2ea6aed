package rules

// latest returns the SQL for the later of two times, either of which may be NULL.
func latest(a, b string) string {
	return "max(coalesce(" + a + ", " + b + "), coalesce(" + b + ", " + a + "))"
}

// linkedAt is the SQL for the time when this device was linked. Older messages are unread only if the phone reports
// them.
const linkedAt = "coalesce((SELECT value / 1000 - 1 FROM meta WHERE key = 'linked_at'), 0)"

const countUnread = `
UPDATE chats AS c SET unread_count = CASE WHEN coalesce(unread_reported_at, -1) > coalesce(read_upto, -1)
    THEN coalesce(unread_reported, 0) ELSE 0 END + (
  SELECT count(*) FROM messages AS m WHERE m.chat_id = c.id AND m.from_me = 0 AND m.hidden_at IS NULL
    AND m.timestamp > max(coalesce(unread_reported_at, 0), coalesce(read_upto, 0), ` + linkedAt + `))
WHERE c.id = @chat_id`

// countUnread updates the unread count of a chat: what the phone reported and has not been read since, plus later
// messages. The result depends only on the rows, not on the order in which they arrived.
func (w *Writer) countUnread(chat int64) {
	w.Exec(countUnread, args{"chat_id": chat})
}

// markReadUpTo marks a chat as read up to this second.
func (w *Writer) markReadUpTo(chat, timestamp int64) {
	values := args{"chat_id": chat, "timestamp": timestamp}
	if w.Exec(`UPDATE chats SET read_upto = @timestamp WHERE id = @chat_id AND coalesce(read_upto, 0) < @timestamp`, values) == 1 {
		w.countUnread(chat)
	}
}
