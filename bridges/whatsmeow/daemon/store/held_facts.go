package store

import (
	"errors"
	"slices"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/spool"
	"whatsapp-hybrid-mcp/wa-bridge/store/rules"
)

// factExchange holds facts back until their chat exists. When spool is nil, nothing is held back.
type factExchange struct {
	writer *rules.Writer
	spool  *spool.Spool
}

// exchange moves facts about chats that neither exist nor are created by the batch from the batch to the spool, and
// adds the held facts of existing chats to the batch. Call the returned function after the batch is written: it
// deletes the added facts from the spool.
func (f factExchange) exchange(batch *domain.Batch) (func() error, error) {
	done := func() error { return nil }
	if f.spool == nil {
		batch.Chats = append(batch.Chats, batch.Settings...)
		return done, nil
	}
	s := f.writer
	s.Err = nil
	exists := func(jid string) bool {
		return batch.Lane == domain.History || s.Alias("chat", jid) != 0 ||
			slices.ContainsFunc(batch.Messages, func(row domain.Message) bool { return row.ChatJID == jid }) ||
			slices.ContainsFunc(batch.Chats, func(row domain.Chat) bool { return row.JID == jid })
	}
	later := map[string][]spool.Fact{}
	batch.Settings = slices.DeleteFunc(batch.Settings, func(row domain.Chat) bool {
		wait := !exists(row.JID)
		if wait {
			later[row.JID] = append(later[row.JID], spool.Fact{Chat: &row})
		}
		return wait
	})
	batch.Members = slices.DeleteFunc(batch.Members, func(row domain.Member) bool {
		wait := !exists(row.ChatJID)
		if wait {
			later[row.ChatJID] = append(later[row.ChatJID], spool.Fact{Member: &row})
		}
		return wait
	})
	if err := errors.Join(s.Err, f.spool.HoldFacts(later)); err != nil {
		return done, err
	}
	forget, err := f.addReady(batch, exists)
	batch.Chats = append(batch.Chats, batch.Settings...)
	return forget, err
}

// addReady adds the held facts of existing chats before the newer ones of the batch.
func (f factExchange) addReady(batch *domain.Batch, exists func(string) bool) (func() error, error) {
	var forgetting []func() error
	jids, err := f.spool.FactChats()
	if err != nil {
		return nil, err
	}
	var ready domain.Batch
	for _, jid := range jids {
		if !exists(jid) {
			continue
		}
		facts, forget, err := f.spool.FactsFor(jid)
		if err != nil {
			return nil, err
		}
		for _, one := range facts {
			if one.Chat != nil {
				ready.Chats = append(ready.Chats, *one.Chat)
			}
			if one.Member != nil {
				ready.Members = append(ready.Members, *one.Member)
			}
		}
		forgetting = append(forgetting, forget)
	}
	batch.Chats = append(ready.Chats, batch.Chats...)
	batch.Members = append(ready.Members, batch.Members...)
	return func() error {
		for _, forget := range forgetting {
			if err := forget(); err != nil {
				return err
			}
		}
		return nil
	}, nil
}
