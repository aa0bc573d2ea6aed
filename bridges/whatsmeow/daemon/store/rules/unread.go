package rules

var (
	countUnread = rule("count_unread")
	markRead    = rule("mark_read")
)

// countUnread counts again what is unread in a chat: what the phone reported and nobody read since, and what came
// later. The result is a function of the rows and marks, not of the order in which they came.
func (w *Writer) countUnread(chat int64) {
	w.Exec(countUnread, args{"chat_id": chat})
}

// markReadUpTo notes that everything in a chat up to this second was read.
func (w *Writer) markReadUpTo(chat, timestamp int64) {
	values := args{"chat_id": chat, "timestamp": timestamp}
	if w.Exec(markRead, values) == 1 {
		w.countUnread(chat)
	}
}
