package rules

import (
	"database/sql"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// verdict is what an edit or a revoke is worth by what is known now. docs/reference.md has the table of rights; the
// Node program's tests check both programs against it.
type verdict int

const (
	// none has no effect; a new pair or role decides again.
	none verdict = iota
	// counts has an effect that is undone if its reason proves wrong.
	counts
	// final has an effect that nothing learned later can change.
	final
)

// editWindow is how long after its message an edit counts, in seconds.
const editWindow = 20 * 60

var (
	editMessage   = rule("edit_message")
	revokeMessage = rule("revoke_message")
	forgetEdits   = rule("forget_edits")
)

func (w *Writer) judge(change *changeRow, message *target) verdict {
	if message.kind == string(domain.Newsletter) && change.actor == message.chat {
		if change.kind == domain.Revoke {
			return final
		}
		return counts // WhatsApp lets only the admins of a channel edit
	}
	isAuthor, isSame := w.isAuthor(change.actor, message.sender)
	switch {
	case change.kind == domain.Edit:
		if isAuthor && change.at <= (message.timestamp+editWindow)*1000 {
			return counts
		}
	case isSame:
		return final
	case isAuthor:
		return counts
	case message.kind == string(domain.Group) || message.kind == string(domain.Community):
		if w.wasAdmin(message.chatID, change.actor, change.at) {
			return counts
		}
	}
	return none
}

// isAuthor reports whether an address belongs to the author, and whether it is the exact address that sent the
// message. Two addresses belong to one person only when their pair is known.
func (w *Writer) isAuthor(actor, sender string) (isAuthor, isSame bool) {
	if sender == "" {
		return false, false
	}
	if sender == actor {
		return true, true
	}
	author := w.Alias("contact", sender)
	return author != 0 && author == w.Alias("contact", actor), false
}

// outcome is the result of all changes of a message. edit is nil when no edit counts.
type outcome struct {
	revokedAt sql.NullInt64
	editedAt  sql.NullInt64
	edit      *changeRow
	isFinal   bool
}

func (w *Writer) outcome(changes []changeRow, message *target) outcome {
	sent := message.messageType
	if message.sentType.Valid {
		sent = message.sentType.String
	}
	wanted := outcome{isFinal: sent == "revoked"}
	for i := range changes { // in order of time: the last one wins
		row := &changes[i]
		if row.kind != domain.Edit && row.kind != domain.Revoke {
			continue
		}
		worth := w.judge(row, message)
		wanted.isFinal = wanted.isFinal || worth == final
		at := sql.NullInt64{Int64: floorSeconds(row.at), Valid: true}
		switch {
		case worth == none:
		case row.kind == domain.Revoke:
			wanted.revokedAt = at
		default:
			wanted.edit, wanted.editedAt = row, at
		}
	}
	return wanted
}

// isShown reports whether the row already shows the outcome. Rows changed by an earlier version have no original and
// stay as they are.
func (message *target) isShown(wanted outcome) bool {
	isTold := message.messageType == "revoked" && message.revokedAt == wanted.revokedAt &&
		message.editedAt == wanted.editedAt
	switch {
	case wanted.isFinal || wanted.revokedAt.Valid:
		isPlain := !wanted.revokedAt.Valid && !wanted.editedAt.Valid
		if !message.sentType.Valid {
			return message.messageType == "revoked" && (isPlain || isTold)
		}
		return isTold && (message.sentType.String == "revoked") == wanted.isFinal
	case wanted.edit != nil:
		return message.messageType != "revoked" && message.editedAt == wanted.editedAt &&
			message.content == wanted.edit.value
	}
	return !message.sentType.Valid
}

// applyText applies the edits and revokes that count to a message, and undoes those that no longer count.
func (w *Writer) applyText(changes []changeRow, message *target, id string) {
	wanted := w.outcome(changes, message)
	values := args{"seq": message.seq, "edited_at": wanted.editedAt, "revoked_at": wanted.revokedAt}
	if !message.isShown(wanted) {
		w.restore(message.seq)
		switch {
		case wanted.isFinal || wanted.revokedAt.Valid:
			w.keepOriginal(message.seq)
			w.Exec(revokeMessage, values)
			if wanted.isFinal {
				w.emptyOriginal(message.seq)
			} else {
				w.Exec(startExpiry, values)
			}
		case wanted.edit != nil:
			w.keepOriginal(message.seq)
			w.Exec(editMessage, values.With(args{"content": wanted.edit.value}))
		}
	}
	if wanted.isFinal {
		w.Exec(forgetEdits, args{"chat_id": message.chatID, "id": id})
	}
}
