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

// writeDeletion remembers what was deleted on the phone, and hides its message where that is there.
func (w *Writer) writeDeletion(deletion domain.Deletion) {
	w.Exec(insertDeletion,
		args{"message_id": deletion.MessageID, "chat_jid": deletion.ChatJID, "at": deletion.At})
	w.HideDeleted([]string{deletion.MessageID})
}

// HideDeleted hides those of these messages that a deletion names; with nil, all. Call it when messages or addresses
// were added.
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
