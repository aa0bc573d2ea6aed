package history

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/spool"
)

// historyCase is a history as a phone may send it. Whole has the Node program's verdict at each step.
type historyCase struct {
	Seed    int   `json:"seed"`
	QuietMS int64 `json:"quiet_ms"`
	Parts   []struct {
		Kind        string `json:"kind"`
		Number      *int64 `json:"number"`
		Progress    uint32 `json:"progress"`
		AnnouncedAt int64  `json:"announced_at"`
		StoredAt    int64  `json:"stored_at"`
	} `json:"parts"`
	Looks []int64 `json:"looks"`
	Whole []bool  `json:"whole"`
}

// knownAt returns the progress as it was known at a moment.
func (c historyCase) knownAt(now int64) (known Progress) {
	for _, one := range c.Parts {
		if one.AnnouncedAt > now {
			continue
		}
		if at := time.UnixMilli(one.AnnouncedAt); at.After(known.Announced) {
			known.Announced = at
		}
		if one.StoredAt > now {
			known.Pending++
			continue
		}
		number := int64(spool.NoNumber)
		if one.Number != nil {
			number = *one.Number
		}
		known.Parts = append(known.Parts, spool.Part{Kind: one.Kind, Number: number, Progress: one.Progress,
			WrittenAt: time.UnixMilli(one.StoredAt)})
	}
	return known
}

// Both programs call a history complete from the same moment on, and it stays complete.
func TestArrival_wholeAt_asTheNodeProgram(t *testing.T) {
	file, err := os.Open("testdata/history-progress.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	completed, cases := 0, 0
	for decoder := json.NewDecoder(file); decoder.More(); cases++ {
		var one historyCase
		if err := decoder.Decode(&one); err != nil {
			t.Fatal(err)
		}
		quiet, whole := time.Duration(one.QuietMS)*time.Millisecond, false
		for i, now := range one.Looks {
			// At the moment of an event, a wait that ends then is over before the event counts.
			at := time.UnixMilli(now)
			whole = whole || one.knownAt(now-1).IsWhole(at, quiet) || one.knownAt(now).IsWhole(at, quiet)
			if whole != one.Whole[i] {
				t.Errorf("seed %d at %d: whole %t, the Node program says %t", one.Seed, now, whole, one.Whole[i])
				break
			}
		}
		if whole {
			completed++
		}
	}
	if completed < 100 || cases-completed < 50 {
		t.Errorf("%d of %d histories were completed: too few of either", completed, cases)
	}
}
