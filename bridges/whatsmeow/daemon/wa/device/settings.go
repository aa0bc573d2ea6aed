package device

import (
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	waLog "go.mau.fi/whatsmeow/util/log"
	"google.golang.org/protobuf/proto"
)

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
