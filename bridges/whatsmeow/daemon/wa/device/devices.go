package device

import (
	"context"
	"database/sql"
	"errors"

	"go.mau.fi/util/dbutil"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/store/sqlstore/upgrades"
	"go.mau.fi/whatsmeow/types"
	waLog "go.mau.fi/whatsmeow/util/log"

	"whatsapp-hybrid-mcp/wa-bridge/spool"
	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
)

// Devices are the linked devices in whatsmeow.db.
type Devices struct {
	container *sqlstore.Container
	inbox     *spool.Inbox
	settings  Settings
}

// OpenDevices opens the library's sessions. Every commit reaches the disk, because a session must not be older than
// the messages that were acknowledged with it. What the library deletes, such as decrypted messages, leaves no bytes
// in free pages.
func OpenDevices(ctx context.Context, path string, settings Settings) (*Devices, error) {
	const pragmas = "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=foreign_keys(1)&_pragma=trusted_schema(0)&_pragma=secure_delete(1)&_txlock=immediate"
	pool, err := sql.Open("sqlite", sqlite.DSN(path)+pragmas)
	if err != nil {
		return nil, err
	}
	db, err := dbutil.NewWithDB(pool, "sqlite")
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	// The library sets these in its own constructor; we share the database with it for our inbox table.
	db.UpgradeTable, db.VersionTable = upgrades.Table, "whatsmeow_version"
	container := sqlstore.NewWithWrappedDB(db, sub(settings.Log, "sessions"))
	if err := container.Upgrade(ctx); err != nil {
		return nil, sqlite.Explain(path, errors.Join(err, pool.Close()))
	}
	return &Devices{container, spool.NewInbox(db), settings}, nil
}

func sub(log waLog.Logger, module string) waLog.Logger {
	if log == nil {
		return waLog.Noop
	}
	return log.Sub(module)
}

// Close closes the sessions.
func (d *Devices) Close() error { return d.container.Close() }

// First returns the stored device, or a new one when none is stored.
func (d *Devices) First(ctx context.Context, to Hooks) (Device, error) {
	stored, err := d.container.GetFirstDevice(ctx)
	if err != nil {
		return nil, err
	}
	return newDevice(stored, d.inbox, d.settings, to), nil
}

// Fresh returns a new device that is not linked to a phone.
func (d *Devices) Fresh(to Hooks) Device {
	return newDevice(d.container.NewDevice(), d.inbox, d.settings, to)
}

// newDevice makes a client of a stored device; it does not connect.
func newDevice(stored *store.Device, inbox *spool.Inbox, settings Settings, to Hooks) Device {
	wrapStores(stored, inbox)
	made := whatsmeow.NewClient(stored, settings.Log)
	made.SynchronousAck = true // acknowledge only what is stored
	made.EnableDecryptedEventBuffer = true
	made.ManualHistorySyncDownload = true
	made.DisableManualHistorySyncReceipt = true // sent by us once the announcement is stored
	made.AutomaticMessageRerequestFromPhone = true
	made.UseRetryMessageStore = true
	made.InitialAutoReconnect = true
	made.EmitAppStateEventsOnFullSync = true
	made.SendReportingTokens = true
	made.PrePairCallback = func(account types.JID, _, _ string) bool { return to.Allow(account) }
	made.AddEventHandlerWithSuccessStatus(to.Handle)
	if settings.Configure != nil {
		settings.Configure(made)
	}
	return client{made, inbox}
}
