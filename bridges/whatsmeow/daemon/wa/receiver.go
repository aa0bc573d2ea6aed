package wa

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
	"whatsapp-hybrid-mcp/wa-bridge/wa/translate"
)

// writer is where rows go.
type writer interface {
	Write(batch domain.Batch) (sqlite.Counts, error)
	PollOptions(chat, id string) ([]string, error)
}

// announcer keeps announced history.
type announcer interface {
	Announce(id string, notification []byte) error
}

// receiver stores what arrives. What it answers decides whether WhatsApp is told that we have it.
type receiver struct {
	store    writer
	waiting  announcer
	log      *slog.Logger
	account  func() domain.Account
	now      func() time.Time
	arrived  func(counts sqlite.Counts)
	historic func(id string)

	mutex sync.Mutex
	gaps  map[string]bool
}

func (r *receiver) context() translate.Context {
	return translate.Context{Me: r.account(), Now: r.now().UnixMilli()}
}

// receive stores what an event brings; false when that failed and WhatsApp must deliver it again.
func (r *receiver) receive(ctx context.Context, open decrypter, event any) bool {
	switch evt := event.(type) {
	case *events.Message:
		return r.message(ctx, open, evt)
	case *events.UndecryptableMessage:
		r.gap(evt)
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
		r.log.Error("what arrived could not be stored; it is asked for again", "error", failureOf(err))
		return false
	}
	r.arrived(counts)
	return true
}

func (r *receiver) message(ctx context.Context, open decrypter, evt *events.Message) bool {
	if notification := evt.Message.GetProtocolMessage().GetHistorySyncNotification(); notification != nil {
		return r.announce(evt, notification)
	}
	r.heal(evt.Info.ID)
	if evt.Message.GetPollUpdateMessage() != nil {
		return r.vote(ctx, open, evt)
	}
	r.disclose(ctx, open, evt)
	return r.write(r.context().Live(evt))
}

// announce keeps a notification before anything else: whatever we answer, WhatsApp may not tell it again. Anybody but
// an own device could claim a history.
func (r *receiver) announce(evt *events.Message, notification *waE2E.HistorySyncNotification) bool {
	if !evt.Info.IsFromMe {
		return true
	}
	bytes, err := proto.Marshal(notification)
	if err == nil {
		err = r.waiting.Announce(evt.Info.ID, bytes)
	}
	if err != nil {
		r.log.Error("announced history could not be noted", "error", failureOf(err))
		return false
	}
	r.historic(evt.Info.ID)
	return true
}

// vote is stored where the poll is known; one that cannot be read is left out.
func (r *receiver) vote(ctx context.Context, open decrypter, evt *events.Message) bool {
	chat, id := translate.PollOf(evt)
	options, err := r.store.PollOptions(chat, id)
	if err != nil {
		return false
	}
	vote, err := open.DecryptPollVote(ctx, evt)
	if err != nil || options == nil {
		r.log.Info("a vote on a poll that is not here", "readable", err == nil)
		return true
	}
	return r.write(r.context().Vote(evt, options, vote))
}

// disclose puts into the clear what is encrypted inside of a message. What cannot be read stays what it was: nothing to
// see, or unsupported.
func (r *receiver) disclose(ctx context.Context, open decrypter, evt *events.Message) {
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
		r.log.Warn("a part of a message could not be read", "error", failureOf(err))
	}
	if clear != nil {
		evt.RawMessage, evt.SourceWebMsg = clear, nil
		evt.UnwrapRaw()
	}
}

// mostGaps limits what is remembered of messages that could not be read.
const mostGaps = 10_000

// gap notes a message that could not be read, until it comes after all.
func (r *receiver) gap(evt *events.UndecryptableMessage) {
	if evt.IsUnavailable && evt.UnavailableType == events.UnavailableTypeViewOnce || evt.DecryptFailMode == events.DecryptFailHide {
		return
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if len(r.gaps) < mostGaps {
		r.gaps[evt.Info.ID] = true
	}
}

func (r *receiver) heal(id string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	delete(r.gaps, id)
}

func (r *receiver) openGaps() int {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return len(r.gaps)
}
