package rules

var (
	anyConflict       = rule("any_conflict")
	settledConflicts  = rule("settled_conflicts")
	fillFromConflicts = rule("fill_from_conflicts")
	deleteConflict    = rule("delete_conflict")
)

// SettleConflicts resolves the conflicts whose author is now known to be the author of the stored row under another
// address. Call it in the transaction that learned the pair.
func (w *Writer) SettleConflicts() {
	if w.Number(anyConflict, nil) == 0 {
		return
	}
	type settled struct {
		placedRow
		conflict, chat int64
	}
	var rows []settled
	w.Each(settledConflicts, nil, func(scan func(...any)) {
		var row settled
		scan(&row.seq, &row.id, &row.conflict, &row.chat)
		rows = append(rows, row)
	})
	for _, row := range rows {
		w.restore(row.seq)
	}
	w.Exec(fillFromConflicts, nil)
	for _, row := range rows {
		w.Exec(deleteConflict, args{"seq": row.conflict})
		w.ApplyChanges(row.chat, row.id)
	}
}
