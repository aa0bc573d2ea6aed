package http

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"sync"
)

// connections limits the number of open connections. Callers who do not know the token cannot keep others out: beyond
// the limit it closes the oldest connection that has not shown the token, or else the oldest idle one.
type connections struct {
	limit int

	mutex sync.Mutex
	open  map[net.Conn]*connection
	last  uint64
}

type connection struct {
	number  uint64
	trusted bool
	idle    bool
	// pending is the challenge that the caller has not answered yet. proven means that the caller answered one: this
	// connection needs no token.
	pending *challenge
	proven  bool
}

type connectionKey struct{}

func newConnections(limit int) *connections {
	return &connections{limit: limit, open: map[net.Conn]*connection{}}
}

// opened registers a new connection and returns a context from which its requests find it.
func (c *connections) opened(ctx context.Context, conn net.Conn) context.Context {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.last++
	one := &connection{number: c.last}
	c.open[conn] = one
	if len(c.open) > c.limit {
		c.closeOldest(one)
	}
	return context.WithValue(ctx, connectionKey{}, one)
}

// closeOldest closes one connection: the new one when all others are busy.
func (c *connections) closeOldest(newest *connection) {
	rank := func(one *connection) int {
		switch {
		case one == newest:
			return 2
		case !one.trusted:
			return 0
		case one.idle:
			return 1
		}
		return 3
	}
	var first net.Conn
	for conn, one := range c.open {
		if first == nil || cmp.Or(cmp.Compare(rank(one), rank(c.open[first])), cmp.Compare(one.number, c.open[first].number)) < 0 {
			first = conn
		}
	}
	delete(c.open, first)
	first.Close()
}

func (c *connections) changed(conn net.Conn, state http.ConnState) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	switch one := c.open[conn]; {
	case state == http.StateClosed || state == http.StateHijacked:
		delete(c.open, conn)
	case one != nil:
		one.idle = state == http.StateIdle
	}
}

// trust marks the connection of a request as one whose caller knows the token.
func (c *connections) trust(r *http.Request) {
	c.with(r, func(one *connection) { one.trusted = true })
}

// prove marks the connection of a request as one whose caller has proven that it knows the token.
func (c *connections) prove(r *http.Request) {
	c.with(r, func(one *connection) { one.trusted, one.proven = true, true })
}

func (c *connections) isProven(r *http.Request) (proven bool) {
	c.with(r, func(one *connection) { proven = one.proven })
	return proven
}

// challenge returns the open challenge of a request's connection and replaces it by next.
func (c *connections) challenge(r *http.Request, next *challenge) (last *challenge) {
	c.with(r, func(one *connection) { last, one.pending = one.pending, next })
	return last
}

func (c *connections) with(r *http.Request, do func(*connection)) {
	if one, ok := r.Context().Value(connectionKey{}).(*connection); ok {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		do(one)
	}
}
