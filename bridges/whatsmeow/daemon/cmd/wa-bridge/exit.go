package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"syscall"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
)

// The exit codes. Starting the program again can help only after exitFailed.
const (
	exitFailed    = 1
	exitSettings  = 2 // flags, a token file that others can read, or a data directory that others may change
	exitRunning   = 3 // another wa-bridge uses this data directory
	exitPortTaken = 4
	exitData      = 5 // a database has an unknown version, is damaged or cannot be used
)

// settingsError marks an error in flags or environment variables.
type settingsError struct{ error }

func (w settingsError) Unwrap() error { return w.error }

// windowsAddressInUse is WSAEADDRINUSE; package syscall defines it on Windows only.
const windowsAddressInUse = syscall.Errno(10048)

// reportExit returns the exit code for an error and prints the error for a person at a terminal. It prints nothing on
// success.
func reportExit(output io.Writer, s settings, err error) int {
	var failure *domain.Error
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.As(err, &settingsError{}):
		fmt.Fprintln(output, "wa-bridge:", err)
		return exitSettings
	case errors.Is(err, syscall.EADDRINUSE), errors.Is(err, windowsAddressInUse):
		fmt.Fprintf(output, "wa-bridge: port %d on %s is taken by another program; name another one with --port, or WHATSAPP_BRIDGE_URL for both programs\n", s.port, s.host)
		return exitPortTaken
	}
	fmt.Fprintln(output, "wa-bridge:", err)
	switch {
	case errors.Is(err, sqlite.ErrLocked):
		return exitRunning
	case !errors.As(err, &failure):
		return exitFailed
	case failure.Code == domain.SchemaMismatch, failure.Code == domain.StoreUnavailable && !sqlite.IsTransient(err):
		return exitData
	case failure.Code == domain.NotPermitted, failure.Code == domain.InvalidInput:
		return exitSettings
	}
	return exitFailed
}
