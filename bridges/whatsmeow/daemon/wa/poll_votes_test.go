package wa

import (
	"context"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

var tea = sha256.Sum256([]byte("tea"))

func teaVote() *waE2E.PollVoteMessage {
	return &waE2E.PollVoteMessage{SelectedOptions: [][]byte{tea[:]}}
}

func voteOn(poll string) *events.Message {
	return from(adaPN, &waE2E.Message{PollUpdateMessage: &waE2E.PollUpdateMessage{
		PollCreationMessageKey: &waCommon.MessageKey{RemoteJID: proto.String(adaPN.String()), ID: proto.String(poll)}}})
}

func pollOf(id string, secret string) *events.Message {
	evt := from(adaPN, &waE2E.Message{MessageContextInfo: &waE2E.MessageContextInfo{MessageSecret: []byte(secret)},
		PollCreationMessage: &waE2E.PollCreationMessage{Name: proto.String("Drinks?"),
			Options: []*waE2E.PollCreationMessage_Option{{OptionName: proto.String("tea")}, {OptionName: proto.String("coffee")}}}})
	evt.Info.ID = id
	return evt
}

func TestAVoteIsStoredWhereItsPollIsKnown(t *testing.T) {
	for name, test := range map[string]struct {
		options       []string
		vote          *waE2E.PollVoteMessage
		written, kept int
	}{
		"known":      {[]string{"tea"}, teaVote(), 1, 0},
		"unknown":    {nil, teaVote(), 0, 1},
		"unreadable": {[]string{"tea"}, nil, 0, 0},
	} {
		d := newDesk()
		d.options = test.options
		if !d.receive(context.Background(), &fakeDevice{vote: test.vote}, voteOn("POLL")) || len(d.written) != test.written || len(d.kept) != test.kept {
			t.Errorf("%s: %v, kept %v", name, d.written, d.kept)
		}
		if test.written == 1 && d.written[0].Changes[0].Value != `["tea"]` {
			t.Errorf("%s: %+v", name, d.written[0].Changes)
		}
		if strings.Contains(d.log.String(), "unreadable words") {
			t.Errorf("%s: the log says %s", name, d.log.String())
		}
	}
}

func TestAVoteThatCanNeitherBeStoredNorKeptIsNotAcknowledged(t *testing.T) {
	d := newDesk()
	d.failure = errors.New("private words")
	if d.receive(context.Background(), &fakeDevice{vote: teaVote()}, voteOn("POLL")) {
		t.Error("it is acknowledged")
	}
	d.failure = nil
	if !d.receive(context.Background(), &fakeDevice{}, from(adaPN, &waE2E.Message{PollUpdateMessage: &waE2E.PollUpdateMessage{}})) {
		t.Error("a vote on nothing is asked for again")
	}
}

func TestAVoteThatCouldNotBeWrittenGoesOnWaiting(t *testing.T) {
	d := newDesk()
	d.receive(context.Background(), &fakeDevice{}, voteOn("POLL"))
	d.options, d.failure = []string{"tea"}, errors.New("disk full")
	d.votes.retryAll(context.Background(), &fakeDevice{vote: teaVote()})
	if len(d.kept) != 1 {
		t.Fatal("it was forgotten")
	}
	d.failure = nil
	d.votes.retryAll(context.Background(), &fakeDevice{vote: teaVote()})
	if len(d.kept) != 0 || len(d.written) != 1 || d.written[0].Changes[0].At != moment.UnixMilli() {
		t.Errorf("kept %v, written %+v", d.kept, d.written)
	}
}

// chosen returns the stored votes.
func chosen(t *testing.T, b *bed) string {
	t.Helper()
	var found string
	err := open(t, b).QueryRow("SELECT coalesce(group_concat(message_id || ' ' || actor || ' ' || value), '') FROM changes WHERE kind = 'vote'").Scan(&found)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAVoteThatCameBeforeItsPollIsReadWithIt(t *testing.T) {
	history := blob(1)
	raw := pollOf("OLD", "secret").RawMessage
	history.Conversations[0].Messages[0].Message = &waWeb.WebMessageInfo{Message: raw, MessageTimestamp: proto.Uint64(1_700_000_000),
		Key: &waCommon.MessageKey{RemoteJID: proto.String(adaPN.String()), ID: proto.String("OLD")}}
	b := newBed(t, own, func(f *fakeDevice) { f.vote, f.onDownload = teaVote(), downloads(history) })
	for _, id := range []string{"LIVE", "OLD"} {
		if !b.fake().hooks.Handle(voteOn(id)) {
			t.Error("a vote is not acknowledged")
		}
	}
	if got := chosen(t, b); got != "" {
		t.Fatalf("before: %s", got)
	}
	b.fake().hooks.Handle(pollOf("LIVE", "secret"))
	if got, want := chosen(t, b), `LIVE `+adaPN.String()+` ["tea"]`; got != want {
		t.Errorf("with the live poll: %s", got)
	}
	announce(t, b, "BLOB")
	b.downloader.Step(context.Background(), b.fake())
	if got := chosen(t, b); !strings.Contains(got, `OLD `+adaPN.String()+` ["tea"]`) {
		t.Errorf("with the history: %s", got)
	}
	if polls, err := b.Spool.AwaitedPolls(); len(polls) != 0 || err != nil {
		t.Errorf("somebody waits for %v (%v)", polls, err)
	}
}

func TestAVoteOnAPollOfTheOtherBridgeIsReadWithTheSecretInIt(t *testing.T) {
	var b *bed
	b = newBed(t, own, func(f *fakeDevice) { f.onLearn = func(f *fakeDevice) { f.vote = teaVote() } })
	if !b.fake().hooks.Handle(voteOn("POLL")) {
		t.Error("it is not acknowledged")
	}
	// The other program stores the poll and sends no notification.
	if _, err := b.Store.Write(b.receiver.context().Live(pollOf("POLL", "key of the poll"))); err != nil {
		t.Fatal(err)
	}
	b.Start()
	b.wakeHistory()
	limit := time.After(10 * time.Second)
	for chosen(t, b) == "" {
		select {
		case <-b.published:
		case <-limit:
			t.Fatal("the vote was never read")
		}
	}
	if want := "secret of POLL in " + adaPN.String() + " by " + adaPN.String() + ": key of the poll"; b.fake().heard(want) != 1 {
		t.Errorf("the library learned %v", b.fake().said)
	}
}

func TestAKeptVoteIsTheSameAgain(t *testing.T) {
	evt := voteOn("POLL")
	evt.Info.SenderAlt, evt.Info.AddressingMode = ownLID, "lid"
	packed, err := packVote(evt)
	if err != nil {
		t.Fatal(err)
	}
	again, err := unpackVote(packed)
	if err != nil || domain.JSON(again.Info.MessageSource) != domain.JSON(evt.Info.MessageSource) || again.Info.ID != "M1" ||
		!again.Info.Timestamp.Equal(moment) || !proto.Equal(again.RawMessage, evt.RawMessage) {
		t.Errorf("got %+v (%v)", again, err)
	}
	for _, broken := range []string{"", "{", `{"message":"/w=="}`} {
		if _, err := unpackVote([]byte(broken)); err == nil {
			t.Errorf("%q was read", broken)
		}
	}
}
