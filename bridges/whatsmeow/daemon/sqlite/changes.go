package sqlite

import (
	"database/sql"
	"slices"
	"strings"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// target is a stored message that changes may be about.
type target struct {
	seq, fromMe, timestamp, starred    int64
	kind, messageType, content, sender string
	status                             sql.NullString
	editedAt, revokedAt                sql.NullInt64
}

type changeRow struct {
	kind, actor, value string
	at                 int64
}

// rank orders delivery states; −1 for those that are no step of a way.
func rank(state string) int {
	index := slices.Index(domain.DeliveryStates, state)
	if index > slices.Index(domain.DeliveryStates, "played") {
		return -1
	}
	return index
}

// apply brings a stored message up to date with every change known of it; it does nothing while the message is not
// there. The result depends on the set of changes alone, not on the order in which they came.
func (s *session) apply(chat int64, id string) {
	key := args{"chat_id": chat, "id": id}
	var changes []changeRow
	s.each(`SELECT kind, actor, at, value FROM changes WHERE chat_id = @chat_id AND message_id = @id
    AND kind IN ('edit', 'revoke', 'star', 'receipt') ORDER BY at, actor, value`, key, func(scan func(...any)) {
		var row changeRow
		scan(&row.kind, &row.actor, &row.at, &row.value)
		changes = append(changes, row)
	})
	var message target
	if len(changes) == 0 || !s.one(`
    SELECT seq, coalesce(sender, ''), from_me, timestamp, type, content, starred, status, edited_at, revoked_at,
      (SELECT kind FROM chats WHERE id = chat_id)
    FROM messages WHERE chat_id = @chat_id AND id = @id`, key, &message.seq, &message.sender, &message.fromMe,
		&message.timestamp, &message.messageType, &message.content, &message.starred, &message.status,
		&message.editedAt, &message.revokedAt, &message.kind) {
		return
	}
	s.applyText(changes, &message)
	read := func(row changeRow) bool { return row.kind == domain.Receipt && rank(row.value) >= rank("read") }
	// Nobody tells who read what others sent, but the account's own devices do.
	if message.fromMe == 0 && slices.ContainsFunc(changes, read) {
		s.readUpto(chat, message.timestamp)
	}
	s.applyMarks(changes, &message)
}

// last is the newest change of a kind by somebody who may make it.
func (s *session) last(changes []changeRow, kind string, message *target) *changeRow {
	for i := len(changes) - 1; i >= 0; i-- {
		if changes[i].kind == kind && s.mayWrite(&changes[i], message) {
			return &changes[i]
		}
	}
	return nil
}

func (s *session) applyText(changes []changeRow, message *target) {
	revoked, edited := s.last(changes, domain.Revoke, message), s.last(changes, domain.Edit, message)
	editedAt := message.editedAt
	if edited != nil {
		editedAt = sql.NullInt64{Int64: floorSeconds(edited.at), Valid: true}
	}
	values := args{"seq": message.seq, "edited_at": editedAt}
	switch {
	case revoked != nil:
		at := floorSeconds(revoked.at)
		done := message.revokedAt.Valid && message.revokedAt.Int64 == at && message.editedAt == editedAt && message.messageType == "revoked"
		if !done {
			s.exec(`UPDATE messages SET type = 'revoked', content = '', filename = NULL, title = NULL, details = NULL,
        raw = NULL, revoked_at = @at, edited_at = @edited_at WHERE seq = @seq`, values.with(args{"at": at}))
		}
	case edited != nil && message.messageType != "revoked":
		if message.editedAt != editedAt || message.content != edited.value {
			s.exec(`UPDATE messages SET content = @content, edited_at = @edited_at WHERE seq = @seq`,
				values.with(args{"content": edited.value}))
		}
	}
}

func (s *session) applyMarks(changes []changeRow, message *target) {
	starred, status := message.starred, message.status
	if star := s.last(changes, domain.Star, message); star != nil {
		starred = boolean(star.value == "1")
	}
	if message.fromMe == 1 && message.kind == string(domain.Direct) {
		for _, row := range changes { // a delivery state only ever rises
			if row.kind == domain.Receipt && rank(row.value) > rank(status.String) {
				status = sql.NullString{String: row.value, Valid: true}
			}
		}
	}
	if starred != message.starred || status != message.status {
		s.exec(`UPDATE messages SET starred = @starred, status = @status WHERE seq = @seq`,
			args{"starred": starred, "status": status, "seq": message.seq})
	}
}

// mayWrite: only the author may edit or revoke; in a group anyone may seem to revoke, since its admins are not known
// here. Two addresses of different kinds count as one person until more is known.
func (s *session) mayWrite(change *changeRow, message *target) bool {
	if change.kind != domain.Edit && change.kind != domain.Revoke {
		return true
	}
	if change.kind == domain.Revoke && message.kind != string(domain.Direct) {
		return true
	}
	if message.sender == "" || message.sender == change.actor {
		return true
	}
	author := s.alias("contact", message.sender)
	if author != 0 && author == s.alias("contact", change.actor) {
		return true
	}
	server := func(jid string) string { return jid[strings.Index(jid, "@")+1:] }
	return server(message.sender) != server(change.actor) && !s.isPaired(message.sender) && !s.isPaired(change.actor)
}

func (s *session) isPaired(jid string) bool {
	return s.number(`SELECT pn IS NOT NULL AND lid IS NOT NULL FROM contacts
    WHERE id = (SELECT contact_id FROM contact_aliases WHERE alias = @alias)`, args{"alias": jid}) == 1
}

// floorSeconds rounds milliseconds down, also those before 1970.
func floorSeconds(ms int64) int64 {
	if ms < 0 {
		return -((999 - ms) / 1000)
	}
	return ms / 1000
}

func boolean(value bool) int64 {
	if value {
		return 1
	}
	return 0
}
