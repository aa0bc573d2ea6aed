package rules

import (
	"database/sql"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// unmergeStep is a chat whose rows move back to the chats of the addresses they arrived under. jid is the address of
// rows that store none.
type unmergeStep struct {
	id  int64
	jid string
}

func (p unmergeStep) args() args { return args{"id": p.id, "separating": p.jid} }

// targetChat returns the SQL for the chat of an address, if it is neither this chat nor the one it was merged into.
func targetChat(address string) string {
	return `(SELECT a.chat_id FROM chat_aliases AS a JOIN chats AS c ON c.id = @id
    WHERE a.alias = ` + address + ` AND a.chat_id NOT IN (c.id, coalesce(c.merged_into, c.id)))`
}

// FollowUnmerges moves rows of separated chats back, at most limit messages in one transaction. Each call does one
// step; it returns false when nothing was left to do.
func (w *Writer) FollowUnmerges(limit int) (bool, error) {
	worked := false
	err := w.transactionIfAny("SELECT id FROM chats WHERE separating IS NOT NULL ORDER BY id LIMIT 1", func(id int64) {
		worked = true
		step := unmergeStep{id: id}
		w.One("SELECT separating FROM chats WHERE id = @id", args{"id": id}, &step.jid)
		w.followUnmerge(step, limit)
	})
	return worked, err
}

type strayRow struct {
	placedRow
	target int64
}

func (w *Writer) followUnmerge(step unmergeStep, limit int) {
	var rows []strayRow
	w.Each(`SELECT seq, id, target FROM (SELECT seq, id, `+targetChat("coalesce(m.wire_chat, @separating)")+` AS target
      FROM messages AS m WHERE chat_id = @id) WHERE target IS NOT NULL LIMIT @limit`,
		step.args().With(args{"limit": limit}), func(scan func(...any)) {
			var row strayRow
			scan(&row.seq, &row.id, &row.target)
			rows = append(rows, row)
		})
	moved := map[int64]int{}
	var targets []int64
	for _, row := range rows {
		w.moveRow(row.placedRow, mergeStep{gone: step.id, kept: row.target, jid: step.jid})
		if moved[row.target] == 0 {
			targets = append(targets, row.target)
		}
		moved[row.target]++
	}
	for _, target := range targets {
		w.recountMoved(step.id, target, moved[target])
	}
	if len(rows) < limit {
		w.finishUnmerge(step)
	}
}

func oldest(column, chat string) string {
	return "(SELECT " + column + " FROM messages WHERE chat_id = " + chat + " ORDER BY timestamp, id LIMIT 1)"
}

// recountMoved updates the checkpoints and counts of two chats after count messages moved between them.
func (w *Writer) recountMoved(from, target int64, count int) {
	values := args{"from": from, "target": target, "count": count}
	w.Exec(`
    INSERT INTO checkpoints (chat_id, status, messages_synced, oldest_message_id, oldest_timestamp, error,
      started_at, updated_at, completed_at)
    SELECT @target, status, min(messages_synced, @count), `+oldest("id", "@target")+`, `+oldest("timestamp", "@target")+`,
      error, started_at, updated_at, completed_at FROM checkpoints WHERE chat_id = @from
    ON CONFLICT (chat_id) DO UPDATE SET messages_synced = messages_synced + excluded.messages_synced,
      oldest_message_id = excluded.oldest_message_id, oldest_timestamp = excluded.oldest_timestamp`, values)
	w.Exec(`UPDATE checkpoints SET messages_synced = max(0, messages_synced - @count),
      oldest_message_id = `+oldest("id", "@from")+`, oldest_timestamp = `+oldest("timestamp", "@from")+`
    WHERE chat_id = @from`, values)
	for _, id := range []int64{from, target} {
		w.Exec(`UPDATE chats SET last_message_at = coalesce((SELECT max(m.timestamp) FROM chats AS c
        JOIN messages AS m ON m.chat_id = c.id WHERE c.id = chats.id OR c.merged_into = chats.id), last_message_at)
      WHERE id = @id`, args{"id": id})
		w.countUnread(id)
	}
}

// finishUnmerge moves the rest after the messages: changes without a message, conflicts, the shown address.
func (w *Writer) finishUnmerge(step unmergeStep) {
	w.unmergeChanges(step)
	w.unmergeConflicts(step)
	var pn, lid sql.NullString
	w.One("UPDATE chats SET separating = NULL WHERE id = @id RETURNING pn, lid", step.args(), &pn, &lid)
	if pn.Valid && lid.Valid {
		if first := w.nameBoth("chat", step.id, domain.LIDPair{LID: lid.String, PN: pn.String}); first != "" {
			w.noteFirstAddress(step.id, first)
		}
	}
	w.recountMoved(step.id, step.id, 0)
}

func (w *Writer) unmergeChanges(step unmergeStep) {
	var rows []args
	var targets []int64
	w.Each(`SELECT message_id, kind, actor, at, `+targetChat("coalesce(x.wire_chat, @separating)")+` AS target
    FROM changes AS x WHERE chat_id = @id AND NOT EXISTS (
      SELECT 1 FROM messages AS m WHERE m.chat_id = x.chat_id AND m.id = x.message_id)`, step.args(), func(scan func(...any)) {
		var id, kind, actor string
		var at int64
		var target sql.NullInt64
		scan(&id, &kind, &actor, &at, &target)
		if target.Valid {
			rows = append(rows, args{"message_id": id, "kind": kind, "actor": actor, "at": at, "target": target.Int64})
			targets = append(targets, target.Int64)
		}
	})
	for i, row := range rows {
		w.Exec(`UPDATE OR IGNORE changes SET chat_id = @target, wire_chat = coalesce(wire_chat, @separating)
      WHERE chat_id = @id AND message_id = @message_id AND kind = @kind AND actor = @actor AND at = @at`,
			step.args().With(row))
		w.ApplyChanges(targets[i], row["message_id"].(string))
	}
}

// unmergeConflicts moves conflicts back as messages. They become type unsupported, because conflicts store no type.
func (w *Writer) unmergeConflicts(step unmergeStep) {
	var rows []strayRow
	w.Each(`SELECT c.seq, c.id, coalesce(`+targetChat("c.sender")+`, @id) AS target FROM conflicts AS c
    WHERE c.chat_id = @id AND c.sender IS NOT NULL AND NOT EXISTS (SELECT 1 FROM messages AS m
      WHERE m.id = c.id AND m.chat_id = coalesce(`+targetChat("c.sender")+`, @id))`, step.args(), func(scan func(...any)) {
		var row strayRow
		scan(&row.seq, &row.id, &row.target)
		rows = append(rows, row)
	})
	for _, row := range rows {
		values := args{"target": row.target, "seq": row.seq}
		if w.Exec(`INSERT INTO messages (chat_id, id, timestamp, wire_chat, sender, from_me, type, content, raw, source)
      SELECT @target, id, timestamp, sender, sender, 0, 'unsupported', content, raw, source
      FROM conflicts WHERE seq = @seq ON CONFLICT (chat_id, id) DO NOTHING`, values) == 1 {
			w.Exec("DELETE FROM conflicts WHERE seq = @seq", values)
		}
		w.ApplyChanges(row.target, row.id)
		w.recountMoved(step.id, row.target, 0)
	}
}
