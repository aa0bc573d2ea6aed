package rules

var (
	restoreOriginal = rule("restore_original")
	deleteOriginal  = rule("delete_original")
	keepOriginal    = rule("keep_original")
	emptyOriginal   = rule("empty_original")
	startExpiry     = rule("start_expiry")
)

// restore brings a message back to what was sent.
func (w *Writer) restore(seq int64) {
	values := args{"seq": seq}
	if w.Exec(restoreOriginal, values) > 0 {
		w.Exec(deleteOriginal, values)
	}
}

// restoreRows does so for the rows that a statement finds.
func (w *Writer) restoreRows(find string, values args) {
	for _, seq := range w.IDs(find, values) {
		w.restore(seq)
	}
}

// keepOriginal notes a message as it is now; what was noted before stays.
func (w *Writer) keepOriginal(seq int64) { w.Exec(keepOriginal, args{"seq": seq}) }

// emptyOriginal empties what is noted of a message that was taken back for good.
func (w *Writer) emptyOriginal(seq int64) { w.Exec(emptyOriginal, args{"seq": seq}) }
