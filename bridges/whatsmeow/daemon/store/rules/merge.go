package rules

// mergeStep is the merge of chat gone into chat kept; jid is the address of gone.
type mergeStep struct {
	gone, kept int64
	jid        string
}

func (m mergeStep) args() args { return args{"gone": m.gone, "kept": m.kept, "jid": m.jid} }

// wireOf is the SQL for the address that a row arrived under, needed once the row leaves its chat.
const wireOf = "coalesce(wire_chat, nullif(@jid, (SELECT jid FROM chats WHERE id = @kept)))"

// FollowMerges moves rows of merged chats to the chats that replaced them, at most limit messages in one transaction.
// Each call does one step; it returns false when nothing was left to move.
func (w *Writer) FollowMerges(limit int) (bool, error) {
	moved := false
	err := w.transactionIfAny(`
    SELECT c.id FROM chats AS c WHERE c.merged_into IS NOT NULL AND (
      EXISTS (SELECT 1 FROM messages WHERE chat_id = c.id) OR EXISTS (SELECT 1 FROM changes WHERE chat_id = c.id)
      OR EXISTS (SELECT 1 FROM checkpoints WHERE chat_id = c.id) OR EXISTS (SELECT 1 FROM conflicts WHERE chat_id = c.id))
    ORDER BY c.id LIMIT 1`, func(gone int64) {
		moved = true
		var step mergeStep
		w.One("SELECT id, merged_into, jid FROM chats WHERE id = @id", args{"id": gone}, &step.gone, &step.kept, &step.jid)
		w.followMerge(step, limit)
	})
	return moved, err
}

// transactionIfAny looks for a row without the write lock, and works on it in a transaction if there is one.
func (w *Writer) transactionIfAny(find string, work func(id int64)) error {
	w.Err = nil
	if w.Number(find, nil) == 0 {
		return w.Err
	}
	return w.Transaction(func() {
		if id := w.Number(find, nil); id != 0 {
			work(id)
		}
	})
}

type placedRow struct {
	seq int64
	id  string
}

func (w *Writer) followMerge(step mergeStep, limit int) {
	var rows []placedRow
	w.Each("SELECT seq, id FROM messages WHERE chat_id = @gone ORDER BY timestamp, id LIMIT @limit",
		args{"gone": step.gone, "limit": limit}, func(scan func(...any)) {
			var row placedRow
			scan(&row.seq, &row.id)
			rows = append(rows, row)
		})
	duplicates := 0
	for _, row := range rows {
		if !w.moveRow(row, step) {
			duplicates++
		}
	}
	if duplicates > 0 {
		w.Exec("UPDATE checkpoints SET messages_synced = max(0, messages_synced - @count) WHERE chat_id = @gone",
			args{"count": duplicates, "gone": step.gone})
	}
	if len(rows) < limit {
		w.moveRest(step)
	}
}

const sameMessage = "m.chat_id = @kept AND m.id = s.id AND s.seq = @seq"

var (
	fillMoved     = fillFrom("messages", sameMessage)
	conflictMoved = keepConflict("messages", sameMessage, "s.source")
)

// moveRow moves one message and its changes to the kept chat. It returns false when that already has the message.
func (w *Writer) moveRow(row placedRow, step mergeStep) bool {
	values := step.args().With(args{"seq": row.seq, "id": row.id})
	moved := w.Exec("UPDATE OR IGNORE messages SET chat_id = @kept, wire_chat = "+wireOf+" WHERE seq = @seq", values) == 1
	if !moved {
		w.restore(row.seq)
		w.restoreRows("messages", sameMessage, values)
		w.Exec(fillMoved, values)
		w.Exec(conflictMoved, values)
		w.Exec("DELETE FROM messages WHERE seq = @seq", values)
	}
	w.Exec("UPDATE OR IGNORE changes SET chat_id = @kept, wire_chat = "+wireOf+
		" WHERE chat_id = @gone AND message_id = @id", values)
	w.ApplyChanges(step.kept, row.id)
	w.HideDeleted([]string{row.id})
	return moved
}

// moveRest moves the rest after the messages: changes without a message, conflicts, the checkpoint.
func (w *Writer) moveRest(step mergeStep) {
	values := step.args()
	var waiting []string
	w.Each("SELECT DISTINCT message_id FROM changes WHERE chat_id = @gone", values, func(scan func(...any)) {
		var id string
		scan(&id)
		waiting = append(waiting, id)
	})
	w.Exec("UPDATE OR IGNORE changes SET chat_id = @kept, wire_chat = "+wireOf+" WHERE chat_id = @gone", values)
	w.Exec("UPDATE OR IGNORE conflicts SET chat_id = @kept WHERE chat_id = @gone", values)
	w.Exec("DELETE FROM changes WHERE chat_id = @gone", values)
	w.Exec("DELETE FROM conflicts WHERE chat_id = @gone", values)
	for _, id := range waiting {
		w.ApplyChanges(step.kept, id)
	}
	w.Exec(`
    INSERT INTO checkpoints (chat_id, status, messages_synced, oldest_message_id, oldest_timestamp, error,
      started_at, updated_at, completed_at)
    SELECT @kept, status, messages_synced, oldest_message_id, oldest_timestamp, error, started_at, updated_at, completed_at
    FROM checkpoints WHERE chat_id = @gone
    ON CONFLICT (chat_id) DO UPDATE SET
      messages_synced = messages_synced + excluded.messages_synced,
      oldest_message_id = CASE WHEN coalesce(excluded.oldest_timestamp < oldest_timestamp, oldest_timestamp IS NULL)
        THEN excluded.oldest_message_id ELSE oldest_message_id END,
      oldest_timestamp = coalesce(min(oldest_timestamp, excluded.oldest_timestamp), oldest_timestamp, excluded.oldest_timestamp),
      updated_at = max(updated_at, excluded.updated_at)`, values)
	w.Exec("DELETE FROM checkpoints WHERE chat_id = @gone", values)
	w.countUnread(step.kept)
}
