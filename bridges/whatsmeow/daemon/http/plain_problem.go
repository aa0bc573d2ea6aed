package http

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"strconv"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// plainHeaders follow the status line of the plain-text errors that net/http sends itself, for requests that it
// cannot parse. The answers of our handlers begin with other headers.
var plainHeaders = []byte("Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n")

// problemListener replaces those answers by problem documents, so that every error has one form.
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

// CloseWrite lets a client that is still sending read the answer to its end.
func (c *problemConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return c.Conn.Close()
}

// plainStatus returns the status of a plain-text answer of net/http, or 0 for any other answer.
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
