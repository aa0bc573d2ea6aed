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

const isGiven = "m.chat_id = @chat_id AND m.id = s.id"

var (
	givenRows     = rule("given_message")
	insertGiven   = rule("insert_messages", parts{"source": givenRows, "where": "true", "origin": "'whatsmeow'"})
	changedGiven  = rule("changed_messages", parts{"source": givenRows, "join": isGiven})
	fillGiven     = rule("fill_messages", parts{"source": givenRows, "join": isGiven})
	conflictGiven = rule("keep_conflict", parts{"source": givenRows, "join": isGiven, "origin": "'whatsmeow'"})
	noteActivity  = rule("note_activity")
	noteHistory   = rule("note_history")
	insertChange  = rule("insert_change")
	completeAll   = rule("complete_checkpoints")
)

// WriteMessages writes messages chat by chat in key order, as the Node writer does. now is in seconds.
func (w *Writer) WriteMessages(messages []domain.Message, lane string, now int64) Counts {
	sorted := slices.Clone(messages)
	slices.SortStableFunc(sorted, func(a, b domain.Message) int {
		return cmp.Or(cmp.Compare(a.ChatJID, b.ChatJID), cmp.Compare(a.Timestamp, b.Timestamp),
			cmp.Compare(a.ID, b.ID))
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
	w.Exec(noteActivity,
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
	values := args(message.Columns())
	values["chat_id"], values["chat_jid"] = chat, message.ChatJID
	switch {
	case w.Exec(insertGiven, values) == 1:
		counts.Inserted++
	default:
		w.restoreRows(changedGiven, values)
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
	w.Exec(noteHistory,
		args{"id": chat, "inserted": inserted, "oldest_id": oldest.ID, "oldest": oldest.Timestamp, "now": now})
}

// CompleteCheckpoints says that all history has arrived and is written. A chat that is fetched back further since
// then stays in progress.
func (w *Writer) CompleteCheckpoints(now int64) { w.Exec(completeAll, args{"now": now}) }

// WriteChange stores a change and applies it to its message. It returns false when the change has no valid chat or
// kind.
func (w *Writer) WriteChange(change domain.Change) bool {
	chat := w.ChatID(change.ChatJID)
	if chat == 0 || !slices.Contains([]string{domain.Edit, domain.Revoke, domain.Reaction, domain.Receipt,
		domain.Vote, domain.Star}, change.Kind) {
		return false
	}
	if w.Exec(insertChange, args{
		"chat_id": chat, "chat_jid": change.ChatJID, "message_id": change.MessageID, "kind": change.Kind,
		"actor": change.Actor, "at": change.At, "value": change.Value,
	}) == 1 {
		w.ApplyChanges(chat, change.MessageID)
	}
	return true
}
