package rules

const conflictRows = `(SELECT chat_id, id, timestamp, sender, content, raw, 0 AS from_me, 'unsupported' AS type,
  NULL AS quoted_id, NULL AS expires_at, NULL AS status, NULL AS filename, NULL AS title, NULL AS details
  FROM conflicts)`

// SettleConflicts resolves the conflicts whose author is now known to be the author of the stored row under another
// address. Call it in the transaction that learned the pair.
func (w *Writer) SettleConflicts() {
	if w.Number("SELECT 1 FROM conflicts LIMIT 1", nil) == 0 {
		return
	}
	const same = "m.chat_id = s.chat_id AND m.id = s.id"
	type settled struct {
		placedRow
		conflict, chat int64
	}
	var rows []settled
	w.Each(`SELECT m.seq, m.id, s.seq, m.chat_id FROM (SELECT *, 0 AS from_me FROM conflicts) AS s
    JOIN messages AS m ON `+same+` WHERE `+sameAuthor, nil, func(scan func(...any)) {
		var row settled
		scan(&row.seq, &row.id, &row.conflict, &row.chat)
		rows = append(rows, row)
	})
	for _, row := range rows {
		w.restore(row.seq)
	}
	w.Exec(fillFrom(conflictRows, same), nil)
	for _, row := range rows {
		w.Exec("DELETE FROM conflicts WHERE seq = @seq", args{"seq": row.conflict})
		w.ApplyChanges(row.chat, row.id)
	}
}
