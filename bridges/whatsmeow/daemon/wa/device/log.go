// Package device is the linked device: the whatsmeow client, its sessions, its log and its errors.
package device

import (
	"log/slog"

	signal "go.mau.fi/libsignal/logger"
	waLog "go.mau.fi/whatsmeow/util/log"
)

// quietLog logs the library's messages without their arguments, which contain addresses, stanzas and keys. Only the
// constant text of the library remains.
type quietLog struct{ log *slog.Logger }

// LibraryLog returns a log for the library that can hold no text of other people.
func LibraryLog(log *slog.Logger) waLog.Logger { return quietLog{log} }

func (q quietLog) Errorf(text string, _ ...any)   { q.log.Error("library", "said", text) }
func (q quietLog) Warnf(text string, _ ...any)    { q.log.Warn("library", "said", text) }
func (q quietLog) Infof(text string, _ ...any)    { q.log.Info("library", "said", text) }
func (q quietLog) Debugf(text string, _ ...any)   { q.log.Debug("library", "said", text) }
func (q quietLog) Sub(module string) waLog.Logger { return quietLog{q.log.With("module", module)} }

// cipherLog is the same for the cipher library, which otherwise writes to stdout.
type cipherLog struct{ log *slog.Logger }

// QuietCiphers sets the process-wide log of the cipher library.
func QuietCiphers(log *slog.Logger) {
	var logger signal.Loggable = cipherLog{log}
	signal.Setup(&logger)
}

func (c cipherLog) Error(caller, _ string)   { c.log.Warn("a cipher failed", "place", caller) }
func (c cipherLog) Warning(caller, _ string) { c.log.Info("a cipher warned", "place", caller) }
func (c cipherLog) Info(_, _ string)         {}
func (c cipherLog) Debug(_, _ string)        {}
func (c cipherLog) Configure(string)         {}
