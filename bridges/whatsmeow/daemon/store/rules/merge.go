package rules

// mergeStep is the merge of chat gone into chat kept; jid is the address of gone.
type mergeStep struct {
	gone, kept int64
	jid        string
}

func (m mergeStep) args() args { return args{"gone": m.gone, "kept": m.kept, "jid": m.jid} }

var (
	nextMerge            = rule("next_merge")
	messagesToMove       = rule("messages_to_move")
	subtractSynced       = rule("subtract_synced")
	moveMessage          = rule("move_message")
	changedBeforeMove    = rule("changed_before_move")
	fillFromMoved        = rule("fill_from_moved")
	conflictFromMoved    = rule("conflict_from_moved")
	deleteMessage        = rule("delete_message")
	moveChangesOfMessage = rule("move_changes_of_message")
	changesToMove        = rule("changes_to_move")
	moveChanges          = rule("move_changes")
	moveConflicts        = rule("move_conflicts")
	deleteChanges        = rule("delete_rest", parts{"table": "changes"})
	deleteConflicts      = rule("delete_rest", parts{"table": "conflicts"})
	mergeCheckpoint      = rule("merge_checkpoint")
	deleteCheckpoint     = rule("delete_rest", parts{"table": "checkpoints"})
)

// FollowMerges moves rows of merged chats to the chats that replaced them, at most limit messages in one transaction.
// Each call does one step; it returns false when nothing was left to move.
func (w *Writer) FollowMerges(limit int) (bool, error) {
	var step mergeStep
	find := func() bool { return w.One(nextMerge, nil, &step.gone, &step.kept, &step.jid) }
	return w.transactionIfAny(find, func() { w.followMerge(step, limit) })
}

// transactionIfAny looks without the write lock for something to work on, and works on what it finds again in a
// transaction; false when there was nothing.
func (w *Writer) transactionIfAny(find func() bool, work func()) (bool, error) {
	w.Err = nil
	if !find() {
		return false, w.Err
	}
	found := false
	err := w.Transaction(func() {
		if found = find(); found {
			work()
		}
	})
	return found, err
}

type placedRow struct {
	seq int64
	id  string
}

func (w *Writer) followMerge(step mergeStep, limit int) {
	var rows []placedRow
	w.Each(messagesToMove,
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
		w.Exec(subtractSynced,
			args{"count": duplicates, "gone": step.gone})
	}
	if len(rows) < limit {
		w.moveRest(step)
	}
}

// moveRow moves one message and its changes to the kept chat. It returns false when that already has the message.
func (w *Writer) moveRow(row placedRow, step mergeStep) bool {
	values := step.args().With(args{"seq": row.seq, "id": row.id})
	moved := w.Exec(moveMessage, values) == 1
	if !moved {
		w.restore(row.seq)
		w.restoreRows(changedBeforeMove, values)
		w.Exec(fillFromMoved, values)
		w.Exec(conflictFromMoved, values)
		w.Exec(deleteMessage, values)
	}
	w.Exec(moveChangesOfMessage, values)
	w.ApplyChanges(step.kept, row.id)
	w.HideDeleted([]string{row.id})
	return moved
}

// moveRest moves the rest after the messages: changes without a message, conflicts, the checkpoint.
func (w *Writer) moveRest(step mergeStep) {
	values := step.args()
	var waiting []string
	w.Each(changesToMove, values, func(scan func(...any)) {
		var id string
		scan(&id)
		waiting = append(waiting, id)
	})
	w.Exec(moveChanges, values)
	w.Exec(moveConflicts, values)
	w.Exec(deleteChanges, values)
	w.Exec(deleteConflicts, values)
	for _, id := range waiting {
		w.ApplyChanges(step.kept, id)
	}
	w.Exec(mergeCheckpoint, values)
	w.Exec(deleteCheckpoint, values)
	w.countUnread(step.kept)
}
