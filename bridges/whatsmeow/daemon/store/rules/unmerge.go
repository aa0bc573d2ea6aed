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

var (
	nextUnmerge         = rule("next_unmerge")
	strayMessages       = rule("stray_messages")
	checkpointOfMoved   = rule("checkpoint_of_moved")
	checkpointOfLeft    = rule("checkpoint_of_left")
	recountActivity     = rule("recount_activity")
	endUnmerge          = rule("end_unmerge")
	strayChanges        = rule("stray_changes")
	moveStrayChange     = rule("move_stray_change")
	strayConflicts      = rule("stray_conflicts")
	messageFromConflict = rule("message_from_conflict")
)

// FollowUnmerges moves rows of separated chats back, at most limit messages in one transaction. Each call does one
// step; it returns false when nothing was left to do.
func (w *Writer) FollowUnmerges(limit int) (bool, error) {
	var step unmergeStep
	find := func() bool { return w.One(nextUnmerge, nil, &step.id, &step.jid) }
	return w.transactionIfAny(find, func() { w.followUnmerge(step, limit) })
}

type strayRow struct {
	placedRow
	target int64
}

func (w *Writer) followUnmerge(step unmergeStep, limit int) {
	var rows []strayRow
	w.Each(strayMessages,
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

// recountMoved updates the checkpoints and counts of two chats after count messages moved between them.
func (w *Writer) recountMoved(from, target int64, count int) {
	values := args{"from": from, "target": target, "count": count}
	w.Exec(checkpointOfMoved, values)
	w.Exec(checkpointOfLeft, values)
	for _, id := range []int64{from, target} {
		w.Exec(recountActivity, args{"id": id})
		w.countUnread(id)
	}
}

// finishUnmerge moves the rest after the messages: changes without a message, conflicts, the shown address.
func (w *Writer) finishUnmerge(step unmergeStep) {
	w.unmergeChanges(step)
	w.unmergeConflicts(step)
	var pn, lid sql.NullString
	w.One(endUnmerge, step.args(), &pn, &lid)
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
	w.Each(strayChanges, step.args(), func(scan func(...any)) {
		var id, kind, actor string
		var at int64
		var target sql.NullInt64
		scan(&id, &kind, &actor, &at, &target)
		if target.Valid {
			rows = append(rows, args{"message_id": id, "kind": kind, "actor": actor, "at": at,
				"target": target.Int64})
			targets = append(targets, target.Int64)
		}
	})
	for i, row := range rows {
		w.Exec(moveStrayChange,
			step.args().With(row))
		w.ApplyChanges(targets[i], row["message_id"].(string))
	}
}

// unmergeConflicts moves conflicts back as messages. They become type unsupported, because conflicts store no type.
func (w *Writer) unmergeConflicts(step unmergeStep) {
	var rows []strayRow
	w.Each(strayConflicts, step.args(), func(scan func(...any)) {
		var row strayRow
		scan(&row.seq, &row.id, &row.target)
		rows = append(rows, row)
	})
	for _, row := range rows {
		values := args{"target": row.target, "seq": row.seq}
		if w.Exec(messageFromConflict, values) == 1 {
			w.Exec(deleteConflict, values)
		}
		w.ApplyChanges(row.target, row.id)
		w.recountMoved(step.id, row.target, 0)
	}
}
