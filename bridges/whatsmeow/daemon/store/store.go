// Package store is the one writer of messages.db in this process.
package store

import (
	"cmp"
	"slices"
	"strconv"
	"sync"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/spool"
	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
	"whatsapp-hybrid-mcp/wa-bridge/store/rules"
)

// rowsPerStep limits how many rows of merged chats move in one transaction.
const rowsPerStep = 1000

// Store is the one writer of messages.db in this process. Its methods may be called from any goroutine.
type Store struct {
	mutex     sync.Mutex
	writer    *rules.Writer
	spool     *spool.Spool
	closeFile func() error
	now       func() time.Time
	stats     writeStats
}

// Open opens messages.db, and creates or migrates it if needed. waiting holds facts back until their chat exists.
// Fails with schema_mismatch when the file is newer than this program, and with store_unavailable when it cannot be
// used or belongs to another program.
func Open(path string, waiting *spool.Spool) (*Store, error) {
	if err := sqlite.AssertOwn(path); err != nil {
		return nil, sqlite.Explain(path, err)
	}
	s, closing, err := sqlite.OpenConn(path, "NORMAL")
	if err != nil {
		return nil, sqlite.Explain(path, err)
	}
	if err := s.Migrate(); err != nil {
		closing()
		return nil, sqlite.Explain(path, err)
	}
	st := &Store{writer: &rules.Writer{Conn: s}, spool: waiting, closeFile: closing, now: time.Now}
	s.OnBusy = st.stats.recordBusy
	return st, nil
}

// Close writes the write-ahead log back into the file and closes it.
func (st *Store) Close() error {
	st.mutex.Lock()
	defer st.mutex.Unlock()
	st.writer.Err = nil
	var busy, log, moved int64
	st.writer.One("PRAGMA wal_checkpoint(TRUNCATE)", nil, &busy, &log, &moved)
	return st.closeFile()
}

// Writing returns measurements of the latest writes.
func (st *Store) Writing() domain.Writing { return st.stats.measurements() }

// Version returns the schema version of the file.
func (st *Store) Version() int { return st.writer.Version }

// Write commits a batch of at most 1,000 rows; writing it again changes nothing. After an error nothing of it is
// stored, except possibly its pairs of addresses.
func (st *Store) Write(batch domain.Batch) (rules.Counts, error) {
	return st.write(batch, nil)
}

// WriteHistory writes part upto of a history chunk and stores that number as its cursor, in one transaction.
func (st *Store) WriteHistory(batch domain.Batch, blob string, upto int) (rules.Counts, error) {
	return st.write(batch, func(s *rules.Writer) {
		s.Exec(`INSERT INTO watermarks (generation, lane, last_seq) VALUES (@blob, 'history', @upto)
      ON CONFLICT (generation, lane) DO UPDATE SET last_seq = excluded.last_seq`,
			sqlite.Args{"blob": blobKey(blob), "upto": upto})
	})
}

// blobKey distinguishes the names of chunks from those of staging files.
func blobKey(blob string) string { return "whatsmeow/" + blob }

// HistoryCursor returns the number of the last written part of a chunk, or 0.
func (st *Store) HistoryCursor(blob string) (int, error) {
	st.mutex.Lock()
	defer st.mutex.Unlock()
	st.writer.Err = nil
	upto := st.writer.Number("SELECT last_seq FROM watermarks WHERE generation = @blob",
		sqlite.Args{"blob": blobKey(blob)})
	return int(upto), st.writer.Err
}

// CompleteHistory marks the history of all chats as complete. A chat that was fetched further back since its last
// completion stays in progress.
func (st *Store) CompleteHistory() error {
	st.mutex.Lock()
	defer st.mutex.Unlock()
	return st.writer.Transaction(func() {
		st.writer.CompleteCheckpoints(st.now().Unix())
	})
}

// ForgetCursor removes the cursor of a chunk that was written completely.
func (st *Store) ForgetCursor(blob string) error {
	st.mutex.Lock()
	defer st.mutex.Unlock()
	return st.writer.Transaction(func() {
		st.writer.Exec("DELETE FROM watermarks WHERE generation = @blob", sqlite.Args{"blob": blobKey(blob)})
	})
}

func (st *Store) write(batch domain.Batch, also func(*rules.Writer)) (rules.Counts, error) {
	wanted := time.Now()
	st.mutex.Lock()
	defer st.mutex.Unlock()
	s := st.writer
	rules.Normalize(&batch)
	if err := st.learnPairs(rules.NamedPairs(&batch)); err != nil {
		return rules.Counts{}, err
	}
	ready, err := factExchange{s, st.spool}.exchange(&batch)
	if err != nil {
		return rules.Counts{}, err
	}
	var counts rules.Counts
	err = s.Transaction(func() {
		s.WriteFacts(&batch)
		counts = s.WriteMessages(batch.Messages, batch.Lane, st.now().Unix())
		for _, change := range batch.Changes {
			if !s.WriteChange(change) {
				counts.Failed++
			}
		}
		s.Expire()
		if also != nil {
			also(s)
		}
	})
	if err != nil {
		return rules.Counts{}, err
	}
	counts.Took = time.Since(wanted)
	st.stats.record(counts.Took)
	return counts, ready()
}

// learnPairs learns pairs in their own transaction and moves the rows of merged chats before anything else is
// written, so that a message finds the one that it repeats.
func (st *Store) learnPairs(pairs []domain.LIDPair) error {
	s := st.writer
	s.Err = nil
	ordered := slices.Clone(pairs)
	slices.SortStableFunc(ordered, func(a, b domain.LIDPair) int {
		return cmp.Or(cmp.Compare(a.LID, b.LID), cmp.Compare(a.PN, b.PN))
	})
	news := slices.DeleteFunc(ordered, func(pair domain.LIDPair) bool { return !s.IsNews(pair) })
	if s.Err != nil {
		return s.Err
	}
	if len(news) > 0 {
		if err := s.Transaction(func() {
			var learned []string
			for _, pair := range news {
				learned = append(learned, s.LearnPair(pair)...)
			}
			s.SettleConflicts()
			s.RedecidePeople(learned)
			s.HideDeleted(nil)
		}); err != nil {
			return err
		}
	}
	return st.moveMerged()
}

func (st *Store) moveMerged() error {
	for _, step := range []func(int) (bool, error){st.writer.FollowUnmerges, st.writer.FollowMerges} {
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

// LinkAccount stores whose messages the file holds. Fails with account_mismatch when it holds another account's.
func (st *Store) LinkAccount(account domain.Account) error {
	st.mutex.Lock()
	defer st.mutex.Unlock()
	s := st.writer
	jid, lid := domain.NormalizeJID(account.JID), domain.NormalizeJID(account.LID)
	err := s.Transaction(func() {
		var known string
		if s.One("SELECT value FROM meta WHERE key = 'account_jid'", nil, &known) && known != jid {
			s.Err = domain.Errorf(domain.AccountMismatch,
				"This data directory holds the messages of another WhatsApp account.")
			return
		}
		tell := func(key, value string) {
			s.Exec("INSERT INTO meta (key, value) VALUES (@key, @value) ON CONFLICT DO NOTHING",
				sqlite.Args{"key": key, "value": value})
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
	return st.learnPairs([]domain.LIDPair{{LID: lid, PN: jid}})
}

// Meta returns a value of the meta table, or "" when it is missing.
func (st *Store) Meta(key string) (string, error) {
	st.mutex.Lock()
	defer st.mutex.Unlock()
	st.writer.Err = nil
	var value string
	st.writer.One("SELECT value FROM meta WHERE key = @key", sqlite.Args{"key": key}, &value)
	return value, st.writer.Err
}
