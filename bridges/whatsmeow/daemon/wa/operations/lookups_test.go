package operations

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// limitedBed is a limit on a clock that the test moves.
func limitedBed(account *fakeAccount) (*limited, *time.Time) {
	now := time.Unix(1_760_000_000, 0)
	return &limited{Linked: account, now: func() time.Time { return now }}, &now
}

func passing(l *limited, tries int) (passed int) {
	for range tries {
		if l.AssertReady() == nil {
			passed++
		}
	}
	return passed
}

// Look-ups are limited and come back with time.
func TestLookups_limit(t *testing.T) {
	limit, now := limitedBed(&fakeAccount{})
	if passed := passing(limit, 30); passed != maxLookups {
		t.Errorf("%d of 30 at once", passed)
	}
	err := limit.AssertReady()
	if codeOf(err) != domain.RateLimited || !strings.Contains(err.Error(), "in 10 seconds") {
		t.Errorf("got %v", err)
	}
	*now = now.Add(lookupPause - time.Millisecond)
	if passed := passing(limit, 5); passed != 0 {
		t.Errorf("%d before the pause is over", passed)
	}
	*now = now.Add(2 * time.Millisecond)
	if passed := passing(limit, 5); passed != 1 {
		t.Errorf("%d after one pause", passed)
	}
	*now = now.Add(24 * time.Hour)
	if passed := passing(limit, 30); passed != maxLookups {
		t.Errorf("%d after a day", passed)
	}
}

// A request that cannot be sent does not count.
func TestLookups_not_counted(t *testing.T) {
	account := &fakeAccount{notReady: errNotLinked}
	limit, _ := limitedBed(account)
	for range 30 {
		if err := limit.AssertReady(); codeOf(err) != domain.NotLinked {
			t.Fatalf("got %v", err)
		}
	}
	account.notReady = nil
	if passed := passing(limit, 30); passed != maxLookups {
		t.Errorf("%d are left", passed)
	}
}

// Concurrent look-ups share the limit.
func TestLookups_concurrent(t *testing.T) {
	limit, _ := limitedBed(&fakeAccount{})
	var all sync.WaitGroup
	passed := make(chan int, 8)
	for range 8 {
		all.Go(func() { passed <- passing(limit, 20) })
	}
	all.Wait()
	close(passed)
	sum := 0
	for one := range passed {
		sum += one
	}
	if sum != maxLookups {
		t.Errorf("%d passed", sum)
	}
}

// The operations on other people share one limit.
func TestOperations_share_lookups(t *testing.T) {
	account := answering(questions["about"].good, nil)
	operations := Contacts(account)
	inputs := []struct{ name, input string }{
		{"contacts.check", `{"phones":["+15550100001"]}`},
		{"contacts.about", `{"jid":"15550100001@s.whatsapp.net"}`},
		{"contacts.picture", `{"jid":"15550100001@s.whatsapp.net","size":"preview"}`},
	}
	for n := range 3 * maxLookups {
		one := inputs[n%len(inputs)]
		_, err := operations[one.name].Run(context.Background(), []byte(one.input))
		if limited := codeOf(err) == domain.RateLimited; limited != (n >= maxLookups) {
			t.Fatalf("question %d, %s: %v", n, one.name, err)
		}
	}
	if asked := strings.Count("\n"+strings.Join(account.asked, "\n"), "\nask "); asked != maxLookups {
		t.Errorf("WhatsApp was asked %d times", asked)
	}
	if _, err := operations["contacts.blocked"].Run(context.Background(), nil); codeOf(err) == domain.RateLimited {
		t.Error("the own list of blocked contacts is limited")
	}
	_, err := operations["contacts.about"].Run(context.Background(), []byte(`{"jid":"nonsense"}`))
	if codeOf(err) != domain.InvalidInput {
		t.Errorf("a wrong question: %v", err)
	}
}
