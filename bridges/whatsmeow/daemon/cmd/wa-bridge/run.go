package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"time"

	"go.mau.fi/whatsmeow"
	wastore "go.mau.fi/whatsmeow/store"

	"whatsapp-hybrid-mcp/wa-bridge/http"
	"whatsapp-hybrid-mcp/wa-bridge/spool"
	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
	"whatsapp-hybrid-mcp/wa-bridge/store"
	"whatsapp-hybrid-mcp/wa-bridge/trust"
	"whatsapp-hybrid-mcp/wa-bridge/wa"
	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
	"whatsapp-hybrid-mcp/wa-bridge/wa/operations"
)

// closeTimeout limits how long running operations may take after the program is told to end.
const closeTimeout = 3 * time.Second

// run opens everything, the port first, and serves until the context ends. It calls listening with the address.
func run(ctx context.Context, s settings, listening func(address string)) (err error) {
	if err := trust.Folder(s.dataDir, ownNames()...); err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: s.logLevel}))
	closing := &closers{}
	defer func() { err = errors.Join(err, closing.close()) }()
	// The lock comes before the port: when this data directory is in use, the user must not be told to choose another
	// port.
	release, err := sqlite.Lock(filepath.Join(s.dataDir, "whatsmeow.lock.db"))
	if err != nil {
		return err
	}
	closing.add(release)
	listener, err := http.Listen(s.host, s.port, s.allowRemote, s.ownToken)
	if err != nil {
		return err
	}
	closing.add(func() error { return ignoreClosed(listener.Close()) })
	token, err := http.ReadToken(s.tokenFile)
	if err != nil {
		return err
	}
	events := http.NewEvents()
	bridge, versions, err := openBridge(ctx, s, log, events, closing)
	if err != nil {
		return err
	}
	server := http.NewServer(listener.Addr(), http.Options{Token: token, Status: bridge.Status, Version: versions,
		Operations: operations.All(bridge), Events: events, Log: log})
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	bridge.Start()
	url := "http://" + listener.Addr().String()
	withdraw, err := publishAddress(s.dataDir, addressNote{PID: os.Getpid(), Start: startTime(os.Getpid()), URL: url,
		Version: version, Simulator: s.simulator != ""})
	if err != nil {
		return errors.Join(err, server.Close(ctx), <-served)
	}
	closing.add(withdraw)
	listening(url)
	select {
	case <-ctx.Done():
	case err = <-served:
		served <- nil
	}
	limit, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	return errors.Join(err, server.Close(limit), <-served)
}

// ownNames returns the names of the files that this program reads in the data directory, including SQLite's side
// files.
func ownNames() []string {
	names := []string{"bridge.json", "bridge-token", "baileys"}
	for _, database := range []string{"messages.db", "whatsmeow.db", "whatsmeow.lock.db"} {
		names = append(names, database, database+"-wal", database+"-shm", database+"-journal")
	}
	return names
}

// openBridge opens the databases and the linked device. It returns the bridge and the versions for the status.
func openBridge(ctx context.Context, s settings, log *slog.Logger, events *http.Events,
	closing *closers) (*wa.Bridge, map[string]string, error) {
	waiting, err := spool.Open(filepath.Join(s.dataDir, "whatsmeow.db"))
	if err != nil {
		return nil, nil, err
	}
	closing.add(waiting.Close)
	messages, err := store.Open(filepath.Join(s.dataDir, "messages.db"), waiting)
	if err != nil {
		return nil, nil, err
	}
	closing.add(messages.Close)
	device.QuietCiphers(log)
	device.SetDeviceProps(s.deviceName)
	deviceSettings := device.Settings{Log: device.LibraryLog(log)}
	world, err := useSimulator(ctx, s.simulator, &deviceSettings)
	if err != nil {
		return nil, nil, err
	}
	devices, err := device.OpenDevices(ctx, filepath.Join(s.dataDir, "whatsmeow.db"), deviceSettings)
	if err != nil {
		return nil, nil, err
	}
	closing.add(devices.Close)
	bridge, err := wa.New(ctx, devices, wa.Settings{
		Store: messages, Spool: waiting, Log: log, Now: time.Now,
		Publish:     func(name string, data map[string]any) { publish(events, name, data) },
		Refresh:     func(ctx context.Context) bool { return refresh(ctx, world, log) },
		OtherBridge: func() bool { return sqlite.HasBaileysDevice(filepath.Join(s.dataDir, "baileys")) },
		Quiet:       s.quiet,
		PageGap:     world.pageGap(),
	})
	if err != nil {
		return nil, nil, err
	}
	closing.add(func() error { bridge.Close(); return nil })
	return bridge, versions(messages.Version()), nil
}

func publish(events *http.Events, name string, data map[string]any) {
	if text, err := json.Marshal(data); err == nil {
		events.Publish(name, text)
	}
}

// refresh reads WhatsApp's current web version and uses it. It returns false when that version is not newer than the
// library's.
func refresh(ctx context.Context, world environment, log *slog.Logger) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	latest, err := whatsmeow.GetLatestVersion(ctx, world.http)
	if err != nil || !wastore.GetWAVersion().LessThan(*latest) {
		log.Warn("there is no newer version of WhatsApp to be", "asked", err == nil)
		return false
	}
	wastore.SetWAVersion(*latest)
	return true
}

// versions returns the versions of this program and its parts, for the status.
func versions(schema int) map[string]string {
	found := map[string]string{"bridge": version, "api": "1", "schema": strconv.Itoa(schema),
		"wa_web": wastore.GetWAVersion().String()}
	if info, ok := debug.ReadBuildInfo(); ok {
		found["go"] = info.GoVersion
		for _, module := range info.Deps {
			if module.Path == "go.mau.fi/whatsmeow" {
				found["whatsmeow"] = module.Version
			}
		}
	}
	return found
}

// closers closes what was opened, in reverse order.
type closers []func() error

func (c *closers) add(one func() error) { *c = append(*c, one) }

func (c *closers) close() error {
	var failures []error
	for i := len(*c) - 1; i >= 0; i-- {
		failures = append(failures, (*c)[i]())
	}
	return errors.Join(failures...)
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
