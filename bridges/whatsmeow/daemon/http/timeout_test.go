package http

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// shortLimits are short timeouts that a test can wait for.
func shortLimits(change func(*limits)) limits {
	short := defaultLimits
	short.header, short.request, short.answer = 200*time.Millisecond, 200*time.Millisecond, 200*time.Millisecond
	if change != nil {
		change(&short)
	}
	return short
}

// dribble sends the beginning at once and the rest byte by byte until the server closes, and returns the server's
// answer.
func (d *testServer) dribble(t *testing.T, beginning, rest string) string {
	t.Helper()
	conn, err := net.Dial("tcp", d.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, beginning); err != nil {
		t.Fatal(err)
	}
	go func() {
		ticker := time.NewTicker(10 * time.Millisecond)
		defer ticker.Stop()
		for i := range rest {
			if _, err := conn.Write([]byte{rest[i]}); err != nil {
				return
			}
			<-ticker.C
		}
	}()
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	text, err := io.ReadAll(conn)
	if err != nil && !errors.Is(err, syscall.ECONNRESET) {
		t.Fatalf("it is still waited for: %v", err)
	}
	return string(text)
}

func TestAClientThatSendsTooSlowlyIsLeft(t *testing.T) {
	d := newTestServerWithin(t, shortLimits(nil))
	slow := strings.Repeat("x", 5000)
	post := d.post(`{"name":"` + slow + `"}`)
	head := strings.Index(post, "\r\n\r\n") + 4
	for name, test := range map[string]struct {
		at   string
		rest string
		line string
	}{
		"in its header":                {"GET /healthz HTTP/1.1\r\n", "X-Slow: " + slow, ""},
		"in its first line":            {"GET /heal", "", "HTTP/1.1 400 Bad Request"},
		"with nothing":                 {"", "", ""},
		"in its body":                  {post[:head], post[head:], "HTTP/1.1 408 Request Timeout"},
		"in a body of parts":           {d.post("", "Transfer-Encoding: chunked"), "1388\r\n" + slow, "HTTP/1.1 408 Request Timeout"},
		"in a body that is not wanted": {strings.Replace(post[:head], secret, "x", 1), post[head:], "HTTP/1.1 401 Unauthorized"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			line, _, _ := strings.Cut(d.dribble(t, test.at, test.rest), "\r\n")
			if line != test.line {
				t.Errorf("it was told %q", line)
			}
		})
	}
}

func TestAnOperationMayTakeLongerThanARequest(t *testing.T) {
	d := newTestServerWithin(t, shortLimits(nil))
	go func() {
		<-time.After(4 * d.server.limits.request)
		<-d.lasting
	}()
	if response, text := d.ask(t, "POST", "/v1/greeting.last", "{}", nil); response.StatusCode != http.StatusOK || text != `{"ended":false}`+"\n" {
		t.Errorf("%d %s", response.StatusCode, text)
	}
}

func TestAnOperationThatTakesTooLongIsEnded(t *testing.T) {
	d := newTestServerWithin(t, shortLimits(func(l *limits) { l.operation = 50 * time.Millisecond }))
	if response, text := d.ask(t, "POST", "/v1/greeting.wait", "{}", nil); response.StatusCode != http.StatusGatewayTimeout || !strings.Contains(text, string(domain.Timeout)) {
		t.Errorf("%d %s", response.StatusCode, text)
	}
}

func TestAnOperationEndsWhenNobodyWaitsForIt(t *testing.T) {
	d := newTestServer(t)
	conn, err := net.Dial("tcp", d.address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, d.request("POST", "/v1/greeting.wait", "{}", "Content-Type: application/json", "Content-Length: 2")); err != nil {
		t.Fatal(err)
	}
	<-d.began
	conn.Close()
	select {
	case <-d.gone:
	case <-time.After(10 * time.Second):
		t.Fatal("it goes on")
	}
}

func TestListenersAreKeptAndThoseThatDoNotReadAreLeft(t *testing.T) {
	d := newTestServerWithin(t, shortLimits(func(l *limits) { l.keepAlive = 20 * time.Millisecond }))
	conn, err := net.Dial("tcp", d.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, d.request("GET", "/v1/events", "")); err != nil {
		t.Fatal(err)
	}
	reader := bufio.NewReader(conn)
	for here := 0; here < 30; { // three times the limit of a request
		line, err := reader.ReadString('\n')
		if err != nil {
			t.Fatalf("after %d signs of life: %v", here, err)
		}
		if strings.Contains(line, ": here") {
			here++
		}
	}
	large := []byte(strings.Repeat("x", 256<<10))
	for begun := time.Now(); len(d.server.listeners) > 0; {
		d.events.Publish("large", large)
		if time.Since(begun) > 20*time.Second {
			t.Fatal("a listener that does not read is still waited for")
		}
	}
}
