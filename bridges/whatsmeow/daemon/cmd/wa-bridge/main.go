// Command wa-bridge is the second bridge of whatsapp-hybrid-mcp: a linked device that writes what it receives into
// messages.db, and an HTTP server for the Node program.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	settings, err := readSettings(os.Args[1:], os.Getenv, os.Stderr)
	if err != nil {
		os.Exit(reportExit(os.Stderr, settings, settingsError{err}))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	if settings.endWithStdin {
		ctx = withInput(ctx, os.Stdin)
	}
	err = run(ctx, settings, func(address string) { fmt.Fprintf(os.Stderr, "wa-bridge listens on %s\n", address) })
	stop()
	os.Exit(reportExit(os.Stderr, settings, err))
}

// withInput returns a context that is cancelled when the input ends.
func withInput(ctx context.Context, input io.Reader) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer cancel()
		_, _ = io.Copy(io.Discard, input)
	}()
	return ctx
}
