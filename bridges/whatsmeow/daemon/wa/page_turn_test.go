package wa

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/types"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

func TestThePhoneIsAskedForOnePageAtATimeAndNotTooOften(t *testing.T) {
	b := newPagingBed(t, pageOf(more, 1), answered)
	waits := make(chan time.Duration, 10)
	b.impatient(waits)
	b.pager.gap = PageGap
	asking, open := make(chan struct{}), make(chan struct{})
	b.fake().onPage = func(id string, _ *types.MessageInfo, _ int) error {
		asking <- struct{}{}
		<-open
		b.fake().hooks.handle(from(own, answer(id)))
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
	if len(b.pager.turn) != 1 || len(waits) != 0 {
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

func TestWhoeverGivesUpWaitingForTheTurnLeavesIt(t *testing.T) {
	b := newPagingBed(t, pageOf(more, 1), answered)
	b.pager.turn <- struct{}{}
	given, giveUp := context.WithCancel(context.Background())
	giveUp()
	_, err := b.HistoryPage(given, ada, nil, 50)
	wantCode(t, err, domain.Cancelled)
	<-b.pager.turn
	b.pager.gap, b.pager.last = PageGap, moment
	_, err = b.HistoryPage(given, ada, nil, 50)
	wantCode(t, err, domain.Cancelled)
	if len(b.pager.turn) != 0 || strings.Contains(fmt.Sprint(b.fake().said), "page of") {
		t.Errorf("the turn is kept, or it was asked: %q", b.fake().said)
	}
}
