package rules

// expiredPerWrite limits how many texts one transaction deletes.
const expiredPerWrite = 100

var expiredOriginals = rule("expired_originals")

// Expire deletes the original texts of revokes that have counted for seven days because of a pair or a role. After
// that they can no longer be undone.
func (w *Writer) Expire() {
	var rows []placedRow
	var chats []int64
	w.Each(expiredOriginals, args{"limit": expiredPerWrite}, func(scan func(...any)) {
		var row placedRow
		var chat int64
		scan(&row.seq, &row.id, &chat)
		rows, chats = append(rows, row), append(chats, chat)
	})
	for i, row := range rows {
		w.Exec(deleteOriginal, args{"seq": row.seq})
		w.ApplyChanges(chats[i], row.id)
	}
}
