package wa

import (
	"context"
	"errors"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waHistorySync"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

func TestAPageThatCannotBeFetchedIsAskedForAgain(t *testing.T) {
	b := newPagingBed(t, nil, answered)
	b.fake().onDownload = func(*waE2E.HistorySyncNotification) (*waHistorySync.HistorySync, error) {
		return nil, errors.New("private words")
	}
	_, err := b.HistoryPage(context.Background(), ada, nil, 50)
	wantCode(t, err, domain.BridgeUnavailable)
	b.fake().onDownload = downloads(pageOf(more, 4))
	got, err := b.HistoryPage(context.Background(), ada, nil, 50)
	if err != nil || got.Stored != 4 || b.fake().heard("delete /blob?x") != 1 {
		t.Errorf("%+v, %v, %q", got, err, b.fake().said)
	}
	if strings.Contains(b.log.String(), "private") {
		t.Errorf("the log says %s", b.log.String())
	}
}

func TestAPageThatCannotBeReadEndsNothing(t *testing.T) {
	b := newPagingBed(t, pageOf(more, 1), answered)
	account := b.receiver.account
	b.receiver.account = func() domain.Account { panic("private words") }
	_, err := b.HistoryPage(context.Background(), ada, nil, 50)
	wantCode(t, err, domain.BridgeUnavailable)
	if _, found, err := b.Waiting.NextPage(); found || err != nil {
		t.Errorf("it is met again: %t, %v", found, err)
	}
	b.receiver.account = account
	if _, err := b.HistoryPage(context.Background(), ada, nil, 50); err != nil {
		t.Error(err)
	}
}
