package translate

import (
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waLidMigrationSyncPayload"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// Live returns the rows of a message that has just arrived: the message, its changes, its author, and the pairs of
// addresses. Its encrypted parts are already decrypted.
func (c Context) Live(evt *events.Message) domain.Batch {
	info := evt.SourceWebMsg // set when the phone sent the message again
	if info == nil {
		info = wireForm(evt)
	}
	batch := c.Messages([]*waWeb.WebMessageInfo{info})
	batch.Lane = domain.Live
	if evt.NewsletterMeta != nil && !evt.NewsletterMeta.EditTS.IsZero() {
		c.newsletterEdit(evt, &batch)
	}
	batch.LIDPairs = alternates(evt.Info.MessageSource)
	message, _ := unwrap(info.GetMessage())
	if protocol := message.GetProtocolMessage(); protocol != nil {
		c.protocol(evt, protocol, &batch)
	}
	return batch
}

// wireForm converts a live message to the form that it has in the history.
func wireForm(evt *events.Message) *waWeb.WebMessageInfo {
	source := evt.Info.MessageSource
	info := &waWeb.WebMessageInfo{
		Key: &waCommon.MessageKey{
			RemoteJID: proto.String(source.Chat.String()), FromMe: proto.Bool(source.IsFromMe), ID: proto.String(evt.Info.ID),
		},
		Message:          withoutEnvelope(evt.RawMessage),
		MessageTimestamp: proto.Uint64(uint64(max(evt.Info.Timestamp.Unix(), 0))),
	}
	if source.IsGroup || source.Chat.IsBroadcastList() {
		info.Key.Participant = proto.String(source.Sender.String())
		info.Participant = info.Key.Participant
	}
	if evt.Info.PushName != "" {
		info.PushName = proto.String(evt.Info.PushName)
	}
	if source.IsFromMe {
		info.Status = waWeb.WebMessageInfo_SERVER_ACK.Enum()
	}
	return info
}

// withoutEnvelope returns the message inside an own device's envelope. The secret of a poll stands beside the
// envelope; it is moved inside.
func withoutEnvelope(raw *waE2E.Message) *waE2E.Message {
	sent := raw.GetDeviceSentMessage().GetMessage()
	if sent == nil {
		return raw
	}
	if sent.MessageContextInfo == nil && raw.MessageContextInfo != nil {
		sent = proto.Clone(sent).(*waE2E.Message)
		sent.MessageContextInfo = raw.MessageContextInfo
	}
	return sent
}

// newsletterEdit adds the edit of a channel post, which arrives as new content under the old id.
func (c Context) newsletterEdit(evt *events.Message, batch *domain.Batch) {
	for i := range batch.Messages {
		message := &batch.Messages[i]
		batch.Changes = append(batch.Changes, domain.Change{
			ChatJID: message.ChatJID, MessageID: message.ID, Kind: domain.Edit, Actor: message.ChatJID,
			At: evt.NewsletterMeta.EditTS.UnixMilli(), Value: message.Content,
		})
		if first := evt.NewsletterMeta.OriginalTS; !first.IsZero() {
			message.Timestamp = first.Unix()
		}
	}
}

// alternates returns the pairs of addresses that a message names.
func alternates(source types.MessageSource) []domain.LIDPair {
	var pairs []domain.LIDPair
	for _, both := range [][2]types.JID{{source.Sender, source.SenderAlt}, {source.Chat, source.RecipientAlt}} {
		if pair, ok := Pair(both[0].String(), both[1].String()); ok {
			pairs = append(pairs, pair)
		}
	}
	return pairs
}

func (c Context) protocol(evt *events.Message, protocol *waE2E.ProtocolMessage, batch *domain.Batch) {
	if protocol.GetType() == waE2E.ProtocolMessage_EPHEMERAL_SETTING {
		seconds := int64(protocol.GetEphemeralExpiration())
		if jid := domain.NormalizeJID(evt.Info.Chat.String()); jid != "" {
			batch.Settings = append(batch.Settings, domain.Chat{JID: jid, EphemeralSeconds: &seconds})
		}
	}
	if payload := protocol.GetLidMigrationMappingSyncMessage().GetEncodedMappingPayload(); len(payload) > 0 && evt.Info.IsFromMe {
		batch.LIDPairs = append(batch.LIDPairs, migratedPairs(payload)...)
	}
}

// migratedPairs returns the pairs in the phone's one-time LID migration message, or none when it cannot be read.
func migratedPairs(payload []byte) []domain.LIDPair {
	var decoded waLidMigrationSyncPayload.LIDMigrationMappingSyncPayload
	if err := proto.Unmarshal(payload, &decoded); err != nil {
		return nil
	}
	var pairs []domain.LIDPair
	for _, mapping := range decoded.GetPnToLidMappings() {
		lid := mapping.GetLatestLid()
		if lid == 0 {
			lid = mapping.GetAssignedLid()
		}
		if pair, ok := Pair(fmt.Sprintf("%d@lid", lid), fmt.Sprintf("%d@s.whatsapp.net", mapping.GetPn())); ok {
			pairs = append(pairs, pair)
		}
	}
	return pairs
}

// PollOf returns the chat and the id of the poll that a vote belongs to, or "" when the message is not a vote.
func PollOf(evt *events.Message) (chat, id string) {
	key := evt.Message.GetPollUpdateMessage().GetPollCreationMessageKey()
	if key == nil {
		return "", ""
	}
	return domain.NormalizeJID(evt.Info.Chat.String()), key.GetID()
}

// Vote returns the rows of a decrypted vote on a poll with known options.
func (c Context) Vote(evt *events.Message, options []string, vote *waE2E.PollVoteMessage) domain.Batch {
	batch := domain.Batch{Lane: domain.Live, LIDPairs: alternates(evt.Info.MessageSource)}
	info := wireForm(evt)
	chat, actor := chatOf(info.GetKey()), c.authorOf(info.GetKey(), info.GetParticipant())
	_, id := PollOf(evt)
	if chat == "" || actor == "" || id == "" {
		return batch
	}
	at := orElse(evt.Message.GetPollUpdateMessage().GetSenderTimestampMS(), c.at(evt.Info.Timestamp))
	batch.Changes = []domain.Change{{ChatJID: chat, MessageID: id, Kind: domain.Vote, Actor: actor, At: at,
		Value: domain.JSON(ChosenOptions(options, vote.GetSelectedOptions()))}}
	return batch
}

// at converts a time to milliseconds since 1970, and a missing time to the current one.
func (c Context) at(moment time.Time) int64 {
	if moment.Unix() <= 0 {
		return c.Now
	}
	return moment.UnixMilli()
}
