package rules

import (
	"database/sql"
	"slices"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

func hideWhere(which string) string {
	return `UPDATE messages SET hidden_at = d.at / 1000
    FROM deletions AS d JOIN chat_aliases AS a ON a.alias = d.chat_jid
    WHERE ` + which + ` messages.chat_id = a.chat_id AND messages.id = d.message_id AND messages.hidden_at IS NULL
    RETURNING chat_id`
}

var (
	hideAll  = hideWhere("")
	hideSome = hideWhere("d.message_id IN (SELECT value FROM json_each(@ids)) AND")
)

// writeDeletion stores a deletion and hides its message if that is stored.
func (w *Writer) writeDeletion(deletion domain.Deletion) {
	w.Exec(`INSERT INTO deletions (message_id, chat_jid, at) VALUES (@id, @chat_jid, @at)
    ON CONFLICT (message_id, chat_jid) DO NOTHING`,
		args{"id": deletion.MessageID, "chat_jid": deletion.ChatJID, "at": deletion.At})
	w.HideDeleted([]string{deletion.MessageID})
}

// HideDeleted hides the messages among ids that a deletion names, or all of them for nil. Call it after adding
// messages or addresses.
func (w *Writer) HideDeleted(ids []string) {
	if w.Number("SELECT 1 FROM deletions LIMIT 1", nil) == 0 {
		return
	}
	query, values := hideAll, args(nil)
	if ids != nil {
		query, values = hideSome, args{"ids": domain.JSON(ids)}
	}
	var chats []int64
	w.Each(query, values, func(scan func(...any)) {
		var chat sql.NullInt64
		scan(&chat)
		chats = append(chats, chat.Int64)
	})
	slices.Sort(chats)
	for _, chat := range slices.Compact(chats) {
		w.countUnread(chat)
	}
}
