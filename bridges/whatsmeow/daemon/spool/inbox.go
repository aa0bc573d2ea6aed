package spool

import (
	"context"

	"go.mau.fi/util/dbutil"
)

const inboxSchema = `
CREATE TABLE IF NOT EXISTS bridge_inbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  hash BLOB NOT NULL UNIQUE,
  sender TEXT NOT NULL
) STRICT`

func init() { register(inboxSchema) }

// Inbox lists the messages of own devices that were decrypted and not handled yet. The library's event buffer holds
// their plaintext under the same hash. Inbox uses the library's database, so that one transaction commits a row and
// the session that decrypted the message.
type Inbox struct{ db *dbutil.Database }

// Unread is a message in the inbox; Sender is the address of its session.
type Unread struct {
	Hash   [32]byte
	Sender string
}

// NewInbox returns the inbox in the library's database. Open creates its table.
func NewInbox(db *dbutil.Database) *Inbox { return &Inbox{db} }

// Put adds a message, in the transaction of the context if it has one.
func (i *Inbox) Put(ctx context.Context, one Unread) error {
	_, err := i.db.Exec(ctx, "INSERT INTO bridge_inbox (hash, sender) VALUES ($1, $2) ON CONFLICT DO NOTHING", one.Hash[:], one.Sender)
	return err
}

// Done removes a message.
func (i *Inbox) Done(ctx context.Context, hash [32]byte) error {
	_, err := i.db.Exec(ctx, "DELETE FROM bridge_inbox WHERE hash = $1", hash[:])
	return err
}

// Together runs work in one transaction.
func (i *Inbox) Together(ctx context.Context, work func(ctx context.Context) error) error {
	return i.db.DoTxn(ctx, nil, work)
}

// Left returns the messages that are not handled yet, oldest first.
func (i *Inbox) Left(ctx context.Context) ([]Unread, error) {
	found, err := i.db.Query(ctx, "SELECT hash, sender FROM bridge_inbox ORDER BY seq")
	if err != nil {
		return nil, err
	}
	return dbutil.NewRowIterWithError(found, func(row dbutil.Scannable) (Unread, error) {
		var one Unread
		var hash []byte
		err := row.Scan(&hash, &one.Sender)
		copy(one.Hash[:], hash)
		return one, err
	}, nil).AsList()
}
