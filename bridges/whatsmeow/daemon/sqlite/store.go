package sqlite

import (
	"cmp"
	"slices"
	"strconv"
	"sync"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// rowsPerStep is how many rows of merged chats move in one transaction.
const rowsPerStep = 1000

// Store is the one writer of messages.db in this process. Its methods may be called from any goroutine.
type Store struct {
	mutex   sync.Mutex
	session *session
	waiting *Waiting
	closing func() error
	now     func() time.Time
	pulse   pulse
}

// Open opens messages.db, creating it or bringing its schema up to date where that is due. Fails with schema_mismatch
// when the file is newer than this program, with store_unavailable when it cannot be used or is of another program. waiting keeps what is about chats that are not there yet.
func Open(path string, waiting *Waiting) (*Store, error) {
	if err := refuseForeign(path); err != nil {
		return nil, Explain(path, err)
	}
	s, closing, err := openSession(path, "NORMAL")
	if err != nil {
		return nil, Explain(path, err)
	}
	if err := s.migrate(); err != nil {
		closing()
		return nil, Explain(path, err)
	}
	st := &Store{session: s, waiting: waiting, closing: closing, now: time.Now}
	s.refused = st.pulse.refused
	return st, nil
}

// Close folds the write-ahead log into the file and closes it.
func (st *Store) Close() error {
	st.mutex.Lock()
	defer st.mutex.Unlock()
	st.session.err = nil
	var busy, log, moved int64
	st.session.one("PRAGMA wal_checkpoint(TRUNCATE)", nil, &busy, &log, &moved)
	return st.closing()
}

// Writing is how the latest writes went.
func (st *Store) Writing() domain.Writing { return st.pulse.figures() }

// Version is the schema version of the file.
func (st *Store) Version() int { return st.session.known }

// Write commits what belongs together; writing the same again changes nothing. On an error nothing of it was kept but,
// perhaps, which addresses are one person. Batches have at most 1,000 rows.
func (st *Store) Write(batch domain.Batch) (Counts, error) {
	return st.write(batch, nil)
}

// WriteHistory writes a part of a history blob and, in the same transaction, how far into the blob it came.
func (st *Store) WriteHistory(batch domain.Batch, blob string, upto int) (Counts, error) {
	return st.write(batch, func(s *session) {
		s.exec(`INSERT INTO watermarks (generation, lane, last_seq) VALUES (@blob, 'history', @upto)
      ON CONFLICT (generation, lane) DO UPDATE SET last_seq = excluded.last_seq`, args{"blob": blobKey(blob), "upto": upto})
	})
}

// blobKey keeps the names of blobs apart from those of staging files.
func blobKey(blob string) string { return "whatsmeow/" + blob }

// HistoryCursor is how far into a blob its rows were written.
func (st *Store) HistoryCursor(blob string) (int, error) {
	st.mutex.Lock()
	defer st.mutex.Unlock()
	st.session.err = nil
	upto := st.session.number("SELECT last_seq FROM watermarks WHERE generation = @blob", args{"blob": blobKey(blob)})
	return int(upto), st.session.err
}

// CompleteHistory says that all history has arrived and is written. A chat that is fetched back further since then stays
// in progress.
func (st *Store) CompleteHistory() error {
	st.mutex.Lock()
	defer st.mutex.Unlock()
	return st.session.transaction(func() {
		st.session.exec(`UPDATE checkpoints SET status = 'completed', updated_at = @now, completed_at = @now
      WHERE status = 'in_progress' AND completed_at IS NULL`,
			args{"now": st.now().Unix()})
	})
}

// ForgetCursor removes the cursor of a blob that was written whole.
func (st *Store) ForgetCursor(blob string) error {
	st.mutex.Lock()
	defer st.mutex.Unlock()
	return st.session.transaction(func() {
		st.session.exec("DELETE FROM watermarks WHERE generation = @blob", args{"blob": blobKey(blob)})
	})
}

func (st *Store) write(batch domain.Batch, also func(*session)) (Counts, error) {
	wanted := time.Now()
	st.mutex.Lock()
	defer st.mutex.Unlock()
	s := st.session
	normalize(&batch)
	if err := st.learnPairs(namedPairs(&batch)); err != nil {
		return Counts{}, err
	}
	ready, err := st.settingsInPlace(&batch)
	if err != nil {
		return Counts{}, err
	}
	var counts Counts
	err = s.transaction(func() {
		s.writeFacts(&batch)
		counts = s.writeMessages(batch.Messages, batch.Lane, st.now().Unix())
		for _, change := range batch.Changes {
			if !s.writeChange(change) {
				counts.Failed++
			}
		}
		s.expire()
		if also != nil {
			also(s)
		}
	})
	if err != nil {
		return Counts{}, err
	}
	counts.Took = time.Since(wanted)
	st.pulse.beat(counts.Took)
	return counts, ready()
}

// learnPairs is a transaction of its own, and what lies in merged chats follows before anything else is written: so a
// message finds the one that it repeats.
func (st *Store) learnPairs(pairs []domain.Pair) error {
	s := st.session
	s.err = nil
	ordered := slices.Clone(pairs)
	slices.SortStableFunc(ordered, func(a, b domain.Pair) int { return cmp.Or(cmp.Compare(a.LID, b.LID), cmp.Compare(a.PN, b.PN)) })
	news := slices.DeleteFunc(ordered, func(pair domain.Pair) bool { return !s.isNews(pair) })
	if s.err != nil {
		return s.err
	}
	if len(news) > 0 {
		if err := s.transaction(func() {
			var learned []string
			for _, pair := range news {
				learned = append(learned, s.learnPair(pair)...)
			}
			s.settleConflicts()
			s.redecidePeople(learned)
			s.hideDeleted(nil)
		}); err != nil {
			return err
		}
	}
	return st.follow()
}

func (st *Store) follow() error {
	for _, step := range []func(int) (bool, error){st.session.followSeparations, st.session.followMerges} {
		for {
			worked, err := step(rowsPerStep)
			if err != nil {
				return err
			}
			if !worked {
				break
			}
		}
	}
	return nil
}

// LinkAccount says whose messages these are. Fails with account_mismatch when the file holds another account's.
func (st *Store) LinkAccount(account domain.Account) error {
	st.mutex.Lock()
	defer st.mutex.Unlock()
	s := st.session
	jid, lid := domain.NormalizeJID(account.JID), domain.NormalizeJID(account.LID)
	err := s.transaction(func() {
		var known string
		if s.one("SELECT value FROM meta WHERE key = 'account_jid'", nil, &known) && known != jid {
			s.err = domain.Fail(domain.AccountMismatch, "This data directory holds the messages of another WhatsApp account.")
			return
		}
		tell := func(key, value string) {
			s.exec("INSERT INTO meta (key, value) VALUES (@key, @value) ON CONFLICT DO NOTHING", args{"key": key, "value": value})
		}
		tell("account_jid", jid)
		tell("linked_at", strconv.FormatInt(st.now().UnixMilli(), 10))
		if lid != "" {
			tell("account_lid", lid)
		}
	})
	if err != nil || lid == "" {
		return err
	}
	return st.learnPairs([]domain.Pair{{LID: lid, PN: jid}})
}

// Meta reads one of the facts about the whole file; "" when it is not known.
func (st *Store) Meta(key string) (string, error) {
	st.mutex.Lock()
	defer st.mutex.Unlock()
	st.session.err = nil
	var value string
	st.session.one("SELECT value FROM meta WHERE key = @key", args{"key": key}, &value)
	return value, st.session.err
}
