// Package device is the linked device: the whatsmeow client, its sessions, its log and its errors.
package device

import (
	"log/slog"

	signal "go.mau.fi/libsignal/logger"
	waLog "go.mau.fi/whatsmeow/util/log"
)

// quiet logs the library's messages without their arguments, which contain addresses, stanzas and keys. Only the
// constant text of the library remains.
type quiet struct{ log *slog.Logger }

// LibraryLog returns a log for the library that can hold no text of other people.
func LibraryLog(log *slog.Logger) waLog.Logger { return quiet{log} }

func (q quiet) Errorf(text string, _ ...any)   { q.log.Error("library", "said", text) }
func (q quiet) Warnf(text string, _ ...any)    { q.log.Warn("library", "said", text) }
func (q quiet) Infof(text string, _ ...any)    { q.log.Info("library", "said", text) }
func (q quiet) Debugf(text string, _ ...any)   { q.log.Debug("library", "said", text) }
func (q quiet) Sub(module string) waLog.Logger { return quiet{q.log.With("module", module)} }

// ciphers is the same for the cipher library, which otherwise writes to stdout.
type ciphers struct{ log *slog.Logger }

// QuietCiphers sets the process-wide log of the cipher library.
func QuietCiphers(log *slog.Logger) {
	var logger signal.Loggable = ciphers{log}
	signal.Setup(&logger)
}

func (c ciphers) Error(caller, _ string)   { c.log.Warn("a cipher failed", "place", caller) }
func (c ciphers) Warning(caller, _ string) { c.log.Info("a cipher warned", "place", caller) }
func (c ciphers) Info(_, _ string)         {}
func (c ciphers) Debug(_, _ string)        {}
func (c ciphers) Configure(string)         {}
