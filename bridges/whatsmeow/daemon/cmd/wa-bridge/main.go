// Command wa-bridge is the second bridge of whatsapp-hybrid-mcp: a linked device that writes what it receives into
// messages.db, and a door for the Node program.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

// world is which WhatsApp the program works with.
type world struct {
	http      *http.Client
	simulated bool
}

func main() {
	settings, err := readSettings(os.Args[1:], os.Getenv, os.Stderr)
	if err == nil {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		err = run(ctx, settings, func(address string) { fmt.Fprintf(os.Stderr, "wa-bridge listens on %s\n", address) })
	}
	switch {
	case err == nil:
	case errors.Is(err, flag.ErrHelp):
	default:
		explain(os.Stderr, err)
		os.Exit(1)
	}
}
