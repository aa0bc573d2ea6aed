package store

import (
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// A poll is found under either address of its chat.
func TestStore_Poll_addresses(t *testing.T) {
	store := newStore(t)
	poll := text("POLL")
	poll.Type, poll.Details = "poll",
		&domain.Details{Poll: &domain.Poll{Question: "q", Options: []string{"tea", "coffee"}}}
	poll.Sender, poll.Raw = &poll.ChatJID, []byte("raw")
	write(t, store, domain.Batch{LIDPairs: []domain.LIDPair{{LID: adaLID, PN: adaPN}},
		Messages: []domain.Message{poll, text("TEXT")}})
	for _, chat := range []string{adaPN, adaLID} {
		found, err := store.Poll(chat, "POLL")
		if err != nil || found == nil || len(found.Options) != 2 || found.Options[1] != "coffee" ||
			string(found.Raw) != "raw" || found.Sender != poll.ChatJID {
			t.Errorf("got %+v, %v", found, err)
		}
		for id, want := range map[string]bool{"POLL": true, "TEXT": true, "NONE": false} {
			if has, err := store.Has(chat, id); has != want || err != nil {
				t.Errorf("it has %s in %s: %t (%v)", id, chat, has, err)
			}
		}
	}
	for _, id := range []string{"TEXT", "NONE"} {
		if found, err := store.Poll(adaPN, id); err != nil || found != nil {
			t.Errorf("got %+v, %v", found, err)
		}
	}
}
