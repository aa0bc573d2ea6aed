package http

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"time"
)

// client is an HTTP client that reuses its connection and reports whether it had to open a new one.
func (d *testServer) client(t *testing.T) (ask func() (status int, isOld bool)) {
	t.Helper()
	transport := &http.Transport{MaxConnsPerHost: 1}
	t.Cleanup(transport.CloseIdleConnections)
	return func() (status int, isOld bool) {
		t.Helper()
		request, err := http.NewRequest("GET", "http://"+d.address+"/v1/status", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+secret)
		trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { isOld = info.Reused }}
		response, err := transport.RoundTrip(request.WithContext(httptrace.WithClientTrace(request.Context(), trace)))
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		_, _ = io.Copy(io.Discard, response.Body)
		return response.StatusCode, isOld
	}
}

func TestAThousandStrangersKeepNobodyOut(t *testing.T) {
	d := newTestServer(t)
	early, late := d.client(t), d.client(t)
	if status, _ := early(); status != http.StatusOK {
		t.Fatal(status)
	}
	healthy := d.request("GET", "/healthz", "")
	for text, count := range map[string]int{"": 400, "GET /healthz HTTP/1.1\r\n": 200, strings.Replace(healthy, secret, "x", 1): 200,
		strings.Replace(d.post(`{"name":`), secret, "x", 1): 200} {
		for range count {
			conn, err := net.Dial("tcp", d.address)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_, _ = io.WriteString(conn, text) // the server may have closed it
		}
	}
	if status, isOld := early(); status != http.StatusOK || !isOld {
		t.Errorf("who was there before: %d, on its own connection: %t", status, isOld)
	}
	for range 3 {
		if status, _ := late(); status != http.StatusOK {
			t.Errorf("who comes late: %d", status)
		}
	}
	if open := d.openConnections(); open > defaultLimits.connections {
		t.Errorf("%d connections are open", open)
	}
}

func (d *testServer) openConnections() int {
	d.server.open.mutex.Lock()
	defer d.server.open.mutex.Unlock()
	return len(d.server.open.open)
}

func TestTheOldestStrangerGoesFirst(t *testing.T) {
	d := newTestServerWithin(t, shortLimits(func(l *limits) { l.header, l.connections = time.Minute, 3 }))
	trusted := d.client(t)
	trusted()
	var strangers []net.Conn
	for range 3 {
		conn, err := net.Dial("tcp", d.address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		strangers = append(strangers, conn)
	}
	isClosed := func(conn net.Conn) bool {
		_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		_, err := conn.Read(make([]byte, 1))
		return errors.Is(err, io.EOF)
	}
	if !isClosed(strangers[0]) {
		t.Error("the oldest one is still there")
	}
	if _, isOld := trusted(); !isOld {
		t.Error("who knows the token was closed")
	}
	for _, conn := range strangers[1:] {
		if _, err := io.WriteString(conn, d.request("GET", "/healthz", "")); err != nil {
			t.Fatal(err)
		}
		if text := make([]byte, 12); conn.SetReadDeadline(time.Now().Add(10*time.Second)) != nil {
			t.Fatal("no deadline")
		} else if _, err := io.ReadFull(conn, text); err != nil || string(text) != "HTTP/1.1 200" {
			t.Errorf("a younger one was told %q, %v", text, err)
		}
	}
}

func TestAnIdleConnectionMakesRoomWhenAllKnowTheToken(t *testing.T) {
	d := newTestServerWithin(t, shortLimits(func(l *limits) { l.connections = 3 }))
	first := d.client(t)
	for range 10 {
		if status, _ := d.client(t)(); status != http.StatusOK {
			t.Fatal(status)
		}
	}
	if status, isOld := first(); status != http.StatusOK || isOld {
		t.Errorf("who was closed: %d, on its old connection: %t", status, isOld)
	}
	if open := d.openConnections(); open > 3 {
		t.Errorf("%d are open", open)
	}
}

func TestOneAtWorkIsNotClosedForANewOne(t *testing.T) {
	d := newTestServerWithin(t, shortLimits(func(l *limits) { l.connections = 2 }))
	for range 2 {
		conn, err := net.Dial("tcp", d.address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, d.request("POST", "/v1/greeting.wait", "{}", "Content-Type: application/json", "Content-Length: 2")); err != nil {
			t.Fatal(err)
		}
		<-d.began
	}
	if answers := d.raw(t, d.request("GET", "/healthz", "")); len(answers) > 0 {
		t.Errorf("a third one was told %+v", answers)
	}
	if len(d.gone) > 0 {
		t.Error("an operation was ended for it")
	}
}
