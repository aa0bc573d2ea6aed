package wa

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// A page answers only its own request.
func TestPager_answeredBy(t *testing.T) {
	elsewhere, nowhere := pageOf(more, 2), pageOf(more, 0)
	elsewhere.Conversations[0].ID = proto.String("15550100002@s.whatsapp.net")
	nowhere.Conversations = nil
	for name, test := range map[string]struct {
		id   string
		data *waHistorySync.HistorySync
		want bool
	}{
		"its id": {"QUESTION", elsewhere, true}, "its id without a blob": {"QUESTION", nil, true},
		"another id":         {"OTHER", pageOf(more, 2), false},
		"no id and its chat": {"", pageOf(more, 2), true}, "no id and another chat": {"", elsewhere, false},
		"no id and no chat": {"", nowhere, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPager(0, func() time.Time { return moment })
			if p.answeredBy(test.id, test.data) != nil {
				t.Error("it answers what nobody asked")
			}
			p.expect(&pageRequest{id: "QUESTION", addresses: []string{ada, adaLID.String()}})
			if got := p.answeredBy(test.id, test.data); (got != nil) != test.want {
				t.Errorf("it answers: %t", got != nil)
			}
			if test.want && p.answeredBy(test.id, test.data) != nil {
				t.Error("it answers twice")
			}
		})
	}
}

// A page without a waiting request is stored.
func TestPages_late_answer(t *testing.T) {
	b := newPagingBed(t, pageOf(more, 2), silent)
	b.fake().hooks.Handle(from(own, answer("OTHER")))
	b.until(t, `written {"duplicates":0,"failed":0,"inserted":2}`)
	if found := b.checkpoint(t); found != "in_progress 2 H1 0" {
		t.Errorf("the checkpoint is %s", found)
	}
}

// A page that cannot be downloaded can be requested again.
func TestPages_download_failure(t *testing.T) {
	b := newPagingBed(t, nil, answered)
	b.fake().onDownload = func(*waE2E.HistorySyncNotification) (*waHistorySync.HistorySync, error) {
		return nil, errors.New("private words")
	}
	_, err := b.page(ada, nil, 50)
	wantCode(t, err, domain.BridgeUnavailable)
	b.fake().onDownload = downloads(pageOf(more, 4))
	got, err := b.page(ada, nil, 50)
	if err != nil || got.Stored != 4 || b.fake().heard("delete /blob?x") != 1 {
		t.Errorf("%+v, %v, %q", got, err, b.fake().said)
	}
	if strings.Contains(b.log.String(), "private") {
		t.Errorf("the log says %s", b.log.String())
	}
}

// A page that causes a panic does not end the program.
func TestPages_panic(t *testing.T) {
	b := newPagingBed(t, pageOf(more, 1), answered)
	account := b.receiver.account
	b.receiver.account = func() domain.Account { panic("private words") }
	_, err := b.page(ada, nil, 50)
	wantCode(t, err, domain.BridgeUnavailable)
	if _, found, err := b.Spool.NextPage(); found || err != nil {
		t.Errorf("it is met again: %t, %v", found, err)
	}
	b.receiver.account = account
	if _, err := b.page(ada, nil, 50); err != nil {
		t.Error(err)
	}
}

// The phone is asked for one page at a time, with a pause between.
func TestPager_acquire(t *testing.T) {
	b := newPagingBed(t, pageOf(more, 1), answered)
	waits := make(chan time.Duration, 10)
	b.impatient(waits)
	b.pager.gap = PageGap
	asking, open := make(chan struct{}), make(chan struct{})
	b.fake().onPage = func(id string, _ *types.MessageInfo, _ int) error {
		asking <- struct{}{}
		<-open
		b.fake().hooks.Handle(from(own, answer(id)))
		return nil
	}
	done := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := b.page(ada, nil, 50)
			done <- err
		}()
	}
	<-asking
	if len(b.pager.slot) != 1 || len(waits) != 0 {
		t.Error("the first question waits")
	}
	b.later.Add(int64(2 * time.Second))
	open <- struct{}{}
	<-asking
	if wait := <-waits; wait != 3*time.Second {
		t.Errorf("the second question waits for %s", wait)
	}
	open <- struct{}{}
	if err := errors.Join(<-done, <-done); err != nil || len(waits) != 0 {
		t.Errorf("%d more waits, %v", len(waits), err)
	}
}

// A cancelled wait frees its place.
func TestPager_acquire_cancelled(t *testing.T) {
	b := newPagingBed(t, pageOf(more, 1), answered)
	b.pager.slot <- struct{}{}
	given, giveUp := context.WithCancel(context.Background())
	giveUp()
	_, err := b.HistoryPage(given, PageInput{ChatJID: domain.JID(ada), Count: 50})
	wantCode(t, err, domain.Cancelled)
	<-b.pager.slot
	b.pager.gap, b.pager.last = PageGap, moment
	_, err = b.HistoryPage(given, PageInput{ChatJID: domain.JID(ada), Count: 50})
	wantCode(t, err, domain.Cancelled)
	if len(b.pager.slot) != 0 || strings.Contains(fmt.Sprint(b.fake().said), "page of") {
		t.Errorf("the slot is kept, or it was asked: %q", b.fake().said)
	}
}
