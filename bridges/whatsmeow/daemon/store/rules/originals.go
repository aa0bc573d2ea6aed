package rules

var (
	restoreOriginal = rule("restore_original")
	deleteOriginal  = rule("delete_original")
	keepOriginal    = rule("keep_original")
	emptyOriginal   = rule("empty_original")
	startExpiry     = rule("start_expiry")
)

// restore returns a message to the form in which it was sent.
func (w *Writer) restore(seq int64) {
	values := args{"seq": seq}
	if w.Exec(restoreOriginal, values) > 0 {
		w.Exec(deleteOriginal, values)
	}
}

// restoreRows restores the rows that a delivery is about to fill.
func (w *Writer) restoreRows(find string, values args) {
	for _, seq := range w.IDs(find, values) {
		w.restore(seq)
	}
}

// keepOriginal stores a message as it is now, unless its original is already stored.
func (w *Writer) keepOriginal(seq int64) { w.Exec(keepOriginal, args{"seq": seq}) }

// emptyOriginal removes the text from the original of a message that was revoked for good.
func (w *Writer) emptyOriginal(seq int64) { w.Exec(emptyOriginal, args{"seq": seq}) }
