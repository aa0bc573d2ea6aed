package wa

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/store"
	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
	"whatsapp-hybrid-mcp/wa-bridge/wa/history"
)

// PageGap is the pause between two requests for older messages: WhatsApp restricts accounts that ask too often.
const PageGap = 5 * time.Second

// MessageRefInput is the message before which older ones are requested.
type MessageRefInput struct {
	MessageID string    `json:"message_id"`
	FromMe    bool      `json:"from_me"`
	Timestamp Timestamp `json:"timestamp"`
}

// Timestamp is a time in ISO 8601, UTC.
type Timestamp string

func timestampOf(seconds int64) Timestamp {
	return Timestamp(time.Unix(seconds, 0).UTC().Format("2006-01-02T15:04:05.000Z"))
}

// PageInput asks for messages of a chat that are older than Before, or than its oldest stored message.
type PageInput struct {
	ChatJID domain.JID       `json:"chat_jid"`
	Before  *MessageRefInput `json:"before"`
	Count   int              `json:"count"`
}

// PageOutput reports what a page contained, and the message before which the next page ends.
type PageOutput struct {
	Fetched         int       `json:"messages_fetched"`
	Stored          int       `json:"messages_stored"`
	OldestID        string    `json:"oldest_message_id"`
	OldestFromMe    bool      `json:"oldest_from_me"`
	OldestTimestamp Timestamp `json:"oldest_timestamp"`
	Status          string    `json:"status"`
}

// pages asks the phone for older messages and stores what it sends.
type pages struct {
	*link
	pager      *pager
	receiver   *receiver
	downloader *history.Downloader
}

// pager limits requests to the phone: one page at a time, with a pause between them.
type pager struct {
	gap, timeout time.Duration
	now          func() time.Time
	wait         func(time.Duration) <-chan time.Time
	// slot is a semaphore for the one running request.
	slot chan struct{}

	mutex sync.Mutex
	last  time.Time
	asked *pageRequest
}

// pageRequest is a request that the phone has not answered yet.
type pageRequest struct {
	id string
	// from is the message before which the page ends; addresses are all addresses of its chat.
	from      store.MessageRef
	addresses []string
	answered  chan pageAnswer
}

type pageAnswer struct {
	output PageOutput
	err    error
}

func newPager(gap time.Duration, now func() time.Time) *pager {
	return &pager{gap: gap, timeout: domain.HistoryPageAnswerTimeout, now: now, wait: time.After,
		slot: make(chan struct{}, 1)}
}

// HistoryPage asks the phone for one page of messages older than a given one, and returns when it is stored. Fails
// with invalid_input, not_linked, bridge_unavailable, not_found when no message of the chat is stored,
// upstream_unanswered when the phone does not answer, upstream_rejected or cancelled.
func (g *pages) HistoryPage(ctx context.Context, input PageInput) (PageOutput, error) {
	chat, before, count := string(input.ChatJID), input.Before, input.Count
	if count < 1 || count > domain.MaxInPage {
		return PageOutput{}, domain.Errorf(domain.InvalidInput, "count must be 1 to %d.", domain.MaxInPage)
	}
	if _, err := g.pageRequest(chat, before); err != nil {
		return PageOutput{}, err
	}
	release, err := g.pager.acquire(ctx, g.ctx)
	if err != nil {
		return PageOutput{}, err
	}
	defer release()
	// Check again: another page or a lost connection may have changed the answer during the wait.
	request, err := g.pageRequest(chat, before)
	if err != nil {
		return PageOutput{}, err
	}
	return g.askPage(ctx, request, count)
}

func (g *pages) pageRequest(chat string, before *MessageRefInput) (*pageRequest, error) {
	if err := g.AssertReady(); err != nil {
		return nil, err
	}
	place, addresses, found, err := g.Store.Oldest(chat)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, domain.Errorf(domain.NotFound, "No message of this chat is stored, and older ones are asked "+
			"for from a "+
			"stored one: retrieve_full_history and sync_history_to_database bring the first; list_chats shows the "+
			"chats.")
	}
	if before != nil {
		at, err := time.Parse(time.RFC3339, string(before.Timestamp))
		if err != nil || before.MessageID == "" {
			return nil, domain.Errorf(domain.InvalidInput, "before must be a message with its id and its time.")
		}
		place.ID, place.FromMe, place.Timestamp = before.MessageID, before.FromMe, at.Unix()
	}
	return &pageRequest{from: place, addresses: addresses, answered: make(chan pageAnswer, 1)}, nil
}

func (g *pages) askPage(ctx context.Context, request *pageRequest, count int) (PageOutput, error) {
	jid, err := types.ParseJID(request.from.ChatJID)
	if err != nil {
		return PageOutput{}, err
	}
	from := g.current()
	request.id = from.GenerateMessageID()
	g.pager.expect(request) // before sending, because the answer may arrive first
	defer g.pager.expect(nil)
	silence := g.pager.wait(g.pager.timeout)
	message := &types.MessageInfo{MessageSource: types.MessageSource{Chat: jid, IsFromMe: request.from.FromMe},
		ID: request.from.ID, Timestamp: time.Unix(request.from.Timestamp, 0)}
	if err := from.AskPage(ctx, request.id, message, count); err != nil {
		return PageOutput{}, pageFailure(err)
	}
	select {
	case answer := <-request.answered:
		return answer.output, answer.err
	case <-ctx.Done():
		return PageOutput{}, domain.Errorf(domain.Cancelled, "Nobody waits for the older messages; they are stored "+
			"when they come.")
	case <-g.ctx.Done():
		return PageOutput{}, domain.Errorf(domain.BridgeUnavailable, "wa-bridge ends.")
	case <-silence:
		return PageOutput{}, g.unanswered(request)
	}
}

// unanswered records that the phone did not answer, unless the connection was lost.
func (g *pages) unanswered(request *pageRequest) error {
	if err := g.AssertReady(); err != nil {
		return err
	}
	statuses := map[string]string{domain.NormalizeJID(request.from.ChatJID): store.Unanswered}
	if _, err := g.Store.WritePage(domain.Batch{}, statuses); err != nil {
		return err
	}
	return domain.Errorf(domain.UpstreamUnanswered,
		"The phone did not answer when it was asked for older messages. It must be on and connected; some never "+
			"answer.")
}

func pageFailure(err error) error {
	switch {
	case errors.Is(err, whatsmeow.ErrNoSession):
		return domain.Errorf(domain.BridgeUnavailable,
			"The phone has said nothing to wa-bridge yet, and can be asked only after that.")
	case errors.Is(err, whatsmeow.ErrMessageTimedOut):
		return domain.Errorf(domain.UpstreamUnanswered, "WhatsApp did not take the question for older messages.")
	case errors.Is(err, whatsmeow.ErrServerReturnedError):
		return domain.Errorf(domain.UpstreamRejected, "WhatsApp refused the question for older messages.")
	}
	return device.QueryError(err, "older messages")
}

// acquire waits for the running request to end and for the pause after it. release must be called afterwards.
func (p *pager) acquire(ctx, life context.Context) (release func(), err error) {
	ended := domain.Errorf(domain.Cancelled, "The phone was not asked for older messages.")
	select {
	case p.slot <- struct{}{}:
	case <-ctx.Done():
		return nil, ended
	case <-life.Done():
		return nil, ended
	}
	release = func() { <-p.slot }
	p.mutex.Lock()
	rest := p.last.Add(p.gap).Sub(p.now())
	p.mutex.Unlock()
	if rest <= 0 {
		return release, nil
	}
	select {
	case <-p.wait(rest):
		return release, nil
	case <-ctx.Done():
	case <-life.Done():
	}
	release()
	return nil, ended
}

// expect sets the request that waits for an answer; nil ends the wait.
func (p *pager) expect(request *pageRequest) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if request != nil {
		p.last = p.now()
	}
	p.asked = request
}
