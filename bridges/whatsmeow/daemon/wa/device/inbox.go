package device

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"

	"whatsapp-hybrid-mcp/wa-bridge/spool"
)

// The library acknowledges messages between own devices (announced history, keys of the settings, messages sent
// again) before it hands over their events, and WhatsApp delivers such a message once. So the transaction that
// decrypts it also records it in the inbox. The next start hands over every message that is still recorded.

// decryption describes the message that a context decrypts; sender is the address of its session.
type decryption struct{ sender string }

type decryptionKey struct{}

// sessionRecorder records which session decrypts a message: that proves who sent it.
type sessionRecorder struct{ store.SessionStore }

func (k sessionRecorder) PutSession(ctx context.Context, address string, session []byte) error {
	if running, ok := ctx.Value(decryptionKey{}).(*decryption); ok {
		running.sender = address
	}
	return k.SessionStore.PutSession(ctx, address, session)
}

// eventRecorder records messages of own devices in the inbox until they are handled.
type eventRecorder struct {
	store.EventBuffer
	device *store.Device
	inbox  *spool.Inbox
}

func (k eventRecorder) DoDecryptionTxn(ctx context.Context, work func(context.Context) error) error {
	return k.EventBuffer.DoDecryptionTxn(context.WithValue(ctx, decryptionKey{}, &decryption{}), work)
}

func (k eventRecorder) PutBufferedEvent(ctx context.Context, hash [32]byte, plaintext []byte, at time.Time) error {
	err := k.EventBuffer.PutBufferedEvent(ctx, hash, plaintext, at)
	running, ok := ctx.Value(decryptionKey{}).(*decryption)
	if err != nil || !ok || ownAddress(k.device, running.sender).IsEmpty() {
		return err
	}
	said := readPlain(plaintext).GetProtocolMessage()
	if said == nil {
		return nil // a chat message
	}
	return errors.Join(k.inbox.Put(ctx, spool.Unread{Hash: hash, Sender: running.sender}), k.keepKeys(ctx, said.GetAppStateSyncKeyShare()))
}

// keepKeys stores the keys of the settings at once. The library stores them in the background, after it has
// acknowledged them and cleared the message.
func (k eventRecorder) keepKeys(ctx context.Context, share *waE2E.AppStateSyncKeyShare) error {
	for _, key := range share.GetKeys() {
		if len(key.GetKeyData().GetKeyData()) == 0 || len(key.GetKeyID().GetKeyID()) == 0 {
			continue // the phone does not have this key either
		}
		fingerprint, err := proto.MarshalOptions{}.MarshalAppend([]byte{}, key.GetKeyData().GetFingerprint())
		if err != nil {
			return err
		}
		if err := k.device.AppStateKeys.PutAppStateSyncKey(ctx, key.GetKeyID().GetKeyID(), store.AppStateSyncKey{
			Data: key.GetKeyData().GetKeyData(), Fingerprint: fingerprint, Timestamp: key.GetKeyData().GetTimestamp(),
		}); err != nil {
			return err
		}
	}
	return nil
}

func (k eventRecorder) ClearBufferedEventPlaintext(ctx context.Context, hash [32]byte) error {
	return k.inbox.Together(ctx, func(ctx context.Context) error {
		if err := k.inbox.Done(ctx, hash); err != nil {
			return err
		}
		return k.EventBuffer.ClearBufferedEventPlaintext(ctx, hash)
	})
}

// deviceRecorder wraps the stores of a new device as soon as the library has created them.
type deviceRecorder struct {
	store.DeviceContainer
	inbox *spool.Inbox
}

func (k deviceRecorder) PutDevice(ctx context.Context, device *store.Device) error {
	err := k.DeviceContainer.PutDevice(ctx, device)
	record(device, k.inbox)
	return err
}

// record wraps the stores of a device so that they record messages of own devices. A device without an address has no
// stores yet; deviceRecorder wraps them later.
func record(device *store.Device, inbox *spool.Inbox) {
	if _, already := device.Container.(deviceRecorder); !already {
		device.Container = deviceRecorder{device.Container, inbox}
	}
	if _, already := device.EventBuffer.(eventRecorder); already || device.ID == nil {
		return
	}
	device.Sessions = sessionRecorder{device.Sessions}
	device.EventBuffer = eventRecorder{device.EventBuffer, device, inbox}
}

// ownAddress returns the address of the own device that a session belongs to, or an empty one for other people's
// sessions.
func ownAddress(device *store.Device, session string) types.JID {
	user, number, found := strings.Cut(session, ":")
	index, err := strconv.ParseUint(number, 10, 16)
	if !found || err != nil {
		return types.EmptyJID
	}
	for _, own := range []types.JID{device.GetJID(), device.GetLID()} {
		if own = own.ToNonAD(); !own.IsEmpty() && own.SignalAddressUser() == user {
			own.Device = uint16(index)
			return own
		}
	}
	return types.EmptyJID
}

// readPlain decodes a decrypted message and removes its padding. It returns nil when the bytes are not a message.
func readPlain(plaintext []byte) *waE2E.Message {
	if len(plaintext) == 0 || len(plaintext) < int(plaintext[len(plaintext)-1]) {
		return nil
	}
	var message waE2E.Message
	if err := proto.Unmarshal(plaintext[:len(plaintext)-int(plaintext[len(plaintext)-1])], &message); err != nil {
		return nil
	}
	return &message
}

// ReplayUnhandled hands over the messages of own devices that an earlier run of the program did not handle. Messages
// that cannot be stored now stay in the inbox.
func (c client) ReplayUnhandled(ctx context.Context) error {
	left, err := c.inbox.Left(ctx)
	if err != nil {
		return err
	}
	for _, one := range left {
		buffered, err := c.Store.EventBuffer.GetBufferedEvent(ctx, one.Hash)
		if err != nil {
			return err
		}
		sender := ownAddress(c.Store, one.Sender)
		if buffered != nil && !sender.IsEmpty() && c.isRefused(ctx, buffered, sender) {
			continue
		}
		if err := c.Store.EventBuffer.ClearBufferedEventPlaintext(ctx, one.Hash); err != nil {
			return err
		}
	}
	return nil
}

// isRefused handles a message as the library does, but without its receipt: that was sent before, or is sent when
// WhatsApp delivers the message again.
func (c client) isRefused(ctx context.Context, buffered *store.BufferedEvent, sender types.JID) bool {
	message := readPlain(buffered.Plaintext)
	if message == nil {
		return false
	}
	info := &types.MessageInfo{Timestamp: buffered.ServerTime,
		MessageSource: types.MessageSource{Chat: sender.ToNonAD(), Sender: sender, IsFromMe: true}}
	return c.DangerousInternals().HandleDecryptedMessage(ctx, info, message, 0)
}
