package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// ErrLocked means that another process holds the lock.
var ErrLocked = errors.New("locked")

// Lock takes the lock of the one process that uses the linked device: WhatsApp disconnects one of two connections
// with the same keys. The system frees it when the process ends in any way. Fails at once with ErrLocked when another
// process holds it.
func Lock(path string) (release func() error, err error) {
	if err := createPrivately(path); err != nil {
		return nil, Explain(path, err)
	}
	pool, err := sql.Open("sqlite", DSN(path))
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	conn, err := pool.Conn(context.Background())
	if err == nil {
		_, err = conn.ExecContext(context.Background(), "BEGIN EXCLUSIVE")
	}
	if err == nil {
		return func() error { return errors.Join(conn.Close(), pool.Close()) }, nil
	}
	pool.Close()
	if IsBusy(err) {
		return nil, &domain.Error{Code: domain.BridgeUnavailable, Message: "Another wa-bridge is running on this data directory.", Cause: ErrLocked}
	}
	return nil, Explain(path, err)
}
