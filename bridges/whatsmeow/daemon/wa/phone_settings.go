package wa

import (
	"context"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/types/events"
)

// settingsMark is in whatsmeow.db from the start of the program until it ends with everything read.
const settingsMark = "settings may be unread"

// The library notes how far it has read the phone's address book and chat settings before it hands over what it read. A
// program that was killed in between would never see those again, so the next one reads them all anew.

// settingsBegin looks how the last run of the program ended.
func (b *Bridge) settingsBegin() error {
	unread, err := b.Spool.HasFlag(settingsMark)
	if err != nil {
		return err
	}
	b.settingsUnread = unread
	b.settingsRead = map[appstate.WAPatchName]bool{}
	return b.Spool.SetFlag(settingsMark)
}

// settingsEnd is a good end.
func (b *Bridge) settingsEnd() {
	b.mutex.Lock()
	unread := b.settingsUnread
	b.mutex.Unlock()
	if unread {
		return
	}
	if err := b.Spool.ClearFlag(settingsMark); err != nil {
		b.Log.Warn("settings will be read again", "error", failureOf(err))
	}
}

// settingsLost: something of them was not stored, or there is a new device that has read none.
func (b *Bridge) settingsLost() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.settingsUnread = true
	clear(b.settingsRead)
}

// settingsArrived: a part was read to its end, and everything in it was handed over before.
func (b *Bridge) settingsArrived(part appstate.WAPatchName) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.settingsRead[part] = true
	if len(b.settingsRead) == len(appstate.AllPatchNames) {
		b.settingsUnread = false
	}
}

// readSettings reads what may have been lost. Before the phone has shared a key nothing can be read; then the library
// reads everything as soon as it comes.
func (b *Bridge) readSettings(ctx context.Context) {
	b.mutex.Lock()
	unread, from := b.settingsUnread, b.device
	b.mutex.Unlock()
	if !unread || !from.HasSettingsKey(ctx) {
		return
	}
	for _, part := range appstate.AllPatchNames {
		if err := from.FetchAppState(ctx, part, true, false); err != nil {
			b.Log.Warn("names and chat settings could not be read; it is tried again at the next connection", "error", failureOf(err))
			return
		}
	}
}

// isSetting tells whether an event is a part of the address book or of the chat settings.
func isSetting(event any) bool {
	switch event.(type) {
	case *events.Contact, *events.Archive, *events.Pin, *events.Mute, *events.MarkChatAsRead, *events.Star,
		*events.DeleteForMe, *events.ClearChat, *events.DeleteChat:
		return true
	}
	return false
}
