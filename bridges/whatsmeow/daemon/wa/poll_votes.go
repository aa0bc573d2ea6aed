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

// pollStore finds stored polls.
type pollStore interface {
	Poll(chat, id string) (*store.Poll, error)
}

// voteKeeper stores votes whose poll has not arrived.
type voteKeeper interface {
	KeepVote(poll string, vote []byte) error
	VotesOn(poll string) ([]spool.KeptVote, error)
	AwaitedPolls() ([]string, error)
	ForgetVote(seq int64) error
}

// pollVotes decrypts votes. That needs the poll, which has the key and the names of the options; votes that arrive
// earlier wait for it.
type pollVotes struct {
	polls   pollStore
	keeper  voteKeeper
	write   func(batch domain.Batch) bool
	context func() translate.Context
	log     *slog.Logger
}

// keptVote is the stored form of a vote.
type keptVote struct {
	Source    types.MessageSource `json:"source"`
	ID        types.MessageID     `json:"id"`
	Timestamp int64               `json:"timestamp"`
	Message   []byte              `json:"message"`
}

// HandleVote stores a vote, or keeps it until its poll arrives. It returns false when both fail.
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

// store decrypts and stores a vote. known is false while its poll is not stored. A vote that cannot be decrypted is
// dropped.
func (v *pollVotes) store(ctx context.Context, open device.Decrypter, evt *events.Message) (known, stored bool) {
	chat, id := translate.PollOf(evt)
	poll, err := v.polls.Poll(chat, id)
	if err != nil || poll == nil {
		return err != nil, false
	}
	vote, err := open.DecryptPollVote(ctx, evt)
	if secret := secretOf(poll.Raw); err != nil && secret != nil {
		// The library does not know the key of a poll that the other bridge or an earlier linked device stored.
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

// secretOf returns the key of the votes on a stored poll, or nil.
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

// OnPollsStored retries the votes that wait for polls among the rows just stored.
func (v *pollVotes) OnPollsStored(ctx context.Context, open device.Decrypter, rows []domain.Message) {
	for i := range rows {
		if rows[i].Type == "poll" {
			v.retryPoll(ctx, open, rows[i].ID)
		}
	}
}

// retryAll retries all waiting votes: the other bridge may have stored their polls, or the program was killed before
// it retried them.
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
