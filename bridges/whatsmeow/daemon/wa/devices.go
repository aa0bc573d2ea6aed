package wa

import (
	"context"
	"database/sql"

	"go.mau.fi/whatsmeow/store/sqlstore"
	waLog "go.mau.fi/whatsmeow/util/log"

	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
)

// Devices are the linked devices in whatsmeow.db.
type Devices struct {
	container *sqlstore.Container
	settings  DeviceSettings
}

// OpenDevices opens the sessions of the library. A session must not be older than what was acknowledged with it, so
// every commit reaches the disk.
func OpenDevices(ctx context.Context, path string, settings DeviceSettings) (*Devices, error) {
	const pragmas = "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_txlock=immediate"
	pool, err := sql.Open("sqlite", sqlite.DSN(path)+pragmas)
	if err != nil {
		return nil, err
	}
	container := sqlstore.NewWithDB(pool, "sqlite", sub(settings.Log, "sessions"))
	if err := container.Upgrade(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return &Devices{container, settings}, nil
}

func sub(log waLog.Logger, module string) waLog.Logger {
	if log == nil {
		return waLog.Noop
	}
	return log.Sub(module)
}

// Close closes the sessions.
func (d *Devices) Close() error { return d.container.Close() }

func (d *Devices) first(ctx context.Context, to hooks) (device, error) {
	stored, err := d.container.GetFirstDevice(ctx)
	if err != nil {
		return nil, err
	}
	return newDevice(stored, d.settings, to), nil
}

func (d *Devices) fresh(to hooks) device {
	return newDevice(d.container.NewDevice(), d.settings, to)
}
