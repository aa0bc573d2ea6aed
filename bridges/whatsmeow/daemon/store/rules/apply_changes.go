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

// ApplyChanges applies all known changes to a stored message, and does nothing while the message is not stored. The
// result depends only on the set of changes, not on the order in which they arrived.
func (w *Writer) ApplyChanges(chat int64, id string) {
	key := args{"chat_id": chat, "id": id}
	var changes []changeRow
	w.Each(`SELECT kind, actor, at, value FROM changes WHERE chat_id = @chat_id AND message_id = @id
    AND kind IN ('edit', 'revoke', 'star', 'receipt') ORDER BY at, actor, value`, key, func(scan func(...any)) {
		var row changeRow
		scan(&row.kind, &row.actor, &row.at, &row.value)
		changes = append(changes, row)
	})
	var message target
	if len(changes) == 0 || !w.One(`
    SELECT m.seq, m.chat_id, c.jid, c.kind, coalesce(m.sender, ''), m.from_me, m.timestamp, m.type, m.content, m.starred,
      m.status, m.edited_at, m.revoked_at, o.type
    FROM messages AS m JOIN chats AS c ON c.id = m.chat_id LEFT JOIN originals AS o ON o.message_seq = m.seq
    WHERE m.chat_id = @chat_id AND m.id = @id`, key, &message.seq, &message.chatID, &message.chat, &message.kind,
		&message.sender, &message.fromMe, &message.timestamp, &message.messageType, &message.content, &message.starred,
		&message.status, &message.editedAt, &message.revokedAt, &message.sentType) {
		return
	}
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
		w.Exec(`UPDATE messages SET starred = @starred, status = @status WHERE seq = @seq`,
			args{"starred": starred, "status": status, "seq": message.seq})
	}
}

func boolean(value bool) int64 {
	if value {
		return 1
	}
	return 0
}
