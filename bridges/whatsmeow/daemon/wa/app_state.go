package wa

import (
	"context"

	"whatsapp-hybrid-mcp/wa-bridge/wa/device"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/types/events"
)

// appStateFlag is in whatsmeow.db from the start of the program until it ends with everything read.
const appStateFlag = "settings may be unread"

// The library notes how far it has read the phone's address book and chat settings before it hands over what it read. A
// program that was killed in between would never see those again, so the next one reads them all anew.

// appState knows whether the phone's address book and chat settings were read.
type appState struct {
	*link
	appStateUnread bool
	appStateRead   map[appstate.WAPatchName]bool
}

// openAppState looks how the last run of the program ended.
func (a *appState) openAppState() error {
	unread, err := a.Spool.HasFlag(appStateFlag)
	if err != nil {
		return err
	}
	a.appStateUnread = unread
	a.appStateRead = map[appstate.WAPatchName]bool{}
	return a.Spool.SetFlag(appStateFlag)
}

// closeAppState is a good end.
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

// markAppStateUnread: something of them was not stored, or there is a new device that has read none.
func (a *appState) markAppStateUnread() {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.appStateUnread = true
	clear(a.appStateRead)
}

// markAppStateRead: a part was read to its end, and everything in it was handed over before.
func (a *appState) markAppStateRead(part appstate.WAPatchName) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.appStateRead[part] = true
	if len(a.appStateRead) == len(appstate.AllPatchNames) {
		a.appStateUnread = false
	}
}

// fetchAppState reads what may have been lost. Before the phone has shared a key nothing can be read; then the library
// reads everything as soon as it comes.
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

// isAppStateEvent tells whether an event is a part of the address book or of the chat settings.
func isAppStateEvent(event any) bool {
	switch event.(type) {
	case *events.Contact, *events.Archive, *events.Pin, *events.Mute, *events.MarkChatAsRead, *events.Star,
		*events.DeleteForMe, *events.ClearChat, *events.DeleteChat:
		return true
	}
	return false
}
