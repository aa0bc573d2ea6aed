package http

import (
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"strings"
	"sync"
)

// Event is something that changed, for those who listen. Data is JSON without other people's text.
type Event struct {
	ID   string
	Name string
	Data []byte
}

// eventsKept is how far back a listener can resume; one that falls further behind is told to look at everything.
const eventsKept = 1024

// listenerBuffer is how many events a listener may be behind before it is cut off; it resumes by its last id.
const listenerBuffer = 64

// Events keeps the latest events and hands them to listeners. The ids of another run of the program mean nothing here.
type Events struct {
	mutex     sync.Mutex
	run       string
	last      uint64
	kept      []Event
	listeners map[chan Event]bool
	closed    bool
}

// NewEvents starts without events.
func NewEvents() *Events {
	run := make([]byte, 6)
	_, _ = rand.Read(run) // never fails on the systems that Go supports
	return &Events{run: hex.EncodeToString(run), listeners: map[chan Event]bool{}}
}

// Publish never waits: a listener that is too slow is cut off.
func (e *Events) Publish(name string, data []byte) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.last++
	event := Event{ID: e.run + "-" + strconv.FormatUint(e.last, 10), Name: name, Data: data}
	e.kept = append(e.kept, event)
	if len(e.kept) > eventsKept {
		e.kept = e.kept[1:]
	}
	for listener := range e.listeners {
		select {
		case listener <- event:
		default:
			e.drop(listener)
		}
	}
}

func (e *Events) drop(listener chan Event) {
	if e.listeners[listener] {
		delete(e.listeners, listener)
		close(listener)
	}
}

// Listen answers the events since an id, whether they are all there are (false: look at everything again), and those
// that follow; the channel is closed when the listener is too slow or the program ends.
func (e *Events) Listen(after string) (missed []Event, whole bool, following <-chan Event, stop func()) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	listener := make(chan Event, listenerBuffer)
	if e.closed {
		close(listener)
		return nil, false, listener, func() {}
	}
	e.listeners[listener] = true
	stop = func() {
		e.mutex.Lock()
		defer e.mutex.Unlock()
		e.drop(listener)
	}
	if after == "" {
		return nil, true, listener, stop
	}
	seen, ok := e.number(after)
	oldest := e.last - uint64(len(e.kept))
	if !ok || seen > e.last || seen < oldest {
		return nil, false, listener, stop
	}
	return append([]Event{}, e.kept[seen-oldest:]...), true, listener, stop
}

// number is the place of an event in this run.
func (e *Events) number(id string) (uint64, bool) {
	run, text, _ := strings.Cut(id, "-")
	number, err := strconv.ParseUint(text, 10, 64)
	return number, err == nil && run == e.run
}

// Close ends all listening.
func (e *Events) Close() {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.closed = true
	for listener := range e.listeners {
		e.drop(listener)
	}
}
