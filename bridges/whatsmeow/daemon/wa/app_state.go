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

// openAppState looks how the last run of the program ended.
func (b *Bridge) openAppState() error {
	unread, err := b.Spool.HasFlag(appStateFlag)
	if err != nil {
		return err
	}
	b.appStateUnread = unread
	b.appStateRead = map[appstate.WAPatchName]bool{}
	return b.Spool.SetFlag(appStateFlag)
}

// closeAppState is a good end.
func (b *Bridge) closeAppState() {
	b.mutex.Lock()
	unread := b.appStateUnread
	b.mutex.Unlock()
	if unread {
		return
	}
	if err := b.Spool.ClearFlag(appStateFlag); err != nil {
		b.Log.Warn("settings will be read again", "error", device.Redact(err))
	}
}

// markAppStateUnread: something of them was not stored, or there is a new device that has read none.
func (b *Bridge) markAppStateUnread() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.appStateUnread = true
	clear(b.appStateRead)
}

// markAppStateRead: a part was read to its end, and everything in it was handed over before.
func (b *Bridge) markAppStateRead(part appstate.WAPatchName) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.appStateRead[part] = true
	if len(b.appStateRead) == len(appstate.AllPatchNames) {
		b.appStateUnread = false
	}
}

// fetchAppState reads what may have been lost. Before the phone has shared a key nothing can be read; then the library
// reads everything as soon as it comes.
func (b *Bridge) fetchAppState(ctx context.Context) {
	b.mutex.Lock()
	unread, from := b.appStateUnread, b.device
	b.mutex.Unlock()
	if !unread || !from.HasSettingsKey(ctx) {
		return
	}
	for _, part := range appstate.AllPatchNames {
		if err := from.FetchAppState(ctx, part, true, false); err != nil {
			b.Log.Warn("names and chat settings could not be read; it is tried again at the next connection", "error", device.Redact(err))
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
