package rules

var (
	countUnread = rule("count_unread")
	markRead    = rule("mark_read")
)

// countUnread updates the unread count of a chat: what the phone reported and has not been read since, plus later
// messages. The result depends only on the rows, not on the order in which they arrived.
func (w *Writer) countUnread(chat int64) {
	w.Exec(countUnread, args{"chat_id": chat})
}

// markReadUpTo marks a chat as read up to this second.
func (w *Writer) markReadUpTo(chat, timestamp int64) {
	values := args{"chat_id": chat, "timestamp": timestamp}
	if w.Exec(markRead, values) == 1 {
		w.countUnread(chat)
	}
}
