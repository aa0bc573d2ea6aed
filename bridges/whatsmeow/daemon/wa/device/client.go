package device

import (
	"context"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	waLog "go.mau.fi/whatsmeow/util/log"
	"google.golang.org/protobuf/proto"

	"whatsapp-hybrid-mcp/wa-bridge/spool"
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

// Decrypter opens what is encrypted inside of a message, with a secret that came with another one.
type Decrypter interface {
	DecryptReaction(ctx context.Context, evt *events.Message) (*waE2E.ReactionMessage, error)
	DecryptPollVote(ctx context.Context, evt *events.Message) (*waE2E.PollVoteMessage, error)
	DecryptSecretEncryptedMessage(ctx context.Context, evt *events.Message) (*waE2E.Message, error)
	DecryptComment(ctx context.Context, evt *events.Message) (*waE2E.Message, error)
	LearnSecret(ctx context.Context, chat, author types.JID, id types.MessageID, secret []byte) error
}

// BlobSource fetches history.
type BlobSource interface {
	DownloadHistorySync(ctx context.Context, notification *waE2E.HistorySyncNotification, storeFirst bool) (*waHistorySync.HistorySync, error)
	DeleteMedia(ctx context.Context, kind whatsmeow.MediaType, directPath string, encSHA256 []byte, encHandle string) error
	SendHistorySyncServerErrorReceipt(ctx context.Context, id types.MessageID, mediaKey []byte) error
}

// Device is a client of whatsmeow with the linked device that it works for: a seam for tests. A device that was logged
// out is dead; linking again takes a new one.
type Device interface {
	Connection
	AppStateSource
	Asker
	Decrypter
	BlobSource
	PageSource
	GetJoinedGroups(ctx context.Context) ([]*types.GroupInfo, error)
	// LID is the hidden identity of the linked account, empty before pairing.
	LID() types.JID
	// ReplayUnhandled hands over what an earlier run of the program received and did not handle.
	ReplayUnhandled(ctx context.Context) error
}

type client struct {
	*whatsmeow.Client
	inbox *spool.Inbox
}

func (c client) ID() types.JID  { return c.Store.GetJID() }
func (c client) LID() types.JID { return c.Store.GetLID() }

// LearnSecret keeps what opens the encrypted parts of other messages that are about this one.
func (c client) LearnSecret(ctx context.Context, chat, author types.JID, id types.MessageID, secret []byte) error {
	return c.Store.MsgSecrets.PutMessageSecret(ctx, chat, author, id, secret)
}

// HasSettingsKey tells whether the phone has shared a key for its settings.
func (c client) HasSettingsKey(ctx context.Context) bool {
	key, err := c.Store.AppStateKeys.GetLatestAppStateSyncKeyID(ctx)
	return err == nil && len(key) > 0
}

// Settings are what a device is made with. Configure is for the simulator's build alone.
type Settings struct {
	Name      string
	Log       waLog.Logger
	Configure func(*whatsmeow.Client)
}

// Hooks are what a device tells the bridge, and asks it.
type Hooks struct {
	Handle func(event any) bool
	// Allow is asked before a phone is linked for good.
	Allow func(account types.JID) bool
}

// SetDeviceProps sets what the phone shows under Linked devices and how much history it is asked for. WhatsApp hears it
// when a device is linked, and never again; so it is said for the whole process, before.
func SetDeviceProps(name string) {
	props := store.DeviceProps
	props.Os = proto.String(name)
	props.RequireFullSync = proto.Bool(true)
	// The limits are edited in place: a new configuration would lose what the library says it can take.
	limits := props.HistorySyncConfig
	limits.FullSyncDaysLimit, limits.FullSyncSizeMbLimit = proto.Uint32(3650), proto.Uint32(102400)
	limits.StorageQuotaMb = proto.Uint32(102400)
}

// newDevice wraps a stored device; nothing connects before it is asked to.
func newDevice(stored *store.Device, inbox *spool.Inbox, settings Settings, to Hooks) Device {
	record(stored, inbox)
	made := whatsmeow.NewClient(stored, settings.Log)
	made.SynchronousAck = true // nothing is acknowledged before it is stored
	made.EnableDecryptedEventBuffer = true
	made.ManualHistorySyncDownload = true
	made.DisableManualHistorySyncReceipt = true // it is sent once the announcement is kept
	made.AutomaticMessageRerequestFromPhone = true
	made.UseRetryMessageStore = true
	made.InitialAutoReconnect = true
	made.EmitAppStateEventsOnFullSync = true
	made.SendReportingTokens = true
	made.PrePairCallback = func(account types.JID, _, _ string) bool { return to.Allow(account) }
	made.AddEventHandlerWithSuccessStatus(to.Handle)
	if settings.Configure != nil {
		settings.Configure(made)
	}
	return client{made, inbox}
}
