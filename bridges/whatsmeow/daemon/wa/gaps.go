package wa

import (
	"log/slog"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/spool"
)

// mostGaps limits what is remembered of messages that could not be read.
const mostGaps = 10_000

// gapKeeper keeps gaps beyond the end of the program.
type gapKeeper interface {
	NoteUndecryptable(gap spool.Undecryptable, at time.Time) error
	ForgetUndecryptable(messageID string) error
	Undecryptables() ([]spool.Undecryptable, error)
}

// gaps are the messages that arrived and that nobody could make readable, until they come after all. The sender and the
// phone were asked for them by the library.
type gaps struct {
	keeper gapKeeper
	log    *slog.Logger
	now    func() time.Time

	mutex sync.Mutex
	known map[spool.Undecryptable]bool
}

// newGaps reads what earlier runs of the program noted.
func newGaps(keeper gapKeeper, log *slog.Logger, now func() time.Time) (*gaps, error) {
	list, err := keeper.Undecryptables()
	known := make(map[spool.Undecryptable]bool, len(list))
	for _, gap := range list {
		known[gap] = true
	}
	return &gaps{keeper: keeper, log: log, now: now, known: known}, err
}

// note notes a message that could not be read; not one that the phone alone may show, or in which is nothing to see.
func (g *gaps) note(evt *events.UndecryptableMessage) {
	if evt.IsUnavailable && evt.UnavailableType == events.UnavailableTypeViewOnce || evt.DecryptFailMode == events.DecryptFailHide {
		return
	}
	gap := spool.Undecryptable{ChatJID: domain.NormalizeJID(evt.Info.Chat.String()), MessageID: evt.Info.ID}
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if gap.ChatJID == domain.StatusAddress || len(g.known) >= mostGaps || g.known[gap] {
		return
	}
	g.known[gap] = true
	if err := g.keeper.NoteUndecryptable(gap, g.now()); err != nil {
		g.log.Error("a message that could not be read could not be noted", "error", failureOf(err))
	}
}

// heal is called with every message that was stored.
func (g *gaps) heal(id string) {
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
		g.log.Error("that a message came after all could not be noted", "error", failureOf(err))
		return
	}
	for gap := range g.known {
		if gap.MessageID == id {
			delete(g.known, gap)
		}
	}
}

// sweep heals what came on another way: with the history, or through the other bridge.
func (g *gaps) sweep(has func(chat, id string) (bool, error)) {
	g.mutex.Lock()
	open := make([]spool.Undecryptable, 0, len(g.known))
	for gap := range g.known {
		open = append(open, gap)
	}
	g.mutex.Unlock()
	for _, gap := range open {
		if stored, err := has(gap.ChatJID, gap.MessageID); err != nil {
			g.log.Error("it could not be looked up whether a message came after all", "error", failureOf(err))
			return
		} else if stored {
			g.heal(gap.MessageID)
		}
	}
}

// count is how many are open.
func (g *gaps) count() int {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return len(g.known)
}
