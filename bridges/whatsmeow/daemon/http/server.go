package http

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path"
	"slices"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

const (
	maxBodyBytes   = 1 << 20
	maxConcurrent  = 64
	maxListeners   = 32
	maxHeaderBytes = 16 << 10
)

// limits are the timeouts for each part of a request, and the number of open connections. An operation gets more time
// than the client waits for it: the client gives up first, and then asks the next bridge.
type limits struct {
	header, request, operation, answer, idle, keepAlive time.Duration
	connections                                         int
}

var defaultLimits = limits{header: 5 * time.Second, request: 15 * time.Second,
	operation: 2 * domain.LongestTimeout, answer: 10 * time.Second,
	idle: time.Minute, keepAlive: 15 * time.Second, connections: 256}

// Options are what a server needs from the rest of the program.
type Options struct {
	Token      string
	Status     func() domain.BridgeStatus
	Version    map[string]string
	Operations Operations
	Events     *Events
	Log        *slog.Logger
}

// Server serves the API. It runs before a phone is linked.
type Server struct {
	options   Options
	limits    limits
	guard     *guard
	open      *connections
	slots     chan struct{}
	listeners chan struct{}
	server    *http.Server
}

// NewServer returns a server for a port that is already open.
func NewServer(address net.Addr, options Options) *Server {
	return newServer(address, options, defaultLimits)
}

func newServer(address net.Addr, options Options, limits limits) *Server {
	s := &Server{options: options, limits: limits, guard: newGuard(options.Token, address),
		open:  newConnections(limits.connections),
		slots: make(chan struct{}, maxConcurrent), listeners: make(chan struct{}, maxListeners)}
	routes := http.NewServeMux()
	for pattern, handler := range s.routes() {
		routes.HandleFunc(pattern, handler)
	}
	s.server = &http.Server{
		Handler: s.guarded(routes), ReadHeaderTimeout: limits.header, ReadTimeout: limits.request,
		IdleTimeout:    limits.idle,
		MaxHeaderBytes: maxHeaderBytes,
		// net/http would answer OPTIONS * before the guard.
		DisableGeneralOptionsHandler: true, ConnContext: s.open.opened, ConnState: s.open.changed,
		ErrorLog: slog.NewLogLogger(options.Log.Handler(), slog.LevelDebug),
	}
	return s
}

// routes returns the handlers of all paths.
func (s *Server) routes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /healthz": func(w http.ResponseWriter, _ *http.Request) {
			answer(w, http.StatusOK, map[string]string{"status": "ok"})
		},
		"GET /readyz":          s.ready,
		"GET /v1/status":       s.status,
		"GET /v1/operations":   s.listOperations,
		"GET /v1/events":       s.stream,
		"POST /v1/hello":       s.hello,
		"POST /v1/proof":       s.prove,
		"POST /v1/{operation}": s.runOperation,
	}
}

func (s *Server) status(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, struct {
		domain.BridgeStatus
		Version map[string]string `json:"version"`
	}{s.options.Status(), s.options.Version})
}

// Serve serves requests and returns after Close.
func (s *Server) Serve(listener net.Listener) error {
	if err := s.server.Serve(problemListener{listener}); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Close stops the server. Running operations may finish while the context allows it.
func (s *Server) Close(ctx context.Context) error {
	s.options.Events.Close()
	if err := s.server.Shutdown(ctx); err != nil {
		return s.server.Close()
	}
	return nil
}

// guarded checks every request before its route and turns panics into problem documents.
func (s *Server) guarded(routes *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Cache-Control", "no-store")
		if status, failure := s.guard.check(r, s.open.isProven(r)); failure != nil {
			if status == http.StatusUnauthorized {
				header.Set("WWW-Authenticate", "Bearer")
			}
			refuse(w, status, failure)
			return
		}
		if s.guard.hasToken(r.Header.Values("Authorization")) {
			s.open.trust(r)
		}
		defer func() {
			if defect := recover(); defect != nil {
				s.options.Log.Error("a request failed", "path", r.Pattern)
				fail(w, errors.New("panic"))
			}
		}()
		handler, pattern := routes.Handler(r)
		switch {
		case path.Clean(r.URL.Path) != r.URL.Path: // ServeMux would redirect to the clean path
			fail(w, domain.Errorf(domain.NotFound, "There is nothing at this path."))
			return
		case pattern == "":
			s.noRoute(w, r, handler)
			return
		}
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(s.limits.operation + s.limits.answer))
		routes.ServeHTTP(w, r)
	})
}

// readBody reads the body of a request and fails when it is too large.
func (s *Server) readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength > maxBodyBytes {
		return nil, &http.MaxBytesError{Limit: maxBodyBytes}
	}
	return io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
}

// noRoute distinguishes a wrong method from a wrong path as ServeMux does, and answers with a problem document.
func (s *Server) noRoute(w http.ResponseWriter, r *http.Request, handler http.Handler) {
	probe := &statusProbe{header: http.Header{}}
	handler.ServeHTTP(probe, r)
	if probe.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", probe.header.Get("Allow"))
		refuse(w, probe.status, domain.Errorf(domain.InvalidInput, "This path is asked with another method."))
		return
	}
	fail(w, domain.Errorf(domain.NotFound, "There is nothing at this path."))
}

type statusProbe struct {
	header http.Header
	status int
}

func (p *statusProbe) Header() http.Header         { return p.header }
func (p *statusProbe) Write(b []byte) (int, error) { return len(b), nil }
func (p *statusProbe) WriteHeader(status int)      { p.status = status }

// ready reports whether operations can be carried out now.
func (s *Server) ready(w http.ResponseWriter, _ *http.Request) {
	status := s.options.Status()
	code := http.StatusServiceUnavailable
	if slices.Contains([]domain.State{domain.Ready, domain.Syncing, domain.Degraded}, status.State) {
		code = http.StatusOK
	}
	answer(w, code, map[string]domain.State{"state": status.State})
}

func (s *Server) listOperations(w http.ResponseWriter, _ *http.Request) {
	names := make([]string, 0, len(s.options.Operations))
	for name := range s.options.Operations {
		names = append(names, name)
	}
	slices.Sort(names)
	answer(w, http.StatusOK, map[string][]string{"operations": names})
}

func (s *Server) runOperation(w http.ResponseWriter, r *http.Request) {
	operation, ok := s.options.Operations[r.PathValue("operation")]
	if !ok {
		fail(w, domain.Errorf(domain.NotSupported,
			"This wa-bridge has no such operation; GET /v1/operations lists them."))
		return
	}
	if !isJSON(r) {
		refuse(w, http.StatusUnsupportedMediaType, domain.Errorf(domain.InvalidInput,
			"The body must be application/json."))
		return
	}
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	default:
		fail(w, domain.Errorf(domain.RateLimited, "Too many requests at once."))
		return
	}
	body, err := s.readBody(w, r)
	if err != nil {
		s.failBody(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.limits.operation)
	defer cancel()
	output, err := operation.Run(ctx, body)
	if err != nil {
		if failure := asError(err); failure.Code == domain.Internal {
			s.options.Log.Error("an operation failed", "operation", r.PathValue("operation"), "kind",
				kindOf(failure.Cause))
		}
		fail(w, err)
		return
	}
	answer(w, http.StatusOK, output)
}

func (s *Server) failBody(w http.ResponseWriter, err error) {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		refuse(w, http.StatusRequestEntityTooLarge, domain.Errorf(domain.InvalidInput,
			"The body is larger than 1 MiB."))
	case errors.Is(err, os.ErrDeadlineExceeded):
		refuse(w, http.StatusRequestTimeout, domain.Errorf(domain.Timeout, "The body did not arrive."))
	default:
		fail(w, domain.Errorf(domain.InvalidInput, "The body ended too early, or its parts cannot be told apart."))
	}
}
