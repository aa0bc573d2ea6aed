package http

import (
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"strings"
	"sync"
)

// Event is a change that listeners are notified of. Data is JSON without text of other people.
type Event struct {
	ID   string
	Name string
	Data []byte
}

// maxKeptEvents is how many events a listener can catch up on. A listener that is further behind must read everything
// again.
const maxKeptEvents = 1024

// listenerBuffer is how many events a listener may be behind before it is disconnected. It can resume from its last
// id.
const listenerBuffer = 64

// Events keeps the latest events and sends them to listeners. Event ids are valid for one run of the program only.
type Events struct {
	mutex     sync.Mutex
	run       string
	last      uint64
	kept      []Event
	listeners map[chan Event]bool
	closed    bool
}

// NewEvents returns an empty list of events.
func NewEvents() *Events {
	run := make([]byte, 6)
	_, _ = rand.Read(run) // never fails on the systems that Go supports
	return &Events{run: hex.EncodeToString(run), listeners: map[chan Event]bool{}}
}

// Publish sends an event to all listeners. It never blocks: a listener that is too slow is disconnected.
func (e *Events) Publish(name string, data []byte) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.last++
	event := Event{ID: e.run + "-" + strconv.FormatUint(e.last, 10), Name: name, Data: data}
	e.kept = append(e.kept, event)
	if len(e.kept) > maxKeptEvents {
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

// Listen returns the events since an id, and a channel of those that follow. whole is false when some events are
// lost: the listener must read everything again. The channel is closed when the listener is too slow or the program
// ends.
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

// number returns the number of an event of this run, and false for an id of another run.
func (e *Events) number(id string) (uint64, bool) {
	run, text, _ := strings.Cut(id, "-")
	number, err := strconv.ParseUint(text, 10, 64)
	return number, err == nil && run == e.run
}

// Close disconnects all listeners.
func (e *Events) Close() {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.closed = true
	for listener := range e.listeners {
		e.drop(listener)
	}
}
