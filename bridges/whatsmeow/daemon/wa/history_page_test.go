package wa

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

func (f *fakeDevice) GenerateMessageID() types.MessageID { return "QUESTION" }
func (f *fakeDevice) AskPage(_ context.Context, id types.MessageID, before *types.MessageInfo, count int) error {
	f.say(fmt.Sprintf("page of %s before %s %t %d: %d", before.Chat, before.ID, before.IsFromMe, before.Timestamp.Unix(), count))
	return f.onPage(id, before, count)
}

const (
	ada    = "15550100001@s.whatsapp.net"
	oldest = 1_750_000_000
	more   = waHistorySync.Conversation_COMPLETE_ON_DEMAND_SYNC_BUT_MORE_MSG_REMAIN_ON_PRIMARY
	end    = waHistorySync.Conversation_COMPLETE_AND_NO_MORE_MESSAGE_REMAIN_ON_PRIMARY
	denied = waHistorySync.Conversation_COMPLETE_ON_DEMAND_SYNC_WITH_MORE_MSG_ON_PRIMARY_BUT_NO_ACCESS
)

// pageOf returns a page of Ada's chat, newest first, as phones send it.
func pageOf(how waHistorySync.Conversation_EndOfHistoryTransferType, messages int) *waHistorySync.HistorySync {
	page := blob(messages)
	page.SyncType = waHistorySync.HistorySync_ON_DEMAND.Enum()
	page.Conversations[0].EndOfHistoryTransferType = how.Enum()
	for i, one := range page.Conversations[0].Messages {
		one.Message.MessageTimestamp = proto.Uint64(uint64(oldest - 1 - i))
	}
	return page
}

// answer returns the notification of a page.
func answer(id string) *waE2E.Message {
	message := historyMessage()
	notification := message.ProtocolMessage.HistorySyncNotification
	notification.SyncType = waE2E.HistorySyncType_ON_DEMAND.Enum()
	if id != "" {
		notification.PeerDataRequestSessionID = proto.String(id)
	}
	return message
}

// newPagingBed returns a connected bridge with one message of Ada's chat. The phone answers with data, or does not
// answer when answer is empty.
func newPagingBed(t *testing.T, data *waHistorySync.HistorySync, answers func(id string) []*waE2E.Message) *bed {
	t.Helper()
	b := newBed(t, own, func(f *fakeDevice) {
		logsIn(f)
		f.onDownload = downloads(data)
		f.onPage = func(id string, _ *types.MessageInfo, _ int) error {
			for _, one := range answers(id) {
				f.hooks.Handle(from(own, one)) // before the request counts as sent
			}
			return nil
		}
	})
	if _, err := b.Store.Write(domain.Batch{Lane: domain.Live, Messages: []domain.Message{{ChatJID: ada, ID: "FIRST", Timestamp: oldest, Type: "text"}}}); err != nil {
		t.Fatal(err)
	}
	b.Start()
	b.until(t, `state {"state":"ready"}`)
	return b
}

// page requests a page with a deadline.
func (b *bed) page(chat string, before *PlaceInput, count int) (PageOutput, error) {
	ctx, enough := context.WithTimeout(context.Background(), 10*time.Second)
	defer enough()
	return b.HistoryPage(ctx, PageInput{domain.JID(chat), before, count})
}

func answered(id string) []*waE2E.Message { return []*waE2E.Message{answer(id)} }
func silent(string) []*waE2E.Message      { return nil }

// impatient ends the wait for the phone at once, and reports other waits and ends them too.
func (b *bed) impatient(waits chan<- time.Duration) {
	b.pager.wait = func(wait time.Duration) <-chan time.Time {
		if wait != b.pager.timeout {
			waits <- wait
		} else if waits != nil {
			return nil
		}
		over := make(chan time.Time)
		close(over)
		return over
	}
}

func (b *bed) checkpoint(t *testing.T) string {
	t.Helper()
	var found string
	if err := open(t, b).QueryRow(`SELECT status || ' ' || messages_synced || ' ' || oldest_message_id || ' ' || (completed_at IS NOT NULL)
    FROM checkpoints`).Scan(&found); err != nil {
		t.Fatal(err)
	}
	return found
}

func wantCode(t *testing.T, err error, code domain.Code) {
	t.Helper()
	var failure *domain.Error
	if !errors.As(err, &failure) || failure.Code != code {
		t.Errorf("%v instead of %s", err, code)
	}
}

func TestAPageIsStoredWithItsCheckpointWhoeverBringsTheHistory(t *testing.T) {
	nobody := pageOf(end, 0)
	nobody.Conversations = nil
	systemLines := pageOf(more, 3)
	for _, one := range systemLines.Conversations[0].Messages {
		one.Message.Message = nil
	}
	for name, test := range map[string]struct {
		data       *waHistorySync.HistorySync
		want       PageOutput
		checkpoint string
	}{
		"more remain":       {pageOf(more, 3), PageOutput{3, 3, "H2", false, timestampOf(oldest - 3), "in_progress"}, "in_progress 3 H2 0"},
		"the last page":     {pageOf(end, 3), PageOutput{3, 3, "H2", false, timestampOf(oldest - 3), "exhausted"}, "exhausted 3 H2 1"},
		"no access":         {pageOf(denied, 1), PageOutput{1, 1, "H0", false, timestampOf(oldest - 1), "exhausted"}, "exhausted 1 H0 1"},
		"nothing":           {pageOf(more, 0), PageOutput{0, 0, "FIRST", false, timestampOf(oldest), "exhausted"}, "exhausted 0 FIRST 1"},
		"not even a chat":   {nobody, PageOutput{0, 0, "FIRST", false, timestampOf(oldest), "exhausted"}, "exhausted 0 FIRST 1"},
		"only system lines": {systemLines, PageOutput{0, 0, "H2", false, timestampOf(oldest - 3), "in_progress"}, "in_progress 0 FIRST 0"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newPagingBed(t, test.data, answered)
			tell(t, b, "baileys")
			got, err := b.page(ada, nil, 50)
			if err != nil || got != test.want {
				t.Errorf("%+v, %v instead of %+v", got, err, test.want)
			}
			if found := b.checkpoint(t); found != test.checkpoint {
				t.Errorf("the checkpoint is %s", found)
			}
			if asked := "page of " + ada + " before FIRST false 1750000000: 50"; b.fake().heard(asked) != 1 || b.fake().heard("hist_sync M1") > 1 {
				t.Errorf("asked %q", b.fake().said)
			}
			if status := b.Status(); status.State != domain.Ready || status.PendingHistory != 0 {
				t.Errorf("a page counts as history that arrives: %+v", status)
			}
		})
	}
}

func TestAChatIsAskedForUnderTheAddressThatThePhoneKnows(t *testing.T) {
	b := newPagingBed(t, pageOf(more, 1), answered)
	pair := domain.LIDPair{LID: adaLID.String(), PN: ada}
	older := domain.Message{ChatJID: adaLID.String(), ID: "OLDER", Timestamp: oldest - 100, Type: "text", FromMe: true}
	if _, err := b.Store.Write(domain.Batch{Lane: domain.Live, LIDPairs: []domain.LIDPair{pair}, Messages: []domain.Message{older}}); err != nil {
		t.Fatal(err)
	}
	for _, chat := range []string{ada, adaLID.String()} {
		if got, err := b.page(chat, nil, 7); err != nil || got.OldestID != "OLDER" {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if asked := fmt.Sprintf("page of %s before OLDER true %d: 7", adaLID, oldest-100); b.fake().heard(asked) != 2 {
		t.Errorf("asked %q", b.fake().said)
	}
	place := &PlaceInput{MessageID: "ANY", FromMe: true, Timestamp: "2025-06-01T10:00:00+02:00"}
	if _, err := b.page(ada, place, 7); err != nil {
		t.Error(err)
	}
	if asked := fmt.Sprintf("page of %s before ANY true 1748764800: 7", adaLID); b.fake().heard(asked) != 1 {
		t.Errorf("asked %q", b.fake().said)
	}
}

func TestASilentPhoneLeavesAMarkUntilItsAnswerComes(t *testing.T) {
	b := newPagingBed(t, pageOf(end, 2), silent)
	b.impatient(nil)
	_, err := b.page(ada, nil, 50)
	wantCode(t, err, domain.UpstreamUnanswered)
	if found := b.checkpoint(t); found != "unanswered 0 FIRST 0" {
		t.Errorf("after the silence: %s", found)
	}
	b.fake().hooks.Handle(from(own, answer("QUESTION")))
	b.until(t, `written {"duplicates":0,"failed":0,"inserted":2}`)
	if found := b.checkpoint(t); found != "exhausted 2 H1 1" {
		t.Errorf("after the late answer: %s", found)
	}
	_, err = b.page(ada, nil, 50)
	wantCode(t, err, domain.UpstreamUnanswered)
	if found := b.checkpoint(t); found != "exhausted 2 H1 1" {
		t.Errorf("what is known of its end is forgotten: %s", found)
	}
	b.set(domain.Connecting, "")
	b.pager.wait = func(time.Duration) <-chan time.Time { t.Error("it waits"); return nil }
	_, err = b.page(ada, nil, 50)
	wantCode(t, err, domain.BridgeUnavailable)
}

func TestAConnectionThatIsGoneIsNoSilenceOfThePhone(t *testing.T) {
	b := newPagingBed(t, pageOf(end, 2), silent)
	b.pager.wait = func(time.Duration) <-chan time.Time {
		b.set(domain.Connecting, "")
		over := make(chan time.Time)
		close(over)
		return over
	}
	_, err := b.page(ada, nil, 50)
	wantCode(t, err, domain.BridgeUnavailable)
	var checkpoints int
	if err := open(t, b).QueryRow("SELECT count(*) FROM checkpoints").Scan(&checkpoints); err != nil || checkpoints != 0 {
		t.Errorf("%d checkpoints (%v)", checkpoints, err)
	}
}

func TestWhyNoPageCanBeAskedForIsSaid(t *testing.T) {
	b := newPagingBed(t, nil, silent)
	bad := &PlaceInput{MessageID: "ANY", Timestamp: "yesterday"}
	for name, test := range map[string]struct {
		chat   string
		before *PlaceInput
		count  int
		send   error
		want   domain.Code
	}{
		"no messages":       {ada, nil, 0, nil, domain.InvalidInput},
		"too many messages": {ada, nil, 51, nil, domain.InvalidInput},
		"no time":           {ada, bad, 50, nil, domain.InvalidInput},
		"an unknown chat":   {"15550100009@s.whatsapp.net", nil, 50, nil, domain.NotFound},
		"no session":        {ada, nil, 50, fmt.Errorf("%w with somebody", whatsmeow.ErrNoSession), domain.BridgeUnavailable},
		"no ack":            {ada, nil, 50, whatsmeow.ErrMessageTimedOut, domain.UpstreamUnanswered},
		"a refusal":         {ada, nil, 50, fmt.Errorf("%w 479", whatsmeow.ErrServerReturnedError), domain.UpstreamRejected},
		"no connection":     {ada, nil, 50, whatsmeow.ErrNotConnected, domain.BridgeUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			b.fake().onPage = func(string, *types.MessageInfo, int) error { return test.send }
			_, err := b.page(test.chat, test.before, test.count)
			wantCode(t, err, test.want)
		})
	}
	unlinked := newBed(t, types.EmptyJID, nil)
	_, err := unlinked.page(ada, nil, 50)
	wantCode(t, err, domain.NotLinked)
}
