package wa

import (
	"context"

	"whatsapp-hybrid-mcp/wa-bridge/wa/device"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/types/events"
)

// appStateFlag is set in whatsmeow.db while the program runs, and cleared when it ends with all settings read.
const appStateFlag = "settings may be unread"

// The library records how far it has read the phone's address book and chat settings before it hands them over. If
// the program is killed in between, they would be lost, so the next start reads all of them again.

// appState knows whether the phone's address book and chat settings have been read.
type appState struct {
	*link
	appStateUnread bool
	appStateRead   map[appstate.WAPatchName]bool
}

// openAppState checks how the last run of the program ended, and sets the flag for this one.
func (a *appState) openAppState() error {
	unread, err := a.Spool.HasFlag(appStateFlag)
	if err != nil {
		return err
	}
	a.appStateUnread = unread
	a.appStateRead = map[appstate.WAPatchName]bool{}
	return a.Spool.SetFlag(appStateFlag)
}

// closeAppState clears the flag when everything has been read.
func (a *appState) closeAppState() {
	a.mutex.Lock()
	unread := a.appStateUnread
	a.mutex.Unlock()
	if unread {
		return
	}
	if err := a.Spool.ClearFlag(appStateFlag); err != nil {
		a.Log.Warn("settings will be read again", "error", device.Redact(err))
	}
}

// markAppStateUnread records that settings must be read again: one could not be stored, or the device is new.
func (a *appState) markAppStateUnread() {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.appStateUnread = true
	clear(a.appStateRead)
}

// markAppStateRead records that one part was read completely. The library hands over its entries before.
func (a *appState) markAppStateRead(part appstate.WAPatchName) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.appStateRead[part] = true
	if len(a.appStateRead) == len(appstate.AllPatchNames) {
		a.appStateUnread = false
	}
}

// fetchAppState reads the settings that may have been lost. Without a key from the phone nothing can be read; the
// library reads everything by itself when the key arrives.
func (a *appState) fetchAppState(ctx context.Context) {
	a.mutex.Lock()
	unread, from := a.appStateUnread, a.device
	a.mutex.Unlock()
	if !unread || !from.HasSettingsKey(ctx) {
		return
	}
	for _, part := range appstate.AllPatchNames {
		if err := from.FetchAppState(ctx, part, true, false); err != nil {
			a.Log.Warn("names and chat settings could not be read; it is tried again at the next connection", "error", device.Redact(err))
			return
		}
	}
}

// isAppStateEvent reports whether an event is an entry of the address book or of the chat settings.
func isAppStateEvent(event any) bool {
	switch event.(type) {
	case *events.Contact, *events.Archive, *events.Pin, *events.Mute, *events.MarkChatAsRead, *events.Star,
		*events.DeleteForMe, *events.ClearChat, *events.DeleteChat:
		return true
	}
	return false
}
