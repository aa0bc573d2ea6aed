package main

import (
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for _, pair := range pairs {
			if key, text, _ := strings.Cut(pair, "="); key == name {
				return text
			}
		}
		return ""
	}
}

func read(t *testing.T, getenv func(string) string, arguments ...string) settings {
	t.Helper()
	s, err := readSettings(arguments, getenv, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Flags override the environment, which overrides the defaults.
func TestReadSettings_precedence(t *testing.T) {
	t.Setenv("HOME", "/home/someone")
	plain := read(t, env("XDG_DATA_HOME=/data"))
	if plain.host != "127.0.0.1" || plain.port != 8080 || plain.ownToken || plain.logLevel != slog.LevelWarn ||
		plain.deviceName != "Mac OS" || plain.tokenFile != filepath.Join(plain.dataDir, "bridge-token") {
		t.Errorf("defaults %+v", plain)
	}
	if plain.quiet != 15*time.Second ||
		read(t, env("WHATSAPP_HISTORY_QUIET_SECONDS=0.3")).quiet != 300*time.Millisecond {
		t.Errorf("quiet time %s", plain.quiet)
	}
	told := env("WHATSAPP_DATA_DIR=~/mine", "WHATSAPP_BRIDGE_URL=http://127.0.0.2:9000", "WHATSAPP_LOG_LEVEL=debug",
		"WHATSAPP_BRIDGE_TOKEN_FILE=/t", "WHATSAPP_DEVICE_NAME= ${NAME}")
	fromEnvironment := read(t, told)
	if fromEnvironment.dataDir != filepath.Join("/home/someone", "mine") || fromEnvironment.host != "127.0.0.2" ||
		fromEnvironment.port != 9000 || !fromEnvironment.ownToken || fromEnvironment.logLevel != slog.LevelDebug ||
		fromEnvironment.deviceName != "Mac OS" {
		t.Errorf("environment %+v", fromEnvironment)
	}
	flags := read(t, told, "--data-dir", "/other", "--port", "0", "--log-level", "silent", "--token-file", "/u",
		"--host", "::1", "--allow-remote", "--device-name", "Mine")
	if flags.dataDir != "/other" || flags.port != 0 || flags.logLevel <= slog.LevelError || flags.tokenFile != "/u" ||
		flags.host != "::1" || !flags.allowRemote || flags.deviceName != "Mine" {
		t.Errorf("flags %+v", flags)
	}
}

// Invalid settings are refused.
func TestReadSettings_invalid(t *testing.T) {
	for name, test := range map[string]struct {
		getenv    func(string) string
		arguments []string
	}{
		"an address without a scheme": {env("WHATSAPP_BRIDGE_URL=127.0.0.1:8080"), nil},
		"an address of TLS":           {env("WHATSAPP_BRIDGE_URL=https://127.0.0.1:8080"), nil},
		"a quiet time that is none":   {env("WHATSAPP_HISTORY_QUIET_SECONDS=long"), nil},
		"a quiet time of 0":           {env(), []string{"--history-quiet-seconds", "0"}},
		"a level":                     {env("WHATSAPP_LOG_LEVEL=loud"), nil},
		"a port":                      {env(), []string{"--port", "65536"}},
		"a negative port":             {env(), []string{"--port", "-1"}},
		"a name that is too long":     {env(), []string{"--device-name", strings.Repeat("é", 51)}},
		"a word":                      {env(), []string{"start"}},
		"an unknown flag":             {env(), []string{"--simulator-of-a-release", "x"}},
	} {
		if s, err := readSettings(test.arguments, test.getenv, io.Discard); err == nil {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

// The data directory is that of the Node program.
func TestDataDir(t *testing.T) {
	for name, test := range map[string]struct {
		system string
		getenv func(string) string
		want   string
	}{
		"linux":            {"linux", env(), "/h/.local/share/whatsapp-hybrid-mcp"},
		"linux, elsewhere": {"linux", env("XDG_DATA_HOME=/x"), "/x/whatsapp-hybrid-mcp"},
		"macOS": {"darwin", env("XDG_DATA_HOME=/x"),
			"/h/Library/Application Support/whatsapp-hybrid-mcp"},
		"windows":           {"windows", env(), "/h/AppData/Local/whatsapp-hybrid-mcp/Data"},
		"windows, by value": {"windows", env("LOCALAPPDATA=/l"), "/l/whatsapp-hybrid-mcp/Data"},
	} {
		if got := dataDir(test.system, "/h", test.getenv); got != filepath.FromSlash(test.want) {
			t.Errorf("%s: %s", name, got)
		}
	}
}
