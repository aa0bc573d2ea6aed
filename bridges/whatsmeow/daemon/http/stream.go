package http

import (
	"fmt"
	"net/http"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// kindOf returns the type of an error: its text may hold anything.
func kindOf(err error) string { return fmt.Sprintf("%T", err) }

// stream sends events as they happen (text/event-stream). A listener that sends Last-Event-ID gets the events since
// then, or an event `reset` when they are no longer kept: then it must read everything again.
func (s *Server) stream(w http.ResponseWriter, r *http.Request) {
	select {
	case s.listeners <- struct{}{}:
		defer func() { <-s.listeners }()
	default:
		fail(w, domain.Errorf(domain.RateLimited, "Too many listeners."))
		return
	}
	missed, whole, following, stop := s.options.Events.Listen(r.Header.Get("Last-Event-ID"))
	defer stop()
	out := &eventWriter{writer: w, control: http.NewResponseController(w), limit: s.limits.answer}
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	out.write(": connected\n\n")
	if !whole {
		out.write("event: reset\ndata: {}\n\n")
	}
	for _, event := range missed {
		out.event(event)
	}
	keepAlive := time.NewTicker(s.limits.keepAlive)
	defer keepAlive.Stop()
	for out.err == nil {
		select {
		case <-r.Context().Done():
			return
		case event, open := <-following:
			if !open {
				return
			}
			out.event(event)
		case <-keepAlive.C:
			out.write(": here\n\n")
		}
	}
}

// eventWriter limits the time of each write, so that a listener that does not read cannot block the server.
type eventWriter struct {
	writer  http.ResponseWriter
	control *http.ResponseController
	limit   time.Duration
	err     error
}

func (o *eventWriter) event(event Event) {
	o.write(fmt.Sprintf("id: %s\nevent: %s\ndata: %s\n\n", event.ID, event.Name, event.Data))
}

func (o *eventWriter) write(text string) {
	if o.err != nil {
		return
	}
	if o.err = o.control.SetWriteDeadline(time.Now().Add(o.limit)); o.err != nil {
		return
	}
	if _, o.err = o.writer.Write([]byte(text)); o.err == nil {
		o.err = o.control.Flush()
	}
}
