package http

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"strconv"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// plainHeaders follow the status line where net/http answers by itself, in plain text: what it cannot read as a request
// never reaches a handler. An answer of a handler begins with other headers.
var plainHeaders = []byte("Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n")

// problemListener makes a problem of those answers too, so that every refusal has one form.
type problemListener struct{ net.Listener }

func (l problemListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &problemConn{conn}, nil
}

type problemConn struct{ net.Conn }

func (c *problemConn) Write(text []byte) (int, error) {
	status := plainStatus(text)
	if status == 0 {
		return c.Conn.Write(text)
	}
	if _, err := c.Conn.Write(plainProblem(status)); err != nil {
		return 0, err
	}
	return len(text), nil
}

// CloseWrite lets the other side read an answer to the end though it is still sending.
func (c *problemConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return c.Conn.Close()
}

// plainStatus is the status of an answer in plain text, or 0.
func plainStatus(text []byte) int {
	line, rest, _ := bytes.Cut(text, []byte("\r\n"))
	if !bytes.HasPrefix(rest, plainHeaders) || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) || len(line) < 12 {
		return 0
	}
	status, err := strconv.Atoi(string(line[9:12]))
	if err != nil {
		return 0
	}
	return status
}

func plainProblem(status int) []byte {
	text, err := json.Marshal(problemOf(status, domain.Errorf(domain.InvalidInput, "This is no request that wa-bridge reads.")))
	if err != nil {
		return nil
	}
	return fmt.Appendf(nil, "HTTP/1.1 %d %s\r\nContent-Type: application/problem+json\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s",
		status, title(status), len(text), text)
}
