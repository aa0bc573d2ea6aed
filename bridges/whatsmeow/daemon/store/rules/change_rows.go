package rules

import (
	"database/sql"
)

// target is a stored message that changes may be about. sentType is its type when it was sent, where that is noted.
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

// floorSeconds rounds milliseconds down, also those before 1970.
func floorSeconds(ms int64) int64 {
	if ms < 0 {
		return -((999 - ms) / 1000)
	}
	return ms / 1000
}
