package device

import (
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	waLog "go.mau.fi/whatsmeow/util/log"
	"google.golang.org/protobuf/proto"
)

// Settings are the settings of a device. Configure is used by the simulator's build only.
type Settings struct {
	Log       waLog.Logger
	Configure func(*whatsmeow.Client)
}

// Hooks are the functions that a device calls.
type Hooks struct {
	Handle func(event any) bool
	// Allow is called before a phone is linked; false refuses the account.
	Allow func(account types.JID) bool
}

// SetDeviceProps sets the name that the phone shows under Linked devices, and asks for all history. It applies to the
// whole process and must be called before pairing, the only time when WhatsApp reads it.
func SetDeviceProps(name string) {
	props := store.DeviceProps
	props.Os = proto.String(name)
	props.RequireFullSync = proto.Bool(true)
	// The limits are edited in place: a new configuration would drop the capabilities that the library declares.
	limits := props.HistorySyncConfig
	limits.FullSyncDaysLimit, limits.FullSyncSizeMbLimit = proto.Uint32(3650), proto.Uint32(102400)
	limits.StorageQuotaMb = proto.Uint32(102400)
}
