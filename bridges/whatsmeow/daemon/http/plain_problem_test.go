package http

import (
	"io"
	"net"
	"strings"
	"testing"
)

// Only the plain-text answers of net/http become problem documents.
func TestProblemConn_Write(t *testing.T) {
	const headers = "Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
	for text, want := range map[string]int{
		"HTTP/1.1 400 Bad Request\r\n" + headers + "400 Bad Request":                 400,
		"HTTP/1.1 431 Request Header Fields Too Large\r\n" + headers:                 431,
		"HTTP/1.1 200 OK\r\nCache-Control: no-store\r\n" + headers:                   0,
		"HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\n\r\n": 0,
		"HTTP/1.1 4x0 Bad Request\r\n" + headers:                                     0,
		"HTTP/1.1\r\n" + headers:                                                     0,
		"data: HTTP/1.1 400 Bad Request\r\n" + headers:                               0,
		"": 0,
	} {
		if got := plainStatus([]byte(text)); got != want {
			t.Errorf("%q is %d", text, got)
		}
	}
}

// A client reads the whole answer even while it is still sending.
func TestProblemConn_CloseWrite(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	client, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	server, err := problemListener{listener}.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	if _, err := io.WriteString(server, "the answer"); err != nil {
		t.Fatal(err)
	}
	if err := server.(*problemConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(client); string(text) != "the answer" || err != nil {
		t.Errorf("read %q, %v", text, err)
	}
	long := strings.Repeat("x", 1<<20)
	go func() {
		_, _ = io.WriteString(client, long)
		client.Close()
	}()
	if text, err := io.ReadAll(server); string(text) != long || err != nil {
		t.Errorf("got %d bytes, %v", len(text), err)
	}
}
