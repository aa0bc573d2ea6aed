package device

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"

	signal "go.mau.fi/libsignal/logger"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// The library's log contains no text of other people.
func TestLibraryLog(t *testing.T) {
	var out bytes.Buffer
	log := LibraryLog(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))).Sub("Socket")
	for level, say := range map[string]func(string, ...any){"ERROR": log.Errorf, "WARN": log.Warnf, "INFO": log.Infof,
		"DEBUG": log.Debugf} {
		out.Reset()
		say("Failed with %s", "15550100001@s.whatsapp.net private words")
		if text := out.String(); !strings.Contains(text, "level="+level) ||
			!strings.Contains(text, "module=Socket") || !strings.Contains(text, "Failed with") ||
			strings.Contains(text, "private") || strings.Contains(text, "1555") {
			t.Errorf("%s: %s", level, text)
		}
	}
}

// The cipher library writes nothing to stdout.
func TestQuietCiphers(t *testing.T) {
	stdout := os.Stdout
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	os.Stdout = write
	var out bytes.Buffer
	QuietCiphers(slog.New(slog.NewTextHandler(&out, nil)))
	for _, say := range []func(...any){signal.Error, signal.Warning, signal.Info, signal.Debug} {
		say("private words")
	}
	os.Stdout = stdout
	if err := write.Close(); err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(read); err != nil || len(text) > 0 {
		t.Errorf("stdout has %q (%v)", text, err)
	}
	if text := out.String(); strings.Contains(text, "private") || !strings.Contains(text, "a cipher failed") {
		t.Errorf("the log says %s", text)
	}
}

// Foreign errors are logged by type only.
func TestRedact(t *testing.T) {
	for want, err := range map[string]error{
		"timeout: It took too long.": fmt.Errorf("private words: %w",
			domain.Errorf(domain.Timeout, "It took too long.")),
		"*errors.errorString":           fmt.Errorf("private words: %w", errors.New("private words")),
		"context.deadlineExceededError": fmt.Errorf("private words: %w", context.DeadlineExceeded),
	} {
		if got := Redact(err); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
