package rules

// restore returns a message to the form in which it was sent.
func (w *Writer) restore(seq int64) {
	values := args{"seq": seq}
	if w.Exec(`UPDATE messages AS m SET type = o.type, content = o.content, filename = o.filename, title = o.title,
      details = o.details, raw = o.raw, edited_at = o.edited_at, revoked_at = o.revoked_at
    FROM originals AS o WHERE o.message_seq = m.seq AND m.seq = @seq`, values) > 0 {
		w.Exec("DELETE FROM originals WHERE message_seq = @seq", values)
	}
}

// restoreRows restores the rows that a delivery is about to fill.
func (w *Writer) restoreRows(source, join string, values args) {
	for _, seq := range w.IDs(`SELECT m.seq FROM `+source+` AS s JOIN messages AS m ON `+join+`
    JOIN originals AS o ON o.message_seq = m.seq WHERE `+sameAuthor, values) {
		w.restore(seq)
	}
}

// keepOriginal stores a message as it is now, unless its original is already stored.
func (w *Writer) keepOriginal(seq int64) {
	w.Exec(`INSERT INTO originals (message_seq, type, content, filename, title, details, raw, edited_at, revoked_at)
    SELECT seq, type, content, filename, title, details, raw, edited_at, revoked_at FROM messages WHERE seq = @seq
    ON CONFLICT (message_seq) DO NOTHING`, args{"seq": seq})
}

// emptyOriginal removes the text from the original of a message that was revoked for good.
func (w *Writer) emptyOriginal(seq int64) {
	w.Exec(`UPDATE originals SET raw = CASE WHEN type = 'revoked' THEN raw END, type = 'revoked', content = '',
      filename = NULL, title = NULL, details = NULL, taken_at = NULL WHERE message_seq = @seq`, args{"seq": seq})
}
