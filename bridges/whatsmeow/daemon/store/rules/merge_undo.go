package rules

import (
	"database/sql"
	"encoding/json"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

var (
	selectMergeNote = rule("merge_note")
	setMergeNote    = rule("set_merge_note")
	chatBeforeMerge = rule("chat_before_merge")
	undoMerge       = rule("undo_merge")
	restoreNames    = rule("restore_names")
)

// chatNote is what a merge changes in the chat that stays; in the order in which the Node writer notes it.
type chatNote struct {
	Name             *string `json:"name"`
	Archived         *int64  `json:"archived"`
	PinnedAt         *int64  `json:"pinned_at"`
	MutedUntil       *int64  `json:"muted_until"`
	EphemeralSeconds *int64  `json:"ephemeral_seconds"`
	UnreadReported   *int64  `json:"unread_reported"`
	UnreadReportedAt *int64  `json:"unread_reported_at"`
	ReadUpto         *int64  `json:"read_upto"`
	LastMessageAt    *int64  `json:"last_message_at"`
}

// mergeNote is what is needed to take a merge of chats back.
type mergeNote struct {
	// First is the hidden identity that a chat had before it was shown under a number.
	First *string `json:"first,omitempty"`
	// Kept says of a chat that was merged away where to, and Before and After what that changed there.
	Kept   *int64    `json:"kept,omitempty"`
	Before *chatNote `json:"before,omitempty"`
	After  *chatNote `json:"after,omitempty"`
}

func (w *Writer) readMergeNote(id int64) mergeNote {
	var text sql.NullString
	w.One(selectMergeNote, args{"id": id}, &text)
	var note mergeNote
	if text.Valid {
		if err := json.Unmarshal([]byte(text.String), &note); err != nil && w.Err == nil {
			w.Err = err
		}
	}
	return note
}

func (w *Writer) writeMergeNote(id int64, note mergeNote) {
	w.Exec(setMergeNote, args{"note": domain.JSON(note), "id": id})
}

func (w *Writer) readChatNote(id int64) *chatNote {
	var row chatNote
	w.One(chatBeforeMerge, args{"id": id}, &row.Name, &row.Archived, &row.PinnedAt,
		&row.MutedUntil, &row.EphemeralSeconds, &row.UnreadReported, &row.UnreadReportedAt, &row.ReadUpto, &row.LastMessageAt)
	return &row
}

// noteMerge runs fill, which brings what gone knows into kept, and notes what that changed.
func (w *Writer) noteMerge(gone, kept int64, fill func()) {
	before := w.readChatNote(kept)
	fill()
	note := w.readMergeNote(gone)
	note.Kept, note.Before, note.After = &kept, before, w.readChatNote(kept)
	w.writeMergeNote(gone, note)
}

func (w *Writer) noteFirstAddress(id int64, address string) {
	note := w.readMergeNote(id)
	note.First = &address
	w.writeMergeNote(id, note)
}

func (w *Writer) firstAddress(id int64) string {
	if first := w.readMergeNote(id).First; first != nil {
		return *first
	}
	return ""
}

// undoMerge gives kept back what it had before gone was merged into it, except where something newer has come since.
func (w *Writer) undoMerge(gone, kept int64) {
	rest := w.readMergeNote(kept)
	rest.First = nil
	w.writeMergeNote(kept, rest)
	if gone == 0 {
		return
	}
	note := w.readMergeNote(gone)
	w.Exec(setMergeNote, args{"note": nil, "id": gone})
	if note.Kept == nil || *note.Kept != kept || note.Before == nil || note.After == nil {
		return
	}
	now, others := w.readChatNote(kept), w.readChatNote(gone)
	before, after := note.Before, note.After
	w.Exec(undoMerge, args{
		"id":                 kept,
		"name":               restored(now.Name, after.Name, others.Name, before.Name),
		"archived":           restored(now.Archived, after.Archived, others.Archived, before.Archived),
		"pinned_at":          restored(now.PinnedAt, after.PinnedAt, others.PinnedAt, before.PinnedAt),
		"muted_until":        restored(now.MutedUntil, after.MutedUntil, others.MutedUntil, before.MutedUntil),
		"ephemeral_seconds":  restored(now.EphemeralSeconds, after.EphemeralSeconds, others.EphemeralSeconds, before.EphemeralSeconds),
		"unread_reported":    restored(now.UnreadReported, after.UnreadReported, others.UnreadReported, before.UnreadReported),
		"unread_reported_at": restored(now.UnreadReportedAt, after.UnreadReportedAt, others.UnreadReportedAt, before.UnreadReportedAt),
		"read_upto":          restored(now.ReadUpto, after.ReadUpto, others.ReadUpto, before.ReadUpto),
		"last_message_at":    restored(now.LastMessageAt, after.LastMessageAt, others.LastMessageAt, before.LastMessageAt),
	})
}

// restored gives back what was there before where the value of now came from the merge. What the other chat is called by
// now may have come to this row through the shared address.
func restored[T comparable](now, after, others, before *T) *T {
	if same(now, after) || same(now, others) {
		return before
	}
	return now
}

func same[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// restoreNames leaves a contact the names that came under the one address it has.
func (w *Writer) restoreNames(contact int64) {
	w.Exec(restoreNames, args{"id": contact})
}
