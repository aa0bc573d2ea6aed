package rules

// expiredPerWrite limits how many texts one transaction deletes.
const expiredPerWrite = 100

// Expire deletes the original texts of revokes that have counted for seven days because of a pair or a role. After
// that they can no longer be undone.
func (w *Writer) Expire() {
	var rows []placedRow
	var chats []int64
	w.Each(`SELECT m.seq, m.id, m.chat_id FROM originals AS o JOIN messages AS m ON m.seq = o.message_seq
    WHERE o.taken_at < unixepoch() - 7 * 86400 LIMIT @limit`, args{"limit": expiredPerWrite}, func(scan func(...any)) {
		var row placedRow
		var chat int64
		scan(&row.seq, &row.id, &chat)
		rows, chats = append(rows, row), append(chats, chat)
	})
	for i, row := range rows {
		w.Exec("DELETE FROM originals WHERE message_seq = @seq", args{"seq": row.seq})
		w.ApplyChanges(chats[i], row.id)
	}
}
