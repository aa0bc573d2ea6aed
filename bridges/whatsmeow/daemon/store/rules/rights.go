package rules

import (
	"database/sql"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// What an edit or revoke is worth, by what is known now. The table of rights stands in docs/reference.md; the Node
// program's tests hold both to it.
type verdict int

const (
	// none changes nothing; it is decided again when a pair or a role is learned.
	none verdict = iota
	// counts is undone exactly if what it rests on proves wrong.
	counts
	// final counts, and nothing that is learned later can change it.
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
		return counts // WhatsApp lets only the admins of a channel do that
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

// isAuthor tells whether an address is the author's, and whether it is the very one that the message came from. Two
// addresses are one person's only when they are known to be.
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

// outcome is what is to become of a message. edit is nil where none counts.
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
	for i := range changes { // in order of time: the last one stays
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

// isShown tells whether the row already is what it is to be. What an earlier version changed has nothing noted, and
// stands.
func (message *target) isShown(wanted outcome) bool {
	isTold := message.messageType == "revoked" && message.revokedAt == wanted.revokedAt && message.editedAt == wanted.editedAt
	switch {
	case wanted.isFinal || wanted.revokedAt.Valid:
		isPlain := !wanted.revokedAt.Valid && !wanted.editedAt.Valid
		if !message.sentType.Valid {
			return message.messageType == "revoked" && (isPlain || isTold)
		}
		return isTold && (message.sentType.String == "revoked") == wanted.isFinal
	case wanted.edit != nil:
		return message.messageType != "revoked" && message.editedAt == wanted.editedAt && message.content == wanted.edit.value
	}
	return !message.sentType.Valid
}

// applyText edits and takes back one message by those of its changes that count, and undoes what no longer counts.
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
