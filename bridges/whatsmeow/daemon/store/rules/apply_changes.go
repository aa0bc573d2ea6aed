package rules

import (
	"database/sql"
	"slices"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// rank orders delivery states; −1 for those that are not steps of the delivery.
func rank(state string) int {
	index := slices.Index(domain.DeliveryStates, state)
	if index > slices.Index(domain.DeliveryStates, "played") {
		return -1
	}
	return index
}

var (
	changesOfMessage = rule("changes_of_message")
	changedMessage   = rule("changed_message")
	setStatus        = rule("set_status")
)

// ApplyChanges applies all known changes to a stored message, and does nothing while the message is not stored. The
// result depends only on the set of changes, not on the order in which they arrived.
func (w *Writer) ApplyChanges(chat int64, id string) {
	key := args{"chat_id": chat, "id": id}
	var changes []changeRow
	w.Each(changesOfMessage, key, func(scan func(...any)) {
		var row changeRow
		scan(&row.kind, &row.actor, &row.at, &row.value)
		changes = append(changes, row)
	})
	var message target
	var sender sql.NullString
	if len(changes) == 0 || !w.One(changedMessage, key, &message.seq, &message.chatID, &message.chat, &message.kind,
		&sender, &message.fromMe, &message.timestamp, &message.messageType, &message.content, &message.starred,
		&message.status, &message.editedAt, &message.revokedAt, &message.sentType) {
		return
	}
	message.sender = sender.String
	w.applyText(changes, &message, id)
	read := func(row changeRow) bool { return row.kind == domain.Receipt && rank(row.value) >= rank("read") }
	// Receipts about other people's messages come only from the account's own devices.
	if message.fromMe == 0 && slices.ContainsFunc(changes, read) {
		w.markReadUpTo(chat, message.timestamp)
	}
	w.applyStatus(changes, &message)
}

func (w *Writer) applyStatus(changes []changeRow, message *target) {
	starred, status := message.starred, message.status
	for _, row := range changes { // the last one wins
		if row.kind == domain.Star {
			starred = boolean(row.value == "1")
		}
	}
	if message.fromMe == 1 && message.kind == string(domain.Direct) {
		for _, row := range changes { // a delivery state only rises
			if row.kind == domain.Receipt && rank(row.value) > rank(status.String) {
				status = sql.NullString{String: row.value, Valid: true}
			}
		}
	}
	if starred != message.starred || status != message.status {
		w.Exec(setStatus,
			args{"starred": starred, "status": status, "seq": message.seq})
	}
}

func boolean(value bool) int64 {
	if value {
		return 1
	}
	return 0
}
