package rules

import (
	"database/sql"
	"slices"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

var (
	insertDeletion   = rule("insert_deletion")
	anyDeletion      = rule("any_deletion")
	hideDeleted      = rule("hide_deleted")
	hideDeletedAmong = rule("hide_deleted_among")
)

// writeDeletion stores a deletion and hides its message if that is stored.
func (w *Writer) writeDeletion(deletion domain.Deletion) {
	w.Exec(insertDeletion,
		args{"message_id": deletion.MessageID, "chat_jid": deletion.ChatJID, "at": deletion.At})
	w.HideDeleted([]string{deletion.MessageID})
}

// HideDeleted hides the messages among ids that a deletion names, or all of them for nil. Call it after adding
// messages or addresses.
func (w *Writer) HideDeleted(ids []string) {
	if w.Number(anyDeletion, nil) == 0 {
		return
	}
	query, values := hideDeleted, args(nil)
	if ids != nil {
		query, values = hideDeletedAmong, args{"ids": domain.JSON(ids)}
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
