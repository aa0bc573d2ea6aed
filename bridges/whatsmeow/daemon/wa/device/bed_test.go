package device

import (
	"errors"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

var (
	own    = types.JID{User: "15550100000", Device: 4, Server: types.DefaultUserServer}
	ownLID = types.JID{User: "20000000000000", Device: 4, Server: types.HiddenUserServer}
	moment = time.Unix(1_760_000_000, 0)
	errCut = errors.New("cut off")
)

func words(text string) *waE2E.Message { return &waE2E.Message{Conversation: proto.String(text)} }

func history() *waE2E.Message {
	return &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{
		Type:                    waE2E.ProtocolMessage_HISTORY_SYNC_NOTIFICATION.Enum(),
		HistorySyncNotification: &waE2E.HistorySyncNotification{DirectPath: proto.String("/blob?x")}}}
}
