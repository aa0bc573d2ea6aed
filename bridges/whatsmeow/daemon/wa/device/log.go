// Package wa is the linked device: the library, its state, and what arrives through it.
package device

import (
	"log/slog"

	signal "go.mau.fi/libsignal/logger"
	waLog "go.mau.fi/whatsmeow/util/log"
)

// quiet hands the library's messages on without their arguments: in those are addresses, stanzas and keys. What is
// left is the text that stands in the library's source.
type quiet struct{ log *slog.Logger }

// LibraryLog is a log for the library, in which nothing of other people's can appear.
func LibraryLog(log *slog.Logger) waLog.Logger { return quiet{log} }

func (q quiet) Errorf(text string, _ ...any)   { q.log.Error("library", "said", text) }
func (q quiet) Warnf(text string, _ ...any)    { q.log.Warn("library", "said", text) }
func (q quiet) Infof(text string, _ ...any)    { q.log.Info("library", "said", text) }
func (q quiet) Debugf(text string, _ ...any)   { q.log.Debug("library", "said", text) }
func (q quiet) Sub(module string) waLog.Logger { return quiet{q.log.With("module", module)} }

// ciphers is the same for the library's ciphers, which would write to stdout by themselves.
type ciphers struct{ log *slog.Logger }

// QuietCiphers sets the one log of the cipher library.
func QuietCiphers(log *slog.Logger) {
	var logger signal.Loggable = ciphers{log}
	signal.Setup(&logger)
}

func (c ciphers) Error(caller, _ string)   { c.log.Warn("a cipher failed", "place", caller) }
func (c ciphers) Warning(caller, _ string) { c.log.Info("a cipher warned", "place", caller) }
func (c ciphers) Info(_, _ string)         {}
func (c ciphers) Debug(_, _ string)        {}
func (c ciphers) Configure(string)         {}
