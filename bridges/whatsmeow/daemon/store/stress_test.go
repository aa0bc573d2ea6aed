package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/store/rules"
)

// seen is what a reader sees: merged chats followed, people under the address to show.
var seen = map[string]string{
	"chats": `SELECT jid, kind, name, pn, lid, unread_count, archived, last_message_at FROM chats WHERE merged_into IS NULL`,
	"messages": `SELECT c.jid AS chat, m.id, m.timestamp, m.from_me, m.type, m.content, m.filename, m.edited_at, m.revoked_at, m.status,
      coalesce((SELECT p.jid FROM contact_aliases a JOIN contacts p ON p.id = a.contact_id WHERE a.alias = m.sender), m.sender) AS sender
    FROM messages m JOIN chats c ON c.id = m.chat_id`,
	// Whether the text of an edit is stored depends on the address that revoked its message.
	"changes": `SELECT c.jid AS chat, x.message_id, x.kind, x.at, CASE WHEN x.kind = 'edit' AND EXISTS (SELECT 1 FROM messages m
        WHERE m.chat_id = x.chat_id AND m.id = x.message_id AND m.type = 'revoked') THEN '' ELSE x.value END AS value,
      coalesce((SELECT p.jid FROM contact_aliases a JOIN contacts p ON p.id = a.contact_id WHERE a.alias = x.actor), x.actor) AS actor
    FROM changes x JOIN chats c ON c.id = x.chat_id`,
	"conflicts": `SELECT id FROM conflicts`,
	"leftovers": `SELECT count(*) AS n FROM messages WHERE chat_id IN (SELECT id FROM chats WHERE merged_into IS NOT NULL)`,
}

// mishap changes how a batch is written.
func mishap(t *testing.T, store *Store, random *rand.Rand, batch domain.Batch, failures *int) {
	t.Helper()
	switch random.IntN(4) {
	case 0: // the disk fails at the commit, and WhatsApp delivers the batch again
		failure := errors.New("the disk is full")
		if _, err := store.write(batch, func(s *rules.Writer) { s.Err = failure }); !errors.Is(err, failure) {
			t.Errorf("got %v", err)
		}
		*failures++
	case 1: // the batch is delivered twice
		write(t, store, batch)
	}
}

func TestWhateverTheOrderWithRepeatsAndFailuresTheStoreIsTheSame(t *testing.T) {
	stories := map[string]order{}
	eachOrder(t, func(one order) {
		if strings.HasPrefix(one.Name, "story-") && strings.HasSuffix(one.Name, "-0") {
			stories[one.Name] = one
		}
	})
	if len(stories) == 0 {
		t.Fatal("there are no stories")
	}
	for name, story := range stories {
		t.Run(name, func(t *testing.T) {
			var first map[string][]string
			failures := 0
			for seed := range uint64(4) {
				random := rand.New(rand.NewPCG(seed, 7))
				batches := append([]domain.Batch{}, story.Batches...)
				random.Shuffle(len(batches), func(i, j int) { batches[i], batches[j] = batches[j], batches[i] })
				store := newStore(t)
				if err := store.LinkAccount(story.Account); err != nil {
					t.Fatal(err)
				}
				for _, batch := range batches {
					mishap(t, store, random, batch, &failures)
					write(t, store, batch)
				}
				found := map[string][]string{}
				for table, query := range seen {
					found[table] = rows(t, store, query)
					if first != nil {
						if diff := difference(found[table], first[table]); diff != "" {
							t.Errorf("order %d: %s differs:%s", seed, table, diff)
						}
					}
				}
				first = found
			}
			if failures == 0 || !strings.Contains(fmt.Sprint(first["messages"]), `"type":"revoked"`) {
				t.Errorf("%d failures; too little happened", failures)
			}
		})
	}
}
