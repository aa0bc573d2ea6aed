package http

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

const secret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

type greeting struct {
	Name string     `json:"name"`
	JID  domain.JID `json:"jid"`
}

// syncLog is a log that can be read while it is written.
type syncLog struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (l *syncLog) Write(text []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.Write(text)
}

func (l *syncLog) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.String()
}

// testServer is a server with a few operations on a free port.
type testServer struct {
	address string
	events  *Events
	log     *syncLog
	server  *Server
	// lasting blocks greeting.last; greeting.wait reports its start and its end on began and gone.
	lasting, began, gone chan struct{}
	state                atomic.Value
}

func newTestServer(t *testing.T) *testServer { return newTestServerWithin(t, defaultLimits) }

func newTestServerWithin(t *testing.T, limits limits) *testServer {
	t.Helper()
	listener, err := Listen("127.0.0.1", 0, false, false)
	if err != nil {
		t.Fatal(err)
	}
	d := &testServer{address: listener.Addr().String(), events: NewEvents(), log: &syncLog{}, lasting: make(chan struct{}), began: make(chan struct{}, maxConcurrent), gone: make(chan struct{}, maxConcurrent)}
	d.state.Store(domain.Unlinked)
	waiting := func(ctx context.Context, _ struct{}) (any, error) {
		d.began <- struct{}{}
		<-ctx.Done()
		d.gone <- struct{}{}
		return nil, ctx.Err()
	}
	lasting := func(ctx context.Context, _ struct{}) (any, error) {
		select {
		case d.lasting <- struct{}{}:
		case <-ctx.Done():
		}
		return map[string]any{"ended": ctx.Err() != nil}, nil
	}
	server := newServer(listener.Addr(), Options{
		Token: secret, Events: d.events, Log: slog.New(slog.NewTextHandler(d.log, nil)), Version: map[string]string{"schema": "4"},
		Status: func() domain.BridgeStatus { return domain.BridgeStatus{State: d.state.Load().(domain.State)} },
		Operations: Operations{
			"greeting.say": Define(func(_ context.Context, in greeting) (any, error) {
				return map[string]any{"said": in.Name, "to": in.JID}, nil
			}),
			"greeting.fail":   Define(func(context.Context, struct{}) (any, error) { return nil, errors.New("private words") }),
			"greeting.refuse": Define(func(context.Context, struct{}) (any, error) { return nil, domain.Errorf(domain.NotLinked, "No phone.") }),
			"greeting.panic":  Define(func(context.Context, struct{}) (any, error) { panic("private words") }),
			"greeting.wait":   Define(waiting),
			"greeting.last":   Define(lasting),
		},
	}, limits)
	d.server = server
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		if err := errors.Join(server.Close(ctx), <-served); err != nil {
			t.Error(err)
		}
	})
	return d
}

// ask sends a valid request after the changes of a case.
func (d *testServer) ask(t *testing.T, method, path, body string, change func(*http.Request)) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequest(method, "http://"+d.address+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+secret)
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/json")
	}
	if change != nil {
		change(request)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(text)
}

func set(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func TestWhoMayNotAskIsRefusedWithTheRightWords(t *testing.T) {
	d := newTestServer(t)
	_, port, _ := net.SplitHostPort(d.address)
	say := func(body string) [3]string { return [3]string{"POST", "/v1/greeting.say", body} }
	status := [3]string{"GET", "/v1/status", ""}
	health := [3]string{"GET", "/healthz", ""}
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	for name, test := range map[string]struct {
		ask    [3]string
		change func(*http.Request)
		status int
		code   domain.Code
	}{
		"no token":              {status, func(r *http.Request) { r.Header.Del("Authorization") }, 401, domain.NotPermitted},
		"wrong token":           {status, set("Authorization", "Bearer "+strings.Repeat("0", 64)), 401, domain.NotPermitted},
		"part of the token":     {status, set("Authorization", "Bearer "+secret[:63]), 401, domain.NotPermitted},
		"another scheme":        {status, set("Authorization", "Basic "+secret), 401, domain.NotPermitted},
		"two tokens":            {status, func(r *http.Request) { r.Header.Add("Authorization", "Bearer "+secret) }, 401, domain.NotPermitted},
		"no token, no such way": {[3]string{"GET", "/nothing", ""}, set("Authorization", ""), 401, domain.NotPermitted},
		"foreign host":          {status, host("attacker.example:" + port), 421, domain.NotPermitted},
		"host without its port": {status, host("127.0.0.1"), 421, domain.NotPermitted},
		"host of another port":  {status, host("127.0.0.1:1"), 421, domain.NotPermitted},
		"host, for health":      {health, host("attacker.example:" + port), 421, domain.NotPermitted},
		"localhost":             {status, host("LocalHost:" + port), 200, ""},
		"a web page":            {status, set("Origin", "https://attacker.example"), 403, domain.NotPermitted},
		"a page of this port":   {status, set("Origin", "http://127.0.0.1:"+port), 403, domain.NotPermitted},
		"an origin called null": {health, set("Origin", "null"), 403, domain.NotPermitted},
		"an empty origin":       {status, set("Origin", ""), 403, domain.NotPermitted},
		"health without token":  {health, func(r *http.Request) { r.Header.Del("Authorization") }, 200, ""},
		"readiness needs one":   {[3]string{"GET", "/readyz", ""}, func(r *http.Request) { r.Header.Del("Authorization") }, 401, domain.NotPermitted},
		"another method":        {[3]string{"DELETE", "/v1/status", ""}, nil, 405, domain.InvalidInput},
		"another path":          {[3]string{"GET", "/v1/status/more", ""}, nil, 404, domain.NotFound},
		"an unknown operation":  {[3]string{"POST", "/v1/greeting.forget", "{}"}, nil, 501, domain.NotSupported},
		"a form":                {say("name=x"), set("Content-Type", "application/x-www-form-urlencoded"), 415, domain.InvalidInput},
		"no type":               {say("{}"), func(r *http.Request) { r.Header.Del("Content-Type") }, 415, domain.InvalidInput},
		"an oversized body":     {say(`{"name":"` + strings.Repeat("x", maxBodyBytes) + `"}`), nil, 413, domain.InvalidInput},
		"an unknown field":      {say(`{"name":"x","nmae":"y"}`), nil, 400, domain.InvalidInput},
		"a malformed address":   {say(`{"jid":"15550100001"}`), nil, 400, domain.InvalidInput},
		"an address of a type":  {say(`{"jid":7}`), nil, 400, domain.InvalidInput},
		"another type":          {say(`{"name":7}`), nil, 400, domain.InvalidInput},
		"a list":                {say(`[]`), nil, 400, domain.InvalidInput},
		"no JSON":               {say(`{"name":`), nil, 400, domain.InvalidInput},
		"more than an object":   {say(`{"name":"x"} {}`), nil, 400, domain.InvalidInput},
		"null":                  {say(`null`), nil, 400, domain.InvalidInput},
		"a failure of ours":     {[3]string{"POST", "/v1/greeting.fail", ""}, nil, 500, domain.Internal},
		"a defect of ours":      {[3]string{"POST", "/v1/greeting.panic", ""}, nil, 500, domain.Internal},
		"a refusal":             {[3]string{"POST", "/v1/greeting.refuse", ""}, nil, 401, domain.NotLinked},
	} {
		t.Run(name, func(t *testing.T) {
			response, text := d.ask(t, test.ask[0], test.ask[1], test.ask[2], test.change)
			if response.StatusCode != test.status {
				t.Fatalf("status %d: %s", response.StatusCode, text)
			}
			if response.Header.Get("X-Content-Type-Options") != "nosniff" || response.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("headers %v", response.Header)
			}
			if test.code == "" {
				return
			}
			var told problem
			if err := json.Unmarshal([]byte(text), &told); err != nil || told.Code != test.code || told.Status != test.status || told.Title == "" || told.Detail == "" {
				t.Errorf("problem %s", text)
			}
			if response.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("type %s", response.Header.Get("Content-Type"))
			}
			for _, private := range []string{"private words", "nmae", secret} {
				if strings.Contains(text+d.log.String(), private) {
					t.Errorf("%q was said: %s %s", private, text, d.log.String())
				}
			}
		})
	}
}

func TestAnOperationAnswersWithItsOutput(t *testing.T) {
	d := newTestServer(t)
	response, text := d.ask(t, "POST", "/v1/greeting.say", ` {"name":"<b>é","jid":"15550100001:7@s.whatsapp.net"} `, set("Content-Type", "application/json; charset=utf-8"))
	if response.StatusCode != 200 || text != `{"said":"<b>é","to":"15550100001@s.whatsapp.net"}`+"\n" {
		t.Errorf("%d %s", response.StatusCode, text)
	}
	if _, text := d.ask(t, "GET", "/v1/operations", "", nil); text != `{"operations":["greeting.fail","greeting.last","greeting.panic","greeting.refuse","greeting.say","greeting.wait"]}`+"\n" {
		t.Error(text)
	}
}

func TestTheStateIsToldBeforeAndAfterPairing(t *testing.T) {
	d := newTestServer(t)
	for state, code := range map[domain.State]int{domain.Unlinked: 503, domain.Ready: 200, domain.Syncing: 200, domain.Degraded: 200, domain.Replaced: 503} {
		d.state.Store(state)
		if response, text := d.ask(t, "GET", "/readyz", "", nil); response.StatusCode != code || text != `{"state":"`+string(state)+`"}`+"\n" {
			t.Errorf("%s: %d %s", state, response.StatusCode, text)
		}
	}
	d.state.Store(domain.Unlinked)
	if _, text := d.ask(t, "GET", "/v1/status", "", nil); text != `{"state":"unlinked","linked":false,"connected":false,"jid":null,"lid":null,"message":null,"gaps":0,"pending_history":0,"version":{"schema":"4"}}`+"\n" {
		t.Error(text)
	}
}

func TestTooManyOperationsAtOnceAreRefusedAndTheOthersGoOn(t *testing.T) {
	d := newTestServer(t)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{}, maxConcurrent)
	for range maxConcurrent {
		go func() {
			defer func() { ended <- struct{}{} }()
			request, _ := http.NewRequestWithContext(ctx, "POST", "http://"+d.address+"/v1/greeting.wait", strings.NewReader("{}"))
			request.Header.Set("Authorization", "Bearer "+secret)
			request.Header.Set("Content-Type", "application/json")
			if response, err := http.DefaultClient.Do(request); err == nil {
				response.Body.Close()
			}
		}()
	}
	for range maxConcurrent {
		<-d.began
	}
	if response, text := d.ask(t, "POST", "/v1/greeting.say", "{}", nil); response.StatusCode != http.StatusTooManyRequests {
		t.Errorf("one more: %d %s", response.StatusCode, text)
	}
	cancel()
	for range maxConcurrent {
		<-ended
	}
	for { // the server notices the last ones later
		if response, _ := d.ask(t, "POST", "/v1/greeting.say", "{}", nil); response.StatusCode == http.StatusOK {
			return
		}
	}
}
