package http

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestAListenerGetsWhatItMissedOrIsToldToLookAgain(t *testing.T) {
	e := NewEvents()
	for i := range maxKeptEvents + 10 {
		e.Publish("changed", fmt.Append(nil, i))
	}
	id := func(number int) string { return fmt.Sprintf("%s-%d", e.run, number) }
	for name, test := range map[string]struct {
		after  string
		missed int
		whole  bool
	}{
		"new":                         {"", 0, true},
		"up to date":                  {id(maxKeptEvents + 10), 0, true},
		"one behind":                  {id(maxKeptEvents + 9), 1, true},
		"all that is kept":            {id(10), maxKeptEvents, true},
		"one more than is kept":       {id(9), 0, false},
		"ahead":                       {id(maxKeptEvents + 11), 0, false},
		"of another run":              {"000000000000-3", 0, false},
		"no number":                   {e.run + "-x", 0, false},
		"a number that is too large":  {e.run + "-99999999999999999999", 0, false},
		"nothing but a number":        {"5", 0, false},
		"a negative number":           {e.run + "--1", 0, false},
		"something else with a break": {"a\nb", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			missed, whole, _, stop := e.Listen(test.after)
			defer stop()
			if len(missed) != test.missed || whole != test.whole {
				t.Errorf("missed %d, whole %t", len(missed), whole)
			}
			if len(missed) > 0 && string(missed[len(missed)-1].Data) != fmt.Sprint(maxKeptEvents+9) {
				t.Errorf("the last is %s", missed[len(missed)-1].Data)
			}
		})
	}
}

func TestAListenerThatDoesNotReadIsCutOffAndKeepsNobodyWaiting(t *testing.T) {
	e := NewEvents()
	_, _, slow, stopSlow := e.Listen("")
	defer stopSlow()
	for range listenerBuffer + 1 {
		e.Publish("changed", nil)
	}
	count := 0
	for range slow {
		count++
	}
	if count != listenerBuffer {
		t.Errorf("it got %d", count)
	}
	_, _, following, stop := e.Listen("")
	stop()
	stop()
	if _, open := <-following; open {
		t.Error("it goes on")
	}
	e.Close()
	if _, _, following, _ := e.Listen(""); following != nil {
		if _, open := <-following; open {
			t.Error("something comes after the end")
		}
	}
}

// listen reads blocks of an event stream until it has the wanted number.
func (d *testServer) listen(t *testing.T, after string, wanted int, connected func()) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, "GET", "http://"+d.address+"/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+secret)
	if after != "" {
		request.Header.Set("Last-Event-ID", after)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if kind := response.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Fatal(kind)
	}
	var blocks []string
	block := ""
	reader := bufio.NewReader(response.Body)
	for len(blocks) < wanted {
		line, err := reader.ReadString('\n')
		if err != nil {
			t.Fatalf("after %q: %v", blocks, err)
		}
		switch {
		case line == ": connected\n":
			connected()
		case line == "\n" && block != "":
			blocks = append(blocks, block)
			block = ""
		default:
			block += strings.TrimPrefix(line, "\n")
		}
	}
	return blocks
}

func TestEventsAreStreamedAndResumed(t *testing.T) {
	d := newTestServer(t)
	blocks := d.listen(t, "", 2, func() {
		d.events.Publish("state", []byte(`{"state":"ready"}`))
		d.events.Publish("messages", []byte(`{"inserted":1}`))
	})
	if want := "event: state\ndata: {\"state\":\"ready\"}\n"; !strings.HasSuffix(blocks[0], want) {
		t.Errorf("got %q", blocks[0])
	}
	id := strings.TrimPrefix(strings.Split(blocks[0], "\n")[0], "id: ")
	again := d.listen(t, id, 1, func() {})
	if again[0] != blocks[1] {
		t.Errorf("resumed with %q", again[0])
	}
	if reset := d.listen(t, "000000000000-1", 1, func() {}); reset[0] != "event: reset\ndata: {}\n" {
		t.Errorf("got %q", reset[0])
	}
}

func TestListenersAreLimited(t *testing.T) {
	d := newTestServer(t)
	var bodies []io.Closer
	defer func() {
		for _, body := range bodies {
			body.Close()
		}
	}()
	for i := range maxListeners + 1 {
		request, _ := http.NewRequest("GET", "http://"+d.address+"/v1/events", nil)
		request.Header.Set("Authorization", "Bearer "+secret)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, response.Body)
		want := http.StatusOK
		if i == maxListeners {
			want = http.StatusTooManyRequests
		}
		if response.StatusCode != want {
			t.Errorf("listener %d: %d", i, response.StatusCode)
		}
	}
}

func FuzzEventsQuery(f *testing.F) {
	e := NewEvents()
	for range 5 {
		e.Publish("changed", nil)
	}
	for _, seed := range []string{"", "-", "a-1", e.run + "-3", e.run + "-", e.run + "-18446744073709551615"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, after string) {
		missed, whole, _, stop := e.Listen(after)
		stop()
		if len(missed) > 5 || !whole && len(missed) > 0 {
			t.Errorf("%q: %d events, whole %t", after, len(missed), whole)
		}
	})
}
