package main

import (
	"errors"
	"flag"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// settings are the settings of the program. Flags override the environment, which overrides the defaults. Names and
// meanings are those of the Node program.
type settings struct {
	dataDir     string
	host        string
	port        int
	tokenFile   string
	ownToken    bool
	allowRemote bool
	logLevel    slog.Level
	deviceName  string
	simulator   string
	quiet       time.Duration
	// endWithStdin ends the program together with the program that started it, even when that one is killed.
	endWithStdin bool
}

// levels are the values of WHATSAPP_LOG_LEVEL; silent is above every level.
var levels = map[string]slog.Level{
	"silent": slog.LevelError + 100, "error": slog.LevelError, "warn": slog.LevelWarn, "info": slog.LevelInfo, "debug": slog.LevelDebug,
}

// envValue returns a setting of the environment. Empty values and placeholders that a client did not fill in (`${…}`)
// count as unset.
func envValue(getenv func(string) string, name, otherwise string) string {
	text := strings.TrimSpace(getenv(name))
	if text == "" || strings.HasPrefix(text, "${") {
		return otherwise
	}
	return text
}

func readSettings(arguments []string, getenv func(string) string, output io.Writer) (settings, error) {
	var s settings
	home, err := os.UserHomeDir()
	if err != nil {
		return s, err
	}
	address, err := bridgeURL(envValue(getenv, "WHATSAPP_BRIDGE_URL", "http://127.0.0.1:8080"))
	if err != nil {
		return s, err
	}
	flags := flag.NewFlagSet("wa-bridge", flag.ContinueOnError)
	flags.SetOutput(output)
	level := envValue(getenv, "WHATSAPP_LOG_LEVEL", "warn")
	flags.StringVar(&s.dataDir, "data-dir", envValue(getenv, "WHATSAPP_DATA_DIR", dataDir(runtime.GOOS, home, getenv)), "where credentials and messages are kept (WHATSAPP_DATA_DIR)")
	flags.StringVar(&s.host, "host", address.host, "address to listen on")
	flags.IntVar(&s.port, "port", address.port, "port to listen on; 0 takes a free one (WHATSAPP_BRIDGE_URL)")
	flags.StringVar(&s.tokenFile, "token-file", envValue(getenv, "WHATSAPP_BRIDGE_TOKEN_FILE", ""), "file of the secret that callers must know (default bridge-token in the data directory, WHATSAPP_BRIDGE_TOKEN_FILE)")
	flags.BoolVar(&s.allowRemote, "allow-remote", false, "allow listening beyond this machine; needs --token-file")
	flags.StringVar(&level, "log-level", level, "silent, error, warn, info or debug (WHATSAPP_LOG_LEVEL)")
	flags.StringVar(&s.deviceName, "device-name", envValue(getenv, "WHATSAPP_DEVICE_NAME", "Mac OS"), "name shown on the phone under Linked devices; takes effect when pairing (WHATSAPP_DEVICE_NAME)")
	quiet := flags.String("history-quiet-seconds", envValue(getenv, "WHATSAPP_HISTORY_QUIET_SECONDS", ""), "history counts as complete when nothing arrived for this long after its last part; 15 by default, 1 when simulated (WHATSAPP_HISTORY_QUIET_SECONDS)")
	flags.BoolVar(&s.endWithStdin, "end-with-stdin", false, "end when the standard input does, as it does when the program that started this one is gone")
	simulatorFlag(flags, &s.simulator)
	if err := flags.Parse(arguments); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, errors.New("wa-bridge takes flags only; see --help")
	}
	return s.complete(level, *quiet, home)
}

func (s settings) complete(level, quiet, home string) (settings, error) {
	var ok bool
	if quiet == "" {
		quiet = "15"
		if s.simulator != "" {
			quiet = "1"
		}
	}
	seconds, err := strconv.ParseFloat(quiet, 64)
	if s.quiet = time.Duration(seconds * float64(time.Second)); err != nil || s.quiet <= 0 || s.quiet > time.Hour {
		return s, errors.New("the quiet time of a history is a number of seconds, at most an hour")
	}
	if s.logLevel, ok = levels[level]; !ok {
		return s, errors.New("the log level is one of silent, error, warn, info, debug")
	}
	if s.port < 0 || s.port > 65535 {
		return s, errors.New("the port is a number up to 65535")
	}
	if len(s.deviceName) == 0 || len([]rune(s.deviceName)) > 50 {
		return s, errors.New("the device name has 1 to 50 characters")
	}
	if s.dataDir == "~" || strings.HasPrefix(s.dataDir, "~/") {
		s.dataDir = filepath.Join(home, s.dataDir[1:])
	}
	s.ownToken = s.tokenFile != ""
	if !s.ownToken {
		s.tokenFile = filepath.Join(s.dataDir, "bridge-token")
	}
	return s, nil
}

type address struct {
	host string
	port int
}

// bridgeURL reads the URL at which the Node program calls this one.
func bridgeURL(text string) (address, error) {
	parsed, err := url.Parse(text)
	if err != nil || parsed.Scheme != "http" || parsed.Hostname() == "" {
		return address{}, domain.Errorf(domain.InvalidInput, "WHATSAPP_BRIDGE_URL must be like http://127.0.0.1:8080.")
	}
	port := 80
	if parsed.Port() != "" {
		port, err = strconv.Atoi(parsed.Port())
	}
	return address{parsed.Hostname(), port}, err
}

// dataDir returns the default data directory, which is also that of the Node program: the user data directory of the
// system.
func dataDir(system, home string, getenv func(string) string) string {
	const name = "whatsapp-hybrid-mcp"
	switch system {
	case "darwin":
		return filepath.Join(home, "Library", "Application Support", name)
	case "windows":
		return filepath.Join(envValue(getenv, "LOCALAPPDATA", filepath.Join(home, "AppData", "Local")), name, "Data")
	}
	return filepath.Join(envValue(getenv, "XDG_DATA_HOME", filepath.Join(home, ".local", "share")), name)
}
