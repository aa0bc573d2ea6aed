package rules

import (
	"cmp"
	"slices"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// Counts are the effects of one batch on messages.db.
type Counts struct {
	Inserted   int
	Duplicates int
	// Failed counts the rows that no table accepts, and the rows of another author under an existing id, which
	// `conflicts` stores.
	Failed int
	// Took is the time from the request to the commit, including the wait for other programs.
	Took time.Duration
}

// wireChat is the SQL for the address that a row stores because it differs from its chat's. LIDs are always stored,
// because the chat may be shown under its phone number later.
const wireChat = `CASE WHEN @chat_jid LIKE '%@lid' OR @chat_jid <> (SELECT jid FROM chats WHERE id = @chat_id) THEN @chat_jid END`

const insertMessage = `
INSERT INTO messages (chat_id, wire_chat, source, id, timestamp, sender, from_me, type, content, filename, title,
  quoted_id, forwarded, view_once, starred, expires_at, status, details, raw)
VALUES (@chat_id, ` + wireChat + `, 'whatsmeow', @id, @timestamp, @sender, @from_me, @type, @content, @filename, @title,
  @quoted_id, @forwarded, @view_once, @starred, @expires_at, @status, @details, @raw)
ON CONFLICT (chat_id, id) DO NOTHING`

const given = `(SELECT @id AS id, @timestamp AS timestamp, @sender AS sender, @from_me AS from_me, @type AS type,
  @content AS content, @filename AS filename, @title AS title, @quoted_id AS quoted_id, @expires_at AS expires_at,
  @status AS status, @details AS details, @raw AS raw)`

const givenMessage = "m.chat_id = @chat_id AND m.id = s.id"

var (
	fillGiven     = fillFrom(given, givenMessage)
	conflictGiven = keepConflict(given, givenMessage, "'whatsmeow'")
)

func messageArgs(chat int64, message *domain.Message) args {
	var raw any
	if message.Raw != nil {
		raw = message.Raw
	}
	return args{
		"chat_id": chat, "chat_jid": message.ChatJID, "id": message.ID, "timestamp": message.Timestamp,
		"sender": message.Sender, "from_me": boolean(message.FromMe), "type": message.Type, "content": message.Content,
		"filename": message.Filename, "title": message.Title, "quoted_id": message.QuotedID,
		"forwarded": boolean(message.Forwarded), "view_once": boolean(message.ViewOnce), "starred": boolean(message.Starred),
		"expires_at": message.ExpiresAt, "status": message.Status, "details": message.Details.JSON(), "raw": raw,
	}
}

// WriteMessages writes messages chat by chat in key order, as the Node writer does. now is in seconds.
func (w *Writer) WriteMessages(messages []domain.Message, lane string, now int64) Counts {
	sorted := slices.Clone(messages)
	slices.SortStableFunc(sorted, func(a, b domain.Message) int {
		return cmp.Or(cmp.Compare(a.ChatJID, b.ChatJID), cmp.Compare(a.Timestamp, b.Timestamp), cmp.Compare(a.ID, b.ID))
	})
	var total Counts
	for len(sorted) > 0 && w.Err == nil {
		run := len(sorted)
		for i := range sorted {
			if sorted[i].ChatJID != sorted[0].ChatJID {
				run = i
				break
			}
		}
		counts := w.writeRun(sorted[:run], lane, now)
		total.Inserted += counts.Inserted
		total.Duplicates += counts.Duplicates
		total.Failed += counts.Failed
		sorted = sorted[run:]
	}
	return total
}

// writeRun writes messages of one chat and updates its last activity, its unread count and, for history, its
// checkpoint.
func (w *Writer) writeRun(messages []domain.Message, lane string, now int64) Counts {
	var counts Counts
	valid := slices.DeleteFunc(slices.Clone(messages), func(message domain.Message) bool {
		return message.ID == "" || message.Timestamp <= 0 || message.Type == ""
	})
	counts.Failed = len(messages) - len(valid)
	if len(valid) == 0 {
		return counts
	}
	chat := w.ChatID(valid[0].ChatJID)
	if chat == 0 {
		counts.Failed = len(messages)
		return counts
	}
	ids := make([]string, 0, len(valid))
	for i := range valid {
		w.writeMessage(chat, &valid[i], &counts)
		ids = append(ids, valid[i].ID)
	}
	w.HideDeleted(ids)
	first, last := valid[0], valid[len(valid)-1]
	w.Exec("UPDATE chats SET last_message_at = @newest WHERE id = @id AND coalesce(last_message_at, 0) < @newest",
		args{"id": chat, "newest": last.Timestamp})
	if counts.Inserted > 0 {
		w.countUnread(chat)
	}
	if lane == domain.History {
		w.NoteHistory(chat, &first, counts.Inserted, now)
	}
	return counts
}

func (w *Writer) writeMessage(chat int64, message *domain.Message, counts *Counts) {
	values := messageArgs(chat, message)
	switch {
	case w.Exec(insertMessage, values) == 1:
		counts.Inserted++
	default:
		w.restoreRows(given, givenMessage, values)
		w.Exec(fillGiven, values)
		if w.Exec(conflictGiven, values) == 1 {
			counts.Failed++
		} else {
			counts.Duplicates++
		}
	}
	w.ApplyChanges(chat, message.ID)
}

// NoteHistory updates how far back the history of a chat was fetched. now is in seconds.
func (w *Writer) NoteHistory(chat int64, oldest *domain.Message, inserted int, now int64) {
	w.Exec(`
    INSERT INTO checkpoints (chat_id, status, messages_synced, oldest_message_id, oldest_timestamp, started_at, updated_at)
    VALUES (@id, 'in_progress', @inserted, @oldest_id, @oldest, @now, @now)
    ON CONFLICT (chat_id) DO UPDATE SET
      messages_synced = messages_synced + excluded.messages_synced,
      oldest_message_id = CASE WHEN oldest_timestamp IS NULL OR excluded.oldest_timestamp < oldest_timestamp
        THEN excluded.oldest_message_id ELSE oldest_message_id END,
      oldest_timestamp = CASE WHEN oldest_timestamp IS NULL THEN excluded.oldest_timestamp
        ELSE min(oldest_timestamp, excluded.oldest_timestamp) END,
      updated_at = excluded.updated_at`,
		args{"id": chat, "inserted": inserted, "oldest_id": oldest.ID, "oldest": oldest.Timestamp, "now": now})
}

// WriteChange stores a change and applies it to its message. It returns false when the change has no valid chat or
// kind.
func (w *Writer) WriteChange(change domain.Change) bool {
	chat := w.ChatID(change.ChatJID)
	if chat == 0 || !slices.Contains([]string{domain.Edit, domain.Revoke, domain.Reaction, domain.Receipt, domain.Vote, domain.Star}, change.Kind) {
		return false
	}
	if w.Exec(`INSERT INTO changes (chat_id, message_id, kind, actor, at, value, wire_chat)
      VALUES (@chat_id, @message_id, @kind, @actor, @at, @value, `+wireChat+`)
      ON CONFLICT (chat_id, message_id, kind, actor, at) DO NOTHING`, args{
		"chat_id": chat, "chat_jid": change.ChatJID, "message_id": change.MessageID, "kind": change.Kind,
		"actor": change.Actor, "at": change.At, "value": change.Value,
	}) == 1 {
		w.ApplyChanges(chat, change.MessageID)
	}
	return true
}
