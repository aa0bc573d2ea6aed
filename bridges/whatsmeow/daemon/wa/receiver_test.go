package wa

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/spool"
	"whatsapp-hybrid-mcp/wa-bridge/store"
	"whatsapp-hybrid-mcp/wa-bridge/store/rules"
)

// desk is a receiver whose store is the test.
type desk struct {
	*receiver
	log       strings.Builder
	written   []domain.Batch
	announced []string
	pages     int
	options   []string
	failure   error
	due       int
	gapIDs    []string
	healed    []string
	kept      []spool.KeptVote
}

func (d *desk) Write(batch domain.Batch) (rules.Counts, error) {
	if d.failure != nil {
		return rules.Counts{}, d.failure
	}
	d.written = append(d.written, batch)
	return rules.Counts{Inserted: len(batch.Messages)}, nil
}
func (d *desk) Poll(string, string) (*store.Poll, error) {
	if d.failure != nil || d.options == nil {
		return nil, d.failure
	}
	return &store.Poll{Options: d.options}, nil
}
func (d *desk) NoteUndecryptable(gap spool.Undecryptable, _ time.Time) error {
	d.gapIDs = append(d.gapIDs, gap.MessageID)
	return nil
}
func (d *desk) ForgetUndecryptable(id string) error {
	d.healed = append(d.healed, id)
	return d.failure
}
func (d *desk) Undecryptables() ([]spool.Undecryptable, error) { return nil, nil }
func (d *desk) KeepVote(poll string, vote []byte) error {
	if d.failure == nil {
		d.kept = append(d.kept, spool.KeptVote{Seq: int64(len(d.kept) + 1), Vote: vote})
	}
	return d.failure
}
func (d *desk) VotesOn(string) ([]spool.KeptVote, error) { return d.kept, nil }
func (d *desk) AwaitedPolls() ([]string, error)          { return []string{"POLL"}, nil }
func (d *desk) ForgetVote(seq int64) error {
	d.kept = slices.DeleteFunc(d.kept, func(one spool.KeptVote) bool { return one.Seq == seq })
	return nil
}
func (d *desk) Announce(id string, _ []byte) error {
	d.announced = append(d.announced, id)
	return d.failure
}

func (d *desk) KeepPage([]byte) error {
	d.pages++
	return d.failure
}

func newDesk() *desk {
	d := &desk{}
	d.receiver = &receiver{store: d, spool: d, log: slog.New(slog.NewTextHandler(&d.log, nil)),
		now:       func() time.Time { return moment },
		account:   func() domain.Account { return domain.Account{JID: "15550100000@s.whatsapp.net"} },
		onWritten: func(rules.Counts) {}, onHistory: func(string) { d.due++ }, onPage: func(string) { d.due++ }}
	d.undecryptable, _ = newUndecryptable(d, d.receiver.log, d.now)
	d.votes = &pollVotes{polls: d, spool: d, write: d.write, context: d.context, log: d.receiver.log}
	return d
}

func from(sender types.JID, message *waE2E.Message) *events.Message {
	return (&events.Message{RawMessage: message, Info: types.MessageInfo{
		MessageSource: types.MessageSource{Chat: adaPN, Sender: sender, IsFromMe: sender.User == own.User}, ID: "M1",
		Timestamp: moment,
	}}).UnwrapRaw()
}

func words(text string) *waE2E.Message { return &waE2E.Message{Conversation: proto.String(text)} }

func historyMessage() *waE2E.Message {
	return &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{
		Type:                    waE2E.ProtocolMessage_HISTORY_SYNC_NOTIFICATION.Enum(),
		HistorySyncNotification: &waE2E.HistorySyncNotification{DirectPath: proto.String("/blob?x")}}}
}

// A message that cannot be stored is not acknowledged.
func TestReceiver_write_failure(t *testing.T) {
	d := newDesk()
	receipt := &events.Receipt{MessageSource: types.MessageSource{Chat: adaPN, Sender: adaPN},
		MessageIDs: []types.MessageID{"A"}, Timestamp: moment}
	for _, failure := range []error{nil, errors.New("private words")} {
		d.failure = failure
		for _, event := range []any{from(adaPN, words("hello")), receipt, from(own, historyMessage())} {
			acknowledged := d.receive(context.Background(), &fakeDevice{}, event)
			if acknowledged != (failure == nil) {
				t.Errorf("%T with %v: %t", event, failure, acknowledged)
			}
		}
		for _, event := range []any{&events.Connected{}, from(adaPN, &waE2E.Message{}),
			&events.UndecryptableMessage{}} {
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

// Only own devices announce history.
func TestReceiver_announce_own_device(t *testing.T) {
	d := newDesk()
	for _, sender := range []types.JID{adaPN, own} {
		if !d.receive(context.Background(), &fakeDevice{}, from(sender, historyMessage())) {
			t.Error("it is not acknowledged")
		}
	}
	if len(d.announced) != 1 || len(d.written) != 0 {
		t.Errorf("announced %v, written %v", d.announced, d.written)
	}
}

// Encrypted parts are stored decrypted.
func TestReceiver_decryptNested(t *testing.T) {
	key := &waCommon.MessageKey{ID: proto.String("TARGET")}
	edit := &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{Type: waE2E.ProtocolMessage_MESSAGE_EDIT.Enum(),
		Key: key, EditedMessage: words("better")}}
	for name, test := range map[string]struct {
		message, clear *waE2E.Message
		want           string
	}{
		"a reaction": {&waE2E.Message{EncReactionMessage: &waE2E.EncReactionMessage{TargetMessageKey: key}},
			&waE2E.Message{ReactionMessage: &waE2E.ReactionMessage{Text: proto.String("👍")}}, "reaction TARGET 👍"},
		"an edit": {&waE2E.Message{SecretEncryptedMessage: &waE2E.SecretEncryptedMessage{}}, edit,
			"edit TARGET better"},
		"a comment": {&waE2E.Message{EncCommentMessage: &waE2E.EncCommentMessage{}}, words("nice"),
			"text M1 nice"},
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
