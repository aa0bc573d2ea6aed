package device

import (
	"context"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/appstate"
	binary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// Connection opens and ends the connection of a device.
type Connection interface {
	ConnectContext(ctx context.Context) error
	Disconnect()
	Logout(ctx context.Context) error
	PairPhone(ctx context.Context, phone string, notify bool, kind whatsmeow.PairClientType, name string) (string, error)
	SendPresence(ctx context.Context, state types.Presence) error
}

// AppStateSource reads the address book and the chat settings of the phone.
type AppStateSource interface {
	HasSettingsKey(ctx context.Context) bool
	FetchAppState(ctx context.Context, part appstate.WAPatchName, all, onlyIfNever bool) error
}

// PageSource asks the phone for older messages.
type PageSource interface {
	GenerateMessageID() types.MessageID
	AskPage(ctx context.Context, id types.MessageID, before *types.MessageInfo, count int) error
	SendProtocolMessageReceipt(ctx context.Context, id types.MessageID, kind types.ReceiptType) error
}

// Decrypter decrypts the encrypted parts of a message, with the key that came with the message they are about.
type Decrypter interface {
	DecryptReaction(ctx context.Context, evt *events.Message) (*waE2E.ReactionMessage, error)
	DecryptPollVote(ctx context.Context, evt *events.Message) (*waE2E.PollVoteMessage, error)
	DecryptSecretEncryptedMessage(ctx context.Context, evt *events.Message) (*waE2E.Message, error)
	DecryptComment(ctx context.Context, evt *events.Message) (*waE2E.Message, error)
	LearnSecret(ctx context.Context, chat, author types.JID, id types.MessageID, secret []byte) error
}

// BlobSource downloads history chunks.
type BlobSource interface {
	DownloadHistorySync(ctx context.Context, notification *waE2E.HistorySyncNotification, storeFirst bool) (*waHistorySync.HistorySync, error)
	DeleteMedia(ctx context.Context, kind whatsmeow.MediaType, directPath string, encSHA256 []byte, encHandle string) error
	SendHistorySyncServerErrorReceipt(ctx context.Context, id types.MessageID, mediaKey []byte) error
}

// Device is a whatsmeow client with its linked device; tests replace it by a fake. A device that was logged out
// cannot be linked again: linking needs a new one.
type Device interface {
	Connection
	AppStateSource
	Asker
	Decrypter
	BlobSource
	PageSource
	GetJoinedGroups(ctx context.Context) ([]*types.GroupInfo, error)
	// LID returns the hidden identity of the linked account, empty before pairing.
	LID() types.JID
	// ReplayUnhandled hands over the events that an earlier run of the program received and did not handle.
	ReplayUnhandled(ctx context.Context) error
}

// Asker queries WhatsApp and returns whole answers, because the library's own functions take many refusals for empty
// answers.
type Asker interface {
	// ID returns the address of the linked account with its device part, empty before pairing.
	ID() types.JID
	Ask(ctx context.Context, question whatsmeow.DangerousInfoQuery) (*binary.Node, error)
	// TrustToken returns the token that proves that a person trusts this account, or nil when there is none.
	TrustToken(ctx context.Context, jid types.JID) []byte
	// NumberOf returns the phone number address of a LID, or an empty one when it is not known.
	NumberOf(ctx context.Context, lid types.JID) types.JID
	RequestID() string
	// Platform returns the phone's operating system.
	Platform() string
}
