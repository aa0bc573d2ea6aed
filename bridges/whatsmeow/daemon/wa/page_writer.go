package wa

import (
	"context"
	"slices"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"google.golang.org/protobuf/proto"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/store"
	"whatsapp-hybrid-mcp/wa-bridge/store/rules"
	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
)

// writePages stores the requested pages that have arrived, even when the other bridge imports the history. A page
// that cannot be read or stored is dropped: the phone sends it again when asked again.
func (g *pages) writePages(ctx context.Context) {
	for ctx.Err() == nil && g.isConnected() {
		notification, found, err := g.Spool.NextPage()
		if err == nil && found {
			var tell func()
			if tell, err = g.writePage(ctx, notification); ctx.Err() != nil {
				return // the next start finds it
			}
			if err != nil {
				g.Log.Warn("older messages could not be stored", "error", device.Redact(err))
			}
			err = g.Spool.ForgetPage(notification)
			tell() // the caller may request the next page now
		}
		if err != nil {
			g.Log.Error("announced pages cannot be read", "error", device.Redact(err))
			return
		}
		if !found {
			return
		}
	}
}

// writePage stores one page. The returned function reports the result to the call that waits for it.
func (g *pages) writePage(ctx context.Context, bytes []byte) (tell func(), err error) {
	var notification waE2E.HistorySyncNotification
	if err := proto.Unmarshal(bytes, &notification); err != nil {
		return func() {}, err
	}
	data, err := g.current().DownloadHistorySync(ctx, &notification, true)
	request := g.pager.answeredBy(notification.GetPeerDataRequestSessionID(), data)
	var output PageOutput
	if err == nil {
		output, err = g.storePage(ctx, data, request)
	}
	if err == nil {
		g.downloader.RemoveBlob(ctx, g.current(), &notification)
	}
	if request == nil {
		return func() {}, err
	}
	answer := pageAnswer{output: output}
	if err != nil {
		answer.err = domain.Errorf(domain.BridgeUnavailable, "The page that the phone sent could not be fetched or stored.")
	}
	return func() { request.answered <- answer }, err
}

// answeredBy returns the request that a page answers and ends its wait, or nil when none waits. Some phones do not
// send the request's id; for them the chat must match, since only one request runs at a time.
func (p *pager) answeredBy(id string, data *waHistorySync.HistorySync) *pageRequest {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	asked := p.asked
	if asked == nil || id != "" && id != asked.id {
		return nil
	}
	isOther := func(one *waHistorySync.Conversation) bool {
		return !slices.Contains(asked.addresses, domain.NormalizeJID(one.GetID()))
	}
	if id == "" && slices.ContainsFunc(data.GetConversations(), isOther) {
		return nil
	}
	p.asked = nil
	return asked
}

// storePage stores the rows of a page. The last batch, usually the only one, is committed together with the
// checkpoint. It recovers panics: a page that ends the program would end it again at every start.
func (g *pages) storePage(ctx context.Context, data *waHistorySync.HistorySync, request *pageRequest) (output PageOutput, err error) {
	defer func() {
		if defect := recover(); defect != nil {
			err = domain.Errorf(domain.Internal, "A defect was met (%T).", defect)
		}
	}()
	output, statuses := pageOutput(data, request)
	batches := slices.Collect(g.receiver.context().History(data))
	if len(batches) == 0 {
		batches = []domain.Batch{{}}
	}
	for i, batch := range batches {
		var counts rules.Counts
		if i < len(batches)-1 {
			counts, err = g.Store.Write(batch)
		} else {
			counts, err = g.Store.WritePage(batch, statuses)
		}
		if err != nil {
			return output, err
		}
		output.Fetched += len(batch.Messages)
		output.Stored += counts.Inserted
		g.publishWritten(counts)
		g.receiver.votes.OnPollsStored(ctx, g.current(), batch.Messages)
	}
	return output, nil
}

// noMore lists the ways in which a phone reports that it has nothing older, or nothing that it gives out.
var noMore = []waHistorySync.Conversation_EndOfHistoryTransferType{
	waHistorySync.Conversation_COMPLETE_AND_NO_MORE_MESSAGE_REMAIN_ON_PRIMARY,
	waHistorySync.Conversation_COMPLETE_ON_DEMAND_SYNC_WITH_MORE_MSG_ON_PRIMARY_BUT_NO_ACCESS,
}

// pageOutput returns the oldest position of a page and the checkpoint status of each chat. Entries that are not
// messages also count as positions: a page may contain nothing else.
func pageOutput(data *waHistorySync.HistorySync, request *pageRequest) (PageOutput, map[string]string) {
	output := PageOutput{Status: store.Exhausted}
	statuses := map[string]string{}
	var from store.MessageRef
	if request != nil {
		from = request.from
		if len(data.GetConversations()) == 0 {
			statuses[domain.NormalizeJID(from.ChatJID)] = store.Exhausted
		}
	}
	for _, conversation := range data.GetConversations() {
		status := store.InProgress
		if len(conversation.GetMessages()) == 0 || slices.Contains(noMore, conversation.GetEndOfHistoryTransferType()) {
			status = store.Exhausted
		} else {
			output.Status = status
		}
		statuses[domain.NormalizeJID(conversation.GetID())] = status
		for _, one := range conversation.GetMessages() {
			key, at := one.GetMessage().GetKey(), int64(one.GetMessage().GetMessageTimestamp())
			if key.GetID() != "" && (request == nil || at <= from.Timestamp) {
				from.ID, from.FromMe, from.Timestamp = key.GetID(), key.GetFromMe(), at
			}
		}
	}
	output.OldestID, output.OldestFromMe, output.OldestTimestamp = from.ID, from.FromMe, timestampOf(from.Timestamp)
	return output, statuses
}
