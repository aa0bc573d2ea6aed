package wa

import (
	"context"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/appstate"
	binary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	waLog "go.mau.fi/whatsmeow/util/log"
	"google.golang.org/protobuf/proto"

	"whatsapp-hybrid-mcp/wa-bridge/spool"
)

// library is what of whatsmeow's client this program uses: a seam for tests.
type library interface {
	ConnectContext(ctx context.Context) error
	Disconnect()
	Logout(ctx context.Context) error
	PairPhone(ctx context.Context, phone string, notify bool, kind whatsmeow.PairClientType, name string) (string, error)
	SendPresence(ctx context.Context, state types.Presence) error
	GetJoinedGroups(ctx context.Context) ([]*types.GroupInfo, error)
	FetchAppState(ctx context.Context, part appstate.WAPatchName, all, onlyIfNever bool) error
	HasSettingsKey(ctx context.Context) bool
	SendProtocolMessageReceipt(ctx context.Context, id types.MessageID, kind types.ReceiptType) error
	AskProfile(ctx context.Context, jid types.JID) (*binary.Node, error)
	GenerateMessageID() types.MessageID
	AskPage(ctx context.Context, id types.MessageID, before *types.MessageInfo, count int) error
	asker
	decrypter
	downloader
}

// decrypter opens what is encrypted inside of a message, with a secret that came with another one.
type decrypter interface {
	DecryptReaction(ctx context.Context, evt *events.Message) (*waE2E.ReactionMessage, error)
	DecryptPollVote(ctx context.Context, evt *events.Message) (*waE2E.PollVoteMessage, error)
	DecryptSecretEncryptedMessage(ctx context.Context, evt *events.Message) (*waE2E.Message, error)
	DecryptComment(ctx context.Context, evt *events.Message) (*waE2E.Message, error)
	LearnSecret(ctx context.Context, chat, author types.JID, id types.MessageID, secret []byte) error
}

// downloader fetches history.
type downloader interface {
	DownloadHistorySync(ctx context.Context, notification *waE2E.HistorySyncNotification, storeFirst bool) (*waHistorySync.HistorySync, error)
	DeleteMedia(ctx context.Context, kind whatsmeow.MediaType, directPath string, encSHA256 []byte, encHandle string) error
	SendHistorySyncServerErrorReceipt(ctx context.Context, id types.MessageID, mediaKey []byte) error
}

// device is a client with the linked device it works for. A device that was logged out is dead: linking again takes a
// new one.
type device interface {
	library
	// ID is the address of the linked account, empty before pairing; LID is its hidden identity.
	ID() types.JID
	LID() types.JID
	// TakeUp hands over what an earlier run of the program was told and did not deal with.
	TakeUp(ctx context.Context) error
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

// DeviceSettings are what a device is made with. Configure is for the simulator's build alone.
type DeviceSettings struct {
	Name      string
	Log       waLog.Logger
	Configure func(*whatsmeow.Client)
}

// hooks are what a device tells the bridge, and asks it.
type hooks struct {
	handle func(event any) bool
	// allow is asked before a phone is linked for good.
	allow func(account types.JID) bool
}

// SayWhoWeAre sets what the phone shows under Linked devices and how much history it is asked for. WhatsApp hears it
// when a device is linked, and never again; so it is said for the whole process, before.
func SayWhoWeAre(name string) {
	props := store.DeviceProps
	props.Os = proto.String(name)
	props.RequireFullSync = proto.Bool(true)
	// The limits are edited in place: a new configuration would lose what the library says it can take.
	limits := props.HistorySyncConfig
	limits.FullSyncDaysLimit, limits.FullSyncSizeMbLimit = proto.Uint32(3650), proto.Uint32(102400)
	limits.StorageQuotaMb = proto.Uint32(102400)
}

// newDevice wraps a stored device; nothing connects before it is asked to.
func newDevice(stored *store.Device, inbox *spool.Inbox, settings DeviceSettings, to hooks) device {
	keep(stored, inbox)
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
	made.PrePairCallback = func(account types.JID, _, _ string) bool { return to.allow(account) }
	made.AddEventHandlerWithSuccessStatus(to.handle)
	if settings.Configure != nil {
		settings.Configure(made)
	}
	return client{made, inbox}
}
