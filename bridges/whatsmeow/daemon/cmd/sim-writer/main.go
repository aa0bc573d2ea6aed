//go:build simulator

// Command sim-writer is another linked device of a simulated account, for tests. It uses the unmodified library. It
// reads orders from stdin, one JSON object a line, and writes their results and the received events to stdout in the
// same form.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"sync"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-hybrid-mcp/wa-bridge/simulation"
	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
)

func main() {
	from := flag.String("simulator", "", "URL of the document of a simulated WhatsApp on this machine")
	path := flag.String("sessions", "", "file of its sessions")
	flag.Parse()
	if err := run(context.Background(), *from, *path); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// writer is the device. It writes to stdout from several goroutines.
type writer struct {
	*whatsmeow.Client
	mutex sync.Mutex
	out   *json.Encoder
}

func (w *writer) say(line map[string]any) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	_ = w.out.Encode(line) // a reader that has gone has closed stdin too
}

// run links a new device and carries out orders until stdin ends.
func run(ctx context.Context, from, path string) error {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	device.QuietCiphers(log)
	way, err := simulation.Enter(ctx, from)
	if err != nil {
		return err
	}
	sessions, err := sqlstore.New(ctx, "sqlite", sqlite.DSN(path)+"?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_txlock=immediate", nil)
	if err != nil {
		return err
	}
	defer sessions.Close()
	w := &writer{Client: whatsmeow.NewClient(sessions.NewDevice(), device.LibraryLog(log)), out: json.NewEncoder(os.Stdout)}
	w.ManualHistorySyncDownload = true
	simulation.Lead(w.Client, way)
	w.AddEventHandler(w.tell)
	if err := w.ConnectContext(ctx); err != nil {
		return err
	}
	defer w.Disconnect()
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var one order
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			return err
		}
		sent, err := w.obey(ctx, one)
		answer := map[string]any{"event": "done", "id": sent.ID, "t": sent.Timestamp.Unix()}
		if err != nil {
			answer = map[string]any{"event": "failed", "error": err.Error()}
		}
		w.say(answer)
	}
	return nil
}

// tell reports an event of the library on stdout.
func (w *writer) tell(event any) {
	switch evt := event.(type) {
	case *events.QR:
		w.say(map[string]any{"event": "qr", "code": evt.Codes[0]})
	case *events.Connected:
		w.say(map[string]any{"event": "connected"})
	case *events.UndecryptableMessage:
		w.say(map[string]any{"event": "unreadable", "id": evt.Info.ID})
	case *events.Message:
		if text := evt.Message.GetConversation(); text != "" {
			w.say(map[string]any{"event": "message", "id": evt.Info.ID, "chat": evt.Info.Chat.String(), "text": text})
		}
	case *events.Receipt:
		w.say(map[string]any{"event": "receipt", "ids": evt.MessageIDs, "chat": evt.Chat.String(), "kind": kindOf(evt.Type)})
	}
}

func kindOf(kind types.ReceiptType) string {
	if kind == types.ReceiptTypeDelivered {
		return "delivered"
	}
	return string(kind)
}
