package sqlite

// expiredPerWrite bounds how many texts one transaction deletes.
const expiredPerWrite = 100

// expire deletes texts that a proven pair or a role took back seven days ago: that can no longer be undone.
func (s *session) expire() {
	var rows []placedRow
	var chats []int64
	s.each(`SELECT m.seq, m.id, m.chat_id FROM originals AS o JOIN messages AS m ON m.seq = o.message_seq
    WHERE o.taken_at < unixepoch() - 7 * 86400 LIMIT @limit`, args{"limit": expiredPerWrite}, func(scan func(...any)) {
		var row placedRow
		var chat int64
		scan(&row.seq, &row.id, &chat)
		rows, chats = append(rows, row), append(chats, chat)
	})
	for i, row := range rows {
		s.exec("DELETE FROM originals WHERE message_seq = @seq", args{"seq": row.seq})
		s.apply(chats[i], row.id)
	}
}
