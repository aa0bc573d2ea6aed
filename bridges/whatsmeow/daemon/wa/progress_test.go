package wa

import (
	"context"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/spool"
	"whatsapp-hybrid-mcp/wa-bridge/wa/history"
)

func TestWhoHasThisBridgeAloneSeesThatHistoryArrives(t *testing.T) {
	b := newBed(t, own, func(f *fakeDevice) {
		logsIn(f)
		f.onDownload = downloads(blob(3))
	})
	b.OtherBridge = func() bool { return false }
	b.Quiet = 50 * time.Millisecond
	b.Start()
	b.until(t, `state {"state":"syncing"}`)
	if status := b.Status(); status.State != domain.Syncing || !status.Connected {
		t.Errorf("while it is waited for: %+v", status)
	}
	b.fake().hooks.Handle(from(own, historyMessage()))
	b.until(t, `written {"duplicates":0,"failed":0,"inserted":3}`)
	timePasses(t, b) // the part may be recorded after OnWritten
	b.until(t, `state {"state":"ready"}`)
	if status := b.Status(); status.State != domain.Ready || status.PendingHistory != 0 {
		t.Errorf("afterwards: %+v", status)
	}
}

// timePasses advances the clock by quiet times until the test ends.
func timePasses(t *testing.T, b *bed) {
	ended := make(chan struct{})
	t.Cleanup(func() { close(ended) })
	go func() {
		for {
			select {
			case <-ended:
				return
			case <-time.After(10 * time.Millisecond):
				b.later.Add(int64(b.Quiet))
			}
		}
	}()
}

func TestAHistoryThatWasWrittenBeforeARestartIsCompletedAfterIt(t *testing.T) {
	b := newBed(t, own, func(f *fakeDevice) { f.onDownload = downloads(blob(2)) })
	announce(t, b, "BLOB")
	if _, more := b.downloader.Step(context.Background(), b.fake()); !more {
		t.Fatal("it was not written")
	}
	again, err := New(context.Background(), b.devices, b.Settings) // the first one ended during the quiet time
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(again.Close)
	after := &bed{Bridge: again, folder: b.folder}
	b.later.Add(int64(time.Hour))
	tell(t, after, "whatsmeow")
	again.set(domain.Ready, "")
	if wait := again.markHistoryComplete(); wait != 0 {
		t.Errorf("it is looked at again in %s", wait)
	}
	var status string
	if err := open(t, b).QueryRow("SELECT group_concat(DISTINCT status) FROM checkpoints").Scan(&status); err != nil || status != "completed" {
		t.Errorf("the checkpoints are %s (%v)", status, err)
	}
}

func TestANewlyLinkedDeviceWaitsForAHistoryOfItsOwn(t *testing.T) {
	b := newBed(t, own, nil)
	if err := b.Spool.NotePart(part(history.FullKind, 1, 100, 0)); err != nil {
		t.Fatal(err)
	}
	b.fake().hooks.Handle(&events.PairSuccess{ID: own})
	if history, err := b.historyProgress(); err != nil || len(history.Parts) != 0 || !history.IsArriving(moment, b.Quiet) {
		t.Errorf("got %+v (%v)", history, err)
	}
}

func TestABlobThatFailedIsGivenUpOnceThePhoneHasSentItsPartAgain(t *testing.T) {
	data := blob(2)
	data.ChunkOrder = proto.Uint32(1)
	b := newBed(t, own, func(f *fakeDevice) {
		f.onDownload = func(notification *waE2E.HistorySyncNotification) (*waHistorySync.HistorySync, error) {
			if notification.GetDirectPath() == "/gone?x" {
				return nil, errCut
			}
			return data, nil
		}
	})
	announcePart := func(id, path string, number uint32) {
		t.Helper()
		bytes, err := proto.Marshal(&waE2E.HistorySyncNotification{DirectPath: proto.String(path), ChunkOrder: proto.Uint32(number),
			SyncType: waE2E.HistorySyncType_FULL.Enum()})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Spool.Announce(id, bytes); err != nil {
			t.Fatal(err)
		}
	}
	announcePart("A", "/gone?x", 1)
	announcePart("B", "/gone?x", 2)
	for range 2 {
		b.downloader.Step(context.Background(), b.fake())
	}
	announcePart("A2", "/again?x", 1)
	b.downloader.Step(context.Background(), b.fake())
	if next, _, err := b.Spool.NextHistory(); err != nil || next.ID != "B" || pending(t, b) != 1 {
		t.Errorf("next is %q of %d (%v)", next.ID, pending(t, b), err)
	}
}

func TestHistorian_forgetReplaced_keeps_parts_without_number(t *testing.T) {
	b := newBed(t, own, func(f *fakeDevice) {
		f.onDownload = func(notification *waE2E.HistorySyncNotification) (*waHistorySync.HistorySync, error) {
			if notification.GetDirectPath() == "/A?x" {
				return nil, errCut
			}
			return blob(2), nil
		}
	})
	for _, id := range []string{"A", "B"} {
		bytes, err := proto.Marshal(&waE2E.HistorySyncNotification{DirectPath: proto.String("/" + id + "?x"),
			SyncType: waE2E.HistorySyncType_FULL.Enum()})
		if err == nil {
			err = b.Spool.Announce(id, bytes)
		}
		if err != nil {
			t.Fatal(err)
		}
		b.downloader.Step(context.Background(), b.fake())
	}
	if failed, err := b.Spool.FailedHistory(); err != nil || len(failed) != 1 || failed[0].ID != "A" {
		t.Errorf("failed %+v (%v)", failed, err)
	}
}

func TestPagesThatSomebodyAskedForAreStoredAndAreNoPart(t *testing.T) {
	page := blob(3)
	page.SyncType = waHistorySync.HistorySync_ON_DEMAND.Enum()
	b := newBed(t, own, func(f *fakeDevice) { f.onDownload = downloads(page) })
	announce(t, b, "PAGE")
	b.downloader.Step(context.Background(), b.fake())
	parts, err := b.Spool.Parts()
	var rows, checkpoints int
	if err == nil {
		err = open(t, b).QueryRow("SELECT (SELECT count(*) FROM messages), (SELECT sum(messages_synced) FROM checkpoints)").Scan(&rows, &checkpoints)
	}
	if err != nil || rows != 3 || checkpoints != 3 || len(parts) != 0 {
		t.Errorf("%d rows, %d in checkpoints, parts %v (%v)", rows, checkpoints, parts, err)
	}
}

func TestAnEventThatCannotBeDealtWithIsAskedForAgain(t *testing.T) {
	b := newBed(t, own, nil)
	b.receiver.votes = nil
	if b.fake().hooks.Handle(voteOn("POLL")) {
		t.Error("a panic is taken for a yes")
	}
	if !b.fake().hooks.Handle(from(adaPN, &waE2E.Message{})) {
		t.Error("nothing is taken any more")
	}
}

func part(kind string, number int64, progress uint32, after time.Duration) spool.Part {
	return spool.Part{Kind: kind, Number: number, Progress: progress, WrittenAt: moment.Add(after)}
}
