package wa

import (
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
)

// desk is a receiver whose store is the test.
type desk struct {
	*receiver
	log       strings.Builder
	written   []domain.Batch
	announced []string
	options   []string
	failure   error
	due       int
}

func (d *desk) Write(batch domain.Batch) (sqlite.Counts, error) {
	if d.failure != nil {
		return sqlite.Counts{}, d.failure
	}
	d.written = append(d.written, batch)
	return sqlite.Counts{Inserted: len(batch.Messages)}, nil
}
func (d *desk) PollOptions(string, string) ([]string, error) { return d.options, d.failure }
func (d *desk) Announce(id string, _ []byte) error {
	d.announced = append(d.announced, id)
	return d.failure
}

func newDesk() *desk {
	d := &desk{}
	d.receiver = &receiver{store: d, waiting: d, log: slog.New(slog.NewTextHandler(&d.log, nil)), now: func() time.Time { return moment },
		account: func() domain.Account { return domain.Account{JID: "15550100000@s.whatsapp.net"} },
		arrived: func(sqlite.Counts) {}, historic: func(string) { d.due++ }, gaps: map[string]bool{}}
	return d
}

func from(sender types.JID, message *waE2E.Message) *events.Message {
	return (&events.Message{RawMessage: message, Info: types.MessageInfo{
		MessageSource: types.MessageSource{Chat: adaPN, Sender: sender, IsFromMe: sender.User == own.User}, ID: "M1", Timestamp: moment,
	}}).UnwrapRaw()
}

func words(text string) *waE2E.Message { return &waE2E.Message{Conversation: proto.String(text)} }

func history() *waE2E.Message {
	return &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{Type: waE2E.ProtocolMessage_HISTORY_SYNC_NOTIFICATION.Enum(),
		HistorySyncNotification: &waE2E.HistorySyncNotification{DirectPath: proto.String("/blob?x")}}}
}

func TestWhatCannotBeStoredIsNotAcknowledged(t *testing.T) {
	d := newDesk()
	receipt := &events.Receipt{MessageSource: types.MessageSource{Chat: adaPN, Sender: adaPN}, MessageIDs: []types.MessageID{"A"}, Timestamp: moment}
	for _, failure := range []error{nil, errors.New("private words")} {
		d.failure = failure
		for _, event := range []any{from(adaPN, words("hello")), receipt, from(own, history())} {
			if acknowledged := d.receive(context.Background(), &fakeDevice{}, event); acknowledged != (failure == nil) {
				t.Errorf("%T with %v: %t", event, failure, acknowledged)
			}
		}
		for _, event := range []any{&events.Connected{}, from(adaPN, &waE2E.Message{}), &events.UndecryptableMessage{}} {
			if !d.receive(context.Background(), &fakeDevice{}, event) {
				t.Errorf("%T, of which nothing is kept, is not acknowledged", event)
			}
		}
	}
	if len(d.written) != 2 || d.due != 1 {
		t.Errorf("%d batches, history due %d times", len(d.written), d.due)
	}
	if strings.Contains(d.log.String(), "private") {
		t.Errorf("the log says %s", d.log.String())
	}
}

func TestOnlyAnOwnDeviceAnnouncesHistory(t *testing.T) {
	d := newDesk()
	for _, sender := range []types.JID{adaPN, own} {
		if !d.receive(context.Background(), &fakeDevice{}, from(sender, history())) {
			t.Error("it is not acknowledged")
		}
	}
	if len(d.announced) != 1 || len(d.written) != 0 {
		t.Errorf("announced %v, written %v", d.announced, d.written)
	}
}

func TestWhatIsEncryptedInsideIsStoredInTheClear(t *testing.T) {
	key := &waCommon.MessageKey{ID: proto.String("TARGET")}
	edit := &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{Type: waE2E.ProtocolMessage_MESSAGE_EDIT.Enum(), Key: key, EditedMessage: words("better")}}
	for name, test := range map[string]struct {
		message, clear *waE2E.Message
		want           string
	}{
		"a reaction":         {&waE2E.Message{EncReactionMessage: &waE2E.EncReactionMessage{TargetMessageKey: key}}, &waE2E.Message{ReactionMessage: &waE2E.ReactionMessage{Text: proto.String("👍")}}, "reaction TARGET 👍"},
		"an edit":            {&waE2E.Message{SecretEncryptedMessage: &waE2E.SecretEncryptedMessage{}}, edit, "edit TARGET better"},
		"a comment":          {&waE2E.Message{EncCommentMessage: &waE2E.EncCommentMessage{}}, words("nice"), "text M1 nice"},
		"an unreadable edit": {&waE2E.Message{SecretEncryptedMessage: &waE2E.SecretEncryptedMessage{}}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			if !d.receive(context.Background(), &fakeDevice{clear: test.clear}, from(adaPN, test.message)) {
				t.Error("it is not acknowledged")
			}
			got := ""
			for _, batch := range d.written {
				for _, change := range batch.Changes {
					got += change.Kind + " " + change.MessageID + " " + change.Value
				}
				for _, message := range batch.Messages {
					got += message.Type + " " + message.ID + " " + message.Content
				}
			}
			if got != test.want || strings.Contains(d.log.String(), "unreadable words") {
				t.Errorf("got %q, log %s", got, d.log.String())
			}
		})
	}
}

func TestAVoteIsStoredWhereItsPollIsKnown(t *testing.T) {
	tea := sha256.Sum256([]byte("tea"))
	vote := from(adaPN, &waE2E.Message{PollUpdateMessage: &waE2E.PollUpdateMessage{PollCreationMessageKey: &waCommon.MessageKey{ID: proto.String("POLL")}}})
	for name, test := range map[string]struct {
		options []string
		vote    *waE2E.PollVoteMessage
		want    int
	}{
		"known":      {[]string{"tea"}, &waE2E.PollVoteMessage{SelectedOptions: [][]byte{tea[:]}}, 1},
		"unknown":    {nil, &waE2E.PollVoteMessage{}, 0},
		"unreadable": {[]string{"tea"}, nil, 0},
	} {
		d := newDesk()
		d.options = test.options
		if !d.receive(context.Background(), &fakeDevice{vote: test.vote}, vote) || len(d.written) != test.want {
			t.Errorf("%s: %v", name, d.written)
		}
		if test.want == 1 && d.written[0].Changes[0].Value != `["tea"]` {
			t.Errorf("%s: %+v", name, d.written[0].Changes)
		}
	}
}

func TestAMessageThatComesAfterAllIsNoGap(t *testing.T) {
	d := newDesk()
	gap := func(id string, change func(*events.UndecryptableMessage)) {
		evt := &events.UndecryptableMessage{Info: types.MessageInfo{ID: id}}
		if change != nil {
			change(evt)
		}
		d.receive(context.Background(), &fakeDevice{}, evt)
	}
	gap("M1", nil)
	gap("M2", nil)
	gap("SEEN ON THE PHONE ONLY", func(evt *events.UndecryptableMessage) {
		evt.IsUnavailable, evt.UnavailableType = true, events.UnavailableTypeViewOnce
	})
	gap("NOTHING TO SEE", func(evt *events.UndecryptableMessage) { evt.DecryptFailMode = events.DecryptFailHide })
	if d.openGaps() != 2 {
		t.Errorf("%d gaps", d.openGaps())
	}
	d.receive(context.Background(), &fakeDevice{}, from(adaPN, words("after all")))
	if d.openGaps() != 1 {
		t.Errorf("%d gaps afterwards", d.openGaps())
	}
}
