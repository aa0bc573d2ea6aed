package wa

import (
	"log/slog"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/spool"
	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
)

// maxUndecryptable limits the number of remembered messages.
const maxUndecryptable = 10_000

// undecryptableKeeper stores undecryptable messages across restarts.
type undecryptableKeeper interface {
	NoteUndecryptable(gap spool.Undecryptable, at time.Time) error
	ForgetUndecryptable(messageID string) error
	Undecryptables() ([]spool.Undecryptable, error)
}

// undecryptable knows the messages that arrived and could not be decrypted, until they arrive again. The library asks
// the sender and the phone to send them again.
type undecryptable struct {
	keeper undecryptableKeeper
	log    *slog.Logger
	now    func() time.Time

	mutex sync.Mutex
	known map[spool.Undecryptable]bool
}

// newUndecryptable reads the messages that earlier runs of the program recorded.
func newUndecryptable(keeper undecryptableKeeper, log *slog.Logger, now func() time.Time) (*undecryptable, error) {
	list, err := keeper.Undecryptables()
	known := make(map[spool.Undecryptable]bool, len(list))
	for _, gap := range list {
		known[gap] = true
	}
	return &undecryptable{keeper: keeper, log: log, now: now, known: known}, err
}

// note records a message that could not be decrypted. It ignores view-once messages, which only the phone may show,
// and messages that show nothing.
func (g *undecryptable) note(evt *events.UndecryptableMessage) {
	if evt.IsUnavailable && evt.UnavailableType == events.UnavailableTypeViewOnce || evt.DecryptFailMode == events.DecryptFailHide {
		return
	}
	gap := spool.Undecryptable{ChatJID: domain.NormalizeJID(evt.Info.Chat.String()), MessageID: evt.Info.ID}
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if gap.ChatJID == domain.StatusAddress || len(g.known) >= maxUndecryptable || g.known[gap] {
		return
	}
	g.known[gap] = true
	if err := g.keeper.NoteUndecryptable(gap, g.now()); err != nil {
		g.log.Error("a message that could not be read could not be noted", "error", device.Redact(err))
	}
}

// resolve forgets a message that was stored.
func (g *undecryptable) resolve(id string) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	isGap := false
	for gap := range g.known {
		isGap = isGap || gap.MessageID == id
	}
	if !isGap {
		return
	}
	if err := g.keeper.ForgetUndecryptable(id); err != nil {
		g.log.Error("that a message came after all could not be noted", "error", device.Redact(err))
		return
	}
	for gap := range g.known {
		if gap.MessageID == id {
			delete(g.known, gap)
		}
	}
}

// resolveStored forgets messages that arrived in another way: with the history or through the other bridge.
func (g *undecryptable) resolveStored(has func(chat, id string) (bool, error)) {
	g.mutex.Lock()
	open := make([]spool.Undecryptable, 0, len(g.known))
	for gap := range g.known {
		open = append(open, gap)
	}
	g.mutex.Unlock()
	for _, gap := range open {
		if stored, err := has(gap.ChatJID, gap.MessageID); err != nil {
			g.log.Error("it could not be looked up whether a message came after all", "error", device.Redact(err))
			return
		} else if stored {
			g.resolve(gap.MessageID)
		}
	}
}

// count returns the number of messages that are still undecryptable.
func (g *undecryptable) count() int {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return len(g.known)
}
