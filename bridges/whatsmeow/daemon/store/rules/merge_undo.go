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

// chatNote has the columns that a merge changes in the kept chat, in the order in which the Node writer stores them.
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

// mergeNote is what undoing a merge of chats needs.
type mergeNote struct {
	// First is the LID that a chat had before it was shown under a phone number.
	First *string `json:"first,omitempty"`
	// Kept is the chat that a merged chat went into; Before and After are that chat's columns around the merge.
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
		&row.MutedUntil, &row.EphemeralSeconds, &row.UnreadReported, &row.UnreadReportedAt, &row.ReadUpto,
		&row.LastMessageAt)
	return &row
}

// noteMerge runs fill, which completes kept from gone, and stores what it changed.
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

// undoMerge gives kept the values back that it had before gone was merged into it, except where a newer value has
// arrived.
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
		"id":          kept,
		"name":        restored(now.Name, after.Name, others.Name, before.Name),
		"archived":    restored(now.Archived, after.Archived, others.Archived, before.Archived),
		"pinned_at":   restored(now.PinnedAt, after.PinnedAt, others.PinnedAt, before.PinnedAt),
		"muted_until": restored(now.MutedUntil, after.MutedUntil, others.MutedUntil, before.MutedUntil),
		"ephemeral_seconds": restored(now.EphemeralSeconds, after.EphemeralSeconds, others.EphemeralSeconds,
			before.EphemeralSeconds),
		"unread_reported": restored(now.UnreadReported, after.UnreadReported, others.UnreadReported,
			before.UnreadReported),
		"unread_reported_at": restored(now.UnreadReportedAt, after.UnreadReportedAt, others.UnreadReportedAt,
			before.UnreadReportedAt),
		"read_upto": restored(now.ReadUpto, after.ReadUpto, others.ReadUpto, before.ReadUpto),
		"last_message_at": restored(now.LastMessageAt, after.LastMessageAt, others.LastMessageAt,
			before.LastMessageAt),
	})
}

// restored returns the value before the merge if the current one comes from the merge, and the current one otherwise.
// A current value equal to the other chat's may also come from the shared address.
func restored[T comparable](now, after, others, before *T) *T {
	if same(now, after) || same(now, others) {
		return before
	}
	return now
}

func same[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// restoreNames reduces a contact to the names that arrived under its one address.
func (w *Writer) restoreNames(contact int64) {
	w.Exec(restoreNames, args{"id": contact})
}
