package wa

import (
	"context"
	"log/slog"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/store/rules"
	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
	"whatsapp-hybrid-mcp/wa-bridge/wa/translate"
)

// writer writes rows to messages.db.
type writer interface {
	Write(batch domain.Batch) (rules.Counts, error)
}

// announcer stores announcements of history and pages.
type announcer interface {
	Announce(id string, notification []byte) error
	KeepPage(notification []byte) error
}

// receiver stores what arrives. Its results decide whether WhatsApp is sent an acknowledgement.
type receiver struct {
	store         writer
	spool         announcer
	log           *slog.Logger
	account       func() domain.Account
	now           func() time.Time
	onWritten     func(counts rules.Counts)
	onHistory     func(id string)
	onPage        func(id string)
	undecryptable *undecryptable
	votes         *pollVotes
}

func (r *receiver) context() translate.Context {
	return translate.Context{Me: r.account(), Now: r.now().UnixMilli()}
}

// receive stores the content of an event. It returns false when that fails and WhatsApp must deliver the event again.
func (r *receiver) receive(ctx context.Context, open device.Decrypter, event any) bool {
	switch evt := event.(type) {
	case *events.Message:
		return r.message(ctx, open, evt)
	case *events.UndecryptableMessage:
		r.undecryptable.note(evt)
		return true
	}
	return r.write(r.context().Event(event))
}

func (r *receiver) write(batch domain.Batch) bool {
	if batch.Empty() {
		return true
	}
	counts, err := r.store.Write(batch)
	if err != nil {
		r.log.Error("what arrived could not be stored; it is asked for again", "error", device.Redact(err))
		return false
	}
	r.onWritten(counts)
	return true
}

func (r *receiver) message(ctx context.Context, open device.Decrypter, evt *events.Message) bool {
	if notification := evt.Message.GetProtocolMessage().GetHistorySyncNotification(); notification != nil {
		return r.announce(evt, notification)
	}
	if evt.Message.GetPollUpdateMessage() != nil {
		return r.votes.HandleVote(ctx, open, evt)
	}
	r.decryptNested(ctx, open, evt)
	batch := r.context().Live(evt)
	if !r.write(batch) {
		return false
	}
	r.undecryptable.resolve(evt.Info.ID)
	r.votes.OnPollsStored(ctx, open, batch.Messages)
	return true
}

// announce stores a notification before anything else, because WhatsApp may not deliver it again. Notifications of
// other people are ignored: only own devices announce history.
func (r *receiver) announce(evt *events.Message, notification *waE2E.HistorySyncNotification) bool {
	if !evt.Info.IsFromMe {
		return true
	}
	// Deterministic, because the spool recognizes a repeated notification by its bytes.
	bytes, err := proto.MarshalOptions{Deterministic: true}.Marshal(notification)
	isPage := notification.GetSyncType() == waE2E.HistorySyncType_ON_DEMAND
	switch {
	case err != nil:
	case isPage:
		err = r.spool.KeepPage(bytes)
	default:
		err = r.spool.Announce(evt.Info.ID, bytes)
	}
	if err != nil {
		r.log.Error("announced history could not be noted", "error", device.Redact(err))
		return false
	}
	if isPage {
		r.onPage(evt.Info.ID)
	} else {
		r.onHistory(evt.Info.ID)
	}
	return true
}

// decryptNested decrypts the encrypted parts of a message in place. A part that cannot be decrypted stays hidden or
// unsupported.
func (r *receiver) decryptNested(ctx context.Context, open device.Decrypter, evt *events.Message) {
	var clear *waE2E.Message
	var err error
	switch {
	case evt.Message.GetEncReactionMessage() != nil:
		var reaction *waE2E.ReactionMessage
		if reaction, err = open.DecryptReaction(ctx, evt); err == nil {
			reaction.Key = evt.Message.GetEncReactionMessage().GetTargetMessageKey()
			clear = &waE2E.Message{ReactionMessage: reaction}
		}
	case evt.Message.GetSecretEncryptedMessage() != nil:
		clear, err = open.DecryptSecretEncryptedMessage(ctx, evt)
	case evt.Message.GetEncCommentMessage() != nil:
		clear, err = open.DecryptComment(ctx, evt)
	}
	if err != nil {
		r.log.Warn("a part of a message could not be read", "error", device.Redact(err))
	}
	if clear != nil {
		evt.RawMessage, evt.SourceWebMsg = clear, nil
		evt.UnwrapRaw()
	}
}
