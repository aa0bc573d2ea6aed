package wa

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"google.golang.org/protobuf/proto"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
	"whatsapp-hybrid-mcp/wa-bridge/store/rules"
	"whatsapp-hybrid-mcp/wa-bridge/wa/history"
)

// blob is a history chunk with one chat.
func blob(messages int) *waHistorySync.HistorySync {
	conversation := &waHistorySync.Conversation{ID: proto.String(adaPN.String()), Name: proto.String("Ada")}
	for i := range messages {
		conversation.Messages = append(conversation.Messages, &waHistorySync.HistorySyncMsg{Message: &waWeb.WebMessageInfo{
			Key:     &waCommon.MessageKey{RemoteJID: proto.String(adaPN.String()), ID: proto.String(fmt.Sprint("H", i))},
			Message: words("old"), MessageTimestamp: proto.Uint64(1_700_000_000 + uint64(i)),
		}})
	}
	return &waHistorySync.HistorySync{Progress: proto.Uint32(100), SyncType: waHistorySync.HistorySync_FULL.Enum(), Conversations: []*waHistorySync.Conversation{conversation}}
}

func announce(t *testing.T, b *bed, ids ...string) {
	t.Helper()
	for _, id := range ids {
		bytes, err := proto.Marshal(&waE2E.HistorySyncNotification{DirectPath: proto.String("/" + id + "?x"), MediaKey: []byte(id)})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Spool.Announce(id, bytes); err != nil {
			t.Fatal(err)
		}
	}
}

func pending(t *testing.T, b *bed) int {
	t.Helper()
	count, err := b.Spool.PendingHistory()
	if err != nil {
		t.Fatal(err)
	}
	return count
}

// cutOff writes some parts and then fails, like a full disk or a killed process.
type cutOff struct {
	history.Writer
	parts int
	wrote []int
}

var errCut = errors.New("cut off")

func (c *cutOff) WriteHistory(batch domain.Batch, blob string, upto int) (rules.Counts, error) {
	if len(c.wrote) == c.parts {
		return rules.Counts{}, errCut
	}
	c.wrote = append(c.wrote, upto)
	return c.Writer.WriteHistory(batch, blob, upto)
}

func TestABlobThatWasCutOffGoesOnWhereItWas(t *testing.T) {
	b := newBed(t, own, func(f *fakeDevice) {
		f.onDownload = func(*waE2E.HistorySyncNotification) (*waHistorySync.HistorySync, error) { return blob(1200), nil }
	})
	announce(t, b, "BLOB")
	cut := &cutOff{Writer: b.Store, parts: 3}
	b.downloader.Store = cut
	if _, more := b.downloader.Step(context.Background(), b.fake()); !more || pending(t, b) != 1 {
		t.Error("it was given up")
	}
	if next, _ := b.downloader.Step(context.Background(), b.fake()); !next.After(moment) {
		t.Error("it is tried again at once")
	}
	if err := b.Spool.RetryHistory(); err != nil {
		t.Fatal(err)
	}
	cut.parts = 100
	if _, more := b.downloader.Step(context.Background(), b.fake()); !more || pending(t, b) != 0 {
		t.Error("it was not written")
	}
	if fmt.Sprint(cut.wrote) != "[1 2 3 4 5]" {
		t.Errorf("parts %v", cut.wrote)
	}
	if cursor, err := b.Store.HistoryCursor("BLOB"); cursor != 0 || err != nil {
		t.Errorf("the cursor stays at %d (%v)", cursor, err)
	}
	if b.fake().heard("delete /BLOB?x") != 1 {
		t.Error("the blob stays on the server")
	}
	checkpoints := func() string {
		t.Helper()
		var status string
		if err := open(t, b).QueryRow("SELECT group_concat(DISTINCT status) FROM checkpoints").Scan(&status); err != nil {
			t.Fatal(err)
		}
		return status
	}
	if before := checkpoints(); before != "in_progress" {
		t.Errorf("before the end the checkpoints are %s", before)
	}
	if _, more := b.downloader.Step(context.Background(), b.fake()); more {
		t.Error("there is more to do")
	}
	if after := checkpoints(); after != "in_progress" {
		t.Errorf("before the quiet time is over the checkpoints are %s", after)
	}
	b.settle(t)
	if after := checkpoints(); after != "completed" {
		t.Errorf("at the end the checkpoints are %s", after)
	}
}

func TestThePhoneIsAskedAgainForABlobThatCannotBeDownloaded(t *testing.T) {
	b := newBed(t, own, func(f *fakeDevice) {
		f.onDownload = func(*waE2E.HistorySyncNotification) (*waHistorySync.HistorySync, error) {
			return nil, errors.New("private words")
		}
	})
	announce(t, b, "BLOB")
	var last time.Duration
	for attempt := 1; attempt <= 12; attempt++ {
		if err := b.Spool.RetryHistory(); err != nil {
			t.Fatal(err)
		}
		b.downloader.Step(context.Background(), b.fake())
		next, _, err := b.Spool.NextHistory()
		if err != nil || next.Attempts != attempt {
			t.Fatalf("attempt %d: %+v, %v", attempt, next, err)
		}
		wait := next.NextTry.Sub(moment)
		if wait < last || wait > history.LastDelay {
			t.Errorf("attempt %d waits %s after %s", attempt, wait, last)
		}
		last = wait
	}
	if last != history.LastDelay || b.fake().heard("ask again") != 1 {
		t.Errorf("waits %s, asked %d times", last, b.fake().heard("ask again"))
	}
	if strings.Contains(b.log.String(), "private") {
		t.Errorf("the log says %s", b.log.String())
	}
}

// open opens messages.db as another program.
func open(t *testing.T, b *bed) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", sqlite.DSN(filepath.Join(b.folder, "messages.db")))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// tell writes into messages.db which bridge imports the history, as the Node program does.
func tell(t *testing.T, b *bed, source string) {
	t.Helper()
	db := open(t, b)
	if _, err := db.Exec("DELETE FROM meta WHERE key = 'history_source'"); err != nil {
		t.Fatal(err)
	}
	if source != "" {
		if _, err := db.Exec("INSERT INTO meta (key, value) VALUES ('history_source', ?)", source); err != nil {
			t.Fatal(err)
		}
	}
}

func TestHistoryOfWhichAPartNeverCameIsCompleteLater(t *testing.T) {
	for name, test := range map[string]struct {
		orders []uint32
		want   string
	}{"all parts": {[]uint32{1, 2, 3}, "completed"}, "another order": {[]uint32{3, 1, 2}, "completed"}, "one is missing": {[]uint32{1, 3}, "completed"}, "its end is missing": {[]uint32{1, 2}, "in_progress"}} {
		t.Run(name, func(t *testing.T) {
			parts := test.orders
			b := newBed(t, own, func(f *fakeDevice) {
				f.onDownload = func(*waE2E.HistorySyncNotification) (*waHistorySync.HistorySync, error) {
					data := blob(2)
					data.ChunkOrder, data.Progress = proto.Uint32(parts[0]), proto.Uint32(parts[0]*100/3)
					parts = parts[1:]
					return data, nil
				}
			})
			announce(t, b, []string{"A", "B", "C"}[:len(test.orders)]...)
			for more := true; more; {
				_, more = b.downloader.Step(context.Background(), b.fake())
			}
			b.settle(t)
			b.later.Add(int64((history.LateFactor - 1) * b.Quiet))
			b.markHistoryComplete()
			var status string
			if err := open(t, b).QueryRow("SELECT group_concat(DISTINCT status) FROM checkpoints").Scan(&status); err != nil || status != test.want {
				t.Errorf("the checkpoints are %s (%v)", status, err)
			}
		})
	}
}

func TestOneBridgeBringsTheHistory(t *testing.T) {
	b := newBed(t, own, nil)
	for _, test := range []struct {
		source string
		other  bool
		want   bool
	}{{"", false, true}, {"", true, false}, {"baileys", false, false}, {"whatsmeow", true, true}, {"somebody", false, false}} {
		b.OtherBridge = func() bool { return test.other }
		tell(t, b, test.source)
		if got := b.ownsHistory(); got != test.want {
			t.Errorf("%+v: %t", test, got)
		}
	}
}

func TestABlobThatCannotBeDealtWithStopsNeitherTheProgramNorTheOthers(t *testing.T) {
	b := newBed(t, own, func(f *fakeDevice) {
		f.onDownload = func(notification *waE2E.HistorySyncNotification) (*waHistorySync.HistorySync, error) {
			if notification.GetDirectPath() == "/BAD?x" {
				panic("private words")
			}
			return blob(2), nil
		}
	})
	announce(t, b, "BAD", "GOOD")
	for range 2 {
		if _, more := b.downloader.Step(context.Background(), b.fake()); !more {
			t.Error("there is nothing left to do")
		}
	}
	failed, err := b.Spool.FailedHistory()
	if err != nil || len(failed) != 1 || failed[0].ID != "BAD" || !failed[0].NextTry.After(moment) || pending(t, b) != 1 {
		t.Errorf("failed %+v of %d (%v)", failed, pending(t, b), err)
	}
	if strings.Contains(b.log.String(), "private") {
		t.Error("the log says what others wrote")
	}
}
