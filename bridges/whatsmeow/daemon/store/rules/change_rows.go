package rules

import (
	"database/sql"
)

// target is a stored message with its changes' context. sentType is the type with which it was sent, if recorded.
type target struct {
	seq, chatID, fromMe, timestamp, starred  int64
	chat, kind, messageType, content, sender string
	status, sentType                         sql.NullString
	editedAt, revokedAt                      sql.NullInt64
}

type changeRow struct {
	kind, actor, value string
	at                 int64
}

// floorSeconds converts milliseconds to seconds and rounds down, also before 1970.
func floorSeconds(ms int64) int64 {
	if ms < 0 {
		return -((999 - ms) / 1000)
	}
	return ms / 1000
}
