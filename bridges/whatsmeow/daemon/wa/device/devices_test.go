package device

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	waLog "go.mau.fi/whatsmeow/util/log"

	"whatsapp-hybrid-mcp/wa-bridge/spool"
)

// Sessions and spool share one file.
func TestOpenDevices_shared_file(t *testing.T) {
	path := filepath.Join(t.TempDir(), "odd ?#% name.db")
	to := Hooks{Handle: func(any) bool { return true }, Allow: func(types.JID) bool { return false }}
	for range 2 { // the second run opens the existing file
		waiting, err := spool.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		devices, err := OpenDevices(context.Background(), path, Settings{Log: waLog.Noop})
		if err != nil {
			t.Fatal(err)
		}
		first, err := devices.First(context.Background(), to)
		if err != nil || !first.ID().IsEmpty() || !first.LID().IsEmpty() {
			t.Errorf("somebody is linked: %v", err)
		}
		if err := waiting.Announce("A", []byte("x")); err != nil {
			t.Error(err)
		}
		if err := devices.Close(); err != nil {
			t.Error(err)
		}
		if err := waiting.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A decrypted message that the library deletes leaves no bytes in the file or its log.
func TestDevices_deleted_messages(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "whatsmeow.db")
	const word = "zygomorphic"
	t.Run("while the device is open", func(t *testing.T) { // its end closes the files
		live := startLife(t, path)
		live.link(t)
		buffer := live.Store.EventBuffer
		for n := range byte(3) {
			text := strings.Repeat(word, 600) // more than a page
			if err := buffer.PutBufferedEvent(ctx, [32]byte{n}, []byte(text), moment); err != nil {
				t.Fatal(err)
			}
		}
		if len(filesWith(path, word)) == 0 {
			t.Error("the buffer does not hold the text: this test cannot fail")
		}
		for n := range byte(3) {
			if err := buffer.ClearBufferedEventPlaintext(ctx, [32]byte{n}); err != nil {
				t.Fatal(err)
			}
		}
	})
	if found := filesWith(path, word); len(found) > 0 {
		t.Errorf("the text is still in %v", found)
	}
}

// filesWith returns the names of those of the database and its log that hold the text.
func filesWith(path, text string) []string {
	var found []string
	for _, one := range []string{path, path + "-wal"} {
		if content, err := os.ReadFile(one); err == nil && bytes.Contains(content, []byte(text)) {
			found = append(found, filepath.Base(one))
		}
	}
	return found
}

// A device acknowledges nothing before it is stored.
func TestNewDevice_acknowledgement(t *testing.T) {
	devices, err := OpenDevices(context.Background(), filepath.Join(t.TempDir(), "whatsmeow.db"),
		Settings{Log: waLog.Noop})
	if err != nil {
		t.Fatal(err)
	}
	defer devices.Close()
	asked := 0
	made := devices.Fresh(Hooks{Handle: func(any) bool { return true },
		Allow: func(types.JID) bool { asked++; return false }}).(client)
	for name, on := range map[string]bool{
		"acknowledges afterwards": made.SynchronousAck, "keeps what it decrypted": made.EnableDecryptedEventBuffer,
		"leaves history to us":           made.ManualHistorySyncDownload && made.DisableManualHistorySyncReceipt,
		"asks the phone again":           made.AutomaticMessageRerequestFromPhone,
		"tells settings from the start":  made.EmitAppStateEventsOnFullSync,
		"can send again after a restart": made.UseRetryMessageStore,
	} {
		if !on {
			t.Errorf("it is not so that it %s", name)
		}
	}
	if made.PrePairCallback(own, "", "") || asked != 1 {
		t.Error("an account is linked that is not allowed")
	}
}

// The device asks for all history.
func TestSetDeviceProps(t *testing.T) {
	SetDeviceProps("My Computer")
	props := store.DeviceProps
	if props.GetOs() != "My Computer" || !props.GetRequireFullSync() ||
		props.HistorySyncConfig.GetFullSyncDaysLimit() < 3650 {
		t.Errorf("it says %v", props)
	}
	if !props.HistorySyncConfig.GetSupportCallLogHistory() ||
		!props.HistorySyncConfig.GetInlineInitialPayloadInE2EeMsg() {
		t.Error("what the library can take is no longer said")
	}
}
