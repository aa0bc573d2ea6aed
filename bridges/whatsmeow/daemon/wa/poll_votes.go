package wa

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/spool"
	"whatsapp-hybrid-mcp/wa-bridge/store"
	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
	"whatsapp-hybrid-mcp/wa-bridge/wa/translate"
)

// pollStore is where polls are looked up.
type pollStore interface {
	Poll(chat, id string) (*store.Poll, error)
}

// voteKeeper keeps votes whose poll is not here.
type voteKeeper interface {
	KeepVote(poll string, vote []byte) error
	VotesOn(poll string) ([]spool.KeptVote, error)
	AwaitedPolls() ([]string, error)
	ForgetVote(seq int64) error
}

// pollVotes reads votes: only their poll has the key and the names of the options. Those that come before it wait.
type pollVotes struct {
	polls   pollStore
	keeper  voteKeeper
	write   func(batch domain.Batch) bool
	context func() translate.Context
	log     *slog.Logger
}

// keptVote is what a vote is kept as.
type keptVote struct {
	Source    types.MessageSource `json:"source"`
	ID        types.MessageID     `json:"id"`
	Timestamp int64               `json:"timestamp"`
	Message   []byte              `json:"message"`
}

// HandleVote stores a vote or keeps it; false when neither could be done.
func (v *pollVotes) HandleVote(ctx context.Context, open device.Decrypter, evt *events.Message) bool {
	_, id := translate.PollOf(evt)
	if id == "" {
		return true
	}
	if known, stored := v.store(ctx, open, evt); known {
		return stored
	}
	kept, err := packVote(evt)
	if err == nil {
		err = v.keeper.KeepVote(id, kept)
	}
	if err != nil {
		v.log.Error("a vote could not be kept", "error", device.Redact(err))
	}
	return err == nil
}

// store stores a vote whose poll is here; one that cannot be read is left out. known is false while the poll is not here.
func (v *pollVotes) store(ctx context.Context, open device.Decrypter, evt *events.Message) (known, stored bool) {
	chat, id := translate.PollOf(evt)
	poll, err := v.polls.Poll(chat, id)
	if err != nil || poll == nil {
		return err != nil, false
	}
	vote, err := open.DecryptPollVote(ctx, evt)
	if secret := secretOf(poll.Raw); err != nil && secret != nil {
		// The other bridge stored the poll, or an earlier linked device: the library does not know its key.
		if err = open.LearnSecret(ctx, evt.Info.Chat, v.authorOf(poll, evt), id, secret); err == nil {
			vote, err = open.DecryptPollVote(ctx, evt)
		}
	}
	if err != nil {
		v.log.Info("a vote could not be read", "error", device.Redact(err))
		return true, true
	}
	return true, v.write(v.context().Vote(evt, poll.Options, vote))
}

func (v *pollVotes) authorOf(poll *store.Poll, evt *events.Message) types.JID {
	author := poll.Sender
	if author == "" && poll.FromMe {
		author = v.context().Me.JID
	}
	if jid, err := types.ParseJID(author); err == nil && author != "" {
		return jid
	}
	return evt.Info.Chat
}

// secretOf is the key of the votes on a poll.
func secretOf(raw []byte) []byte {
	var info waWeb.WebMessageInfo
	if len(raw) == 0 || proto.Unmarshal(raw, &info) != nil {
		return nil
	}
	evt := (&events.Message{RawMessage: info.GetMessage()}).UnwrapRaw()
	for _, secret := range [][]byte{info.GetMessage().GetMessageContextInfo().GetMessageSecret(),
		evt.Message.GetMessageContextInfo().GetMessageSecret(), info.GetMessageSecret()} {
		if len(secret) > 0 {
			return secret
		}
	}
	return nil
}

// OnPollsStored reads the votes that waited for what was just stored.
func (v *pollVotes) OnPollsStored(ctx context.Context, open device.Decrypter, rows []domain.Message) {
	for i := range rows {
		if rows[i].Type == "poll" {
			v.retryPoll(ctx, open, rows[i].ID)
		}
	}
}

// retryAll reads the votes on polls that the other bridge stored, or that came when the program was killed.
func (v *pollVotes) retryAll(ctx context.Context, open device.Decrypter) {
	polls, err := v.keeper.AwaitedPolls()
	if err != nil {
		v.log.Error("votes that wait cannot be read", "error", device.Redact(err))
	}
	for _, poll := range polls {
		v.retryPoll(ctx, open, poll)
	}
}

func (v *pollVotes) retryPoll(ctx context.Context, open device.Decrypter, poll string) {
	waiting, err := v.keeper.VotesOn(poll)
	if err != nil {
		v.log.Error("votes that wait cannot be read", "error", device.Redact(err))
	}
	for _, one := range waiting {
		evt, err := unpackVote(one.Vote)
		if err == nil {
			if known, stored := v.store(ctx, open, evt); !known || !stored {
				continue
			}
		}
		if err := v.keeper.ForgetVote(one.Seq); err != nil {
			v.log.Error("a vote that was read stays where it waited", "error", device.Redact(err))
		}
	}
}

func packVote(evt *events.Message) ([]byte, error) {
	message, err := proto.MarshalOptions{Deterministic: true}.Marshal(evt.RawMessage)
	if err != nil {
		return nil, err
	}
	return json.Marshal(keptVote{evt.Info.MessageSource, evt.Info.ID, evt.Info.Timestamp.Unix(), message})
}

func unpackVote(bytes []byte) (*events.Message, error) {
	var kept keptVote
	var message waE2E.Message
	if err := json.Unmarshal(bytes, &kept); err != nil {
		return nil, err
	}
	if err := proto.Unmarshal(kept.Message, &message); err != nil {
		return nil, err
	}
	info := types.MessageInfo{MessageSource: kept.Source, ID: kept.ID, Timestamp: time.Unix(kept.Timestamp, 0)}
	return (&events.Message{Info: info, RawMessage: &message}).UnwrapRaw(), nil
}
