package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/inmemory"
	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
)

// TestMain lets a test run the real main of this program in another process.
func TestMain(m *testing.M) {
	if os.Getenv("WA_BRIDGE_RUN_MAIN") != "" {
		main()
	}
	os.Exit(inmemory.Run(m))
}

// program runs main in a process of its own and returns when it listens or has ended.
func program(t *testing.T, arguments ...string) (stdin io.WriteCloser, ended func() int, said string) {
	t.Helper()
	command := exec.Command(os.Args[0], arguments...)
	command.Env = append(os.Environ(), "WA_BRIDGE_RUN_MAIN=1")
	stdin, err := command.StdinPipe()
	stderr, piped := command.StderrPipe()
	if err := errors.Join(err, piped, command.Start()); err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	one := make([]byte, 1)
	for !strings.HasSuffix(text.String(), "\n") {
		if _, err := stderr.Read(one); err != nil {
			break
		}
		text.Write(one)
	}
	return stdin, func() int {
		var exit *exec.ExitError
		if err := command.Wait(); err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		return command.ProcessState.ExitCode()
	}, text.String()
}

// The program ends with its standard input when told to.
func TestMain_end_with_stdin(t *testing.T) {
	folder := t.TempDir()
	stdin, ended, said := program(t, "--data-dir", folder, "--port", "0", "--end-with-stdin")
	if !strings.HasPrefix(said, "wa-bridge listens on http://127.0.0.1:") {
		t.Fatal(said)
	}
	text, err := os.ReadFile(filepath.Join(folder, "bridge.json"))
	var found addressNote
	if err := errors.Join(err, json.Unmarshal(text, &found)); err != nil {
		t.Fatal(err)
	}
	if found.PID == os.Getpid() || found.PID == 0 || found.Start != startTime(found.PID) || runtime.GOOS == "linux" &&
		!strings.Contains(found.Start, ":") || !strings.Contains(said, found.URL+"\n") || found.Simulator ||
		found.Version == "" {
		t.Errorf("whereabouts %s", text)
	}
	info, err := os.Stat(filepath.Join(folder, "bridge.json"))
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := stdin.Close(); err != nil {
		t.Fatal(err)
	}
	if code := ended(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if left, _ := filepath.Glob(filepath.Join(folder, "bridge.json*")); len(left) != 0 {
		t.Errorf("left %v", left)
	}
}

// The exit code says whether another start can help.
func TestMain_exit_codes(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	folder := t.TempDir()
	release, err := sqlite.Lock(filepath.Join(folder, "whatsmeow.lock.db"))
	if err != nil {
		t.Fatal(err)
	}
	shared := t.TempDir()
	if err := os.Chmod(shared, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		arguments []string
		code      int
		says      string
	}{
		"a flag that is none": {[]string{"--nonsense"}, exitSettings, "nonsense"},
		"another machine's door": {[]string{"--data-dir", t.TempDir(), "--host", "0.0.0.0"}, exitSettings,
			"--allow-remote"},
		"a folder of all users": {[]string{"--data-dir", shared, "--port", "0"}, exitSettings,
			shared + " can be changed by other users"},
		"another one runs": {[]string{"--data-dir", folder, "--port", port}, exitRunning,
			"Another wa-bridge"},
		"another program's port": {[]string{"--data-dir", t.TempDir(), "--port", port}, exitPortTaken,
			"port " + port + " on 127.0.0.1 is taken"},
		"a folder that cannot be":   {[]string{"--data-dir", os.Args[0], "--port", "0"}, exitData, "cannot be made"},
		"asking for help, all well": {[]string{"--help"}, 0, "Usage"},
	} {
		_, ended, said := program(t, test.arguments...)
		if code := ended(); code != test.code || !strings.Contains(said, test.says) {
			t.Errorf("%s: %d, %s", name, code, said)
		}
	}
	if left, _ := os.ReadDir(shared); len(left) != 0 {
		t.Errorf("it made %v", left)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
}

// Data of another version gives an exit code without restart.
func TestReportExit_schema_mismatch(t *testing.T) {
	if code := reportExit(io.Discard, settings{},
		errors.Join(domain.Errorf(domain.SchemaMismatch, "newer"))); code != exitData {
		t.Errorf("%d", code)
	}
	if code := reportExit(io.Discard, settings{}, errors.Join(flag.ErrHelp)); code != 0 {
		t.Errorf("%d", code)
	}
}

// The address file exists before the address is printed, and only while the program runs.
func TestMain_address_file(t *testing.T) {
	folder := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	told := false
	err := run(ctx, read(t, env(), "--data-dir", folder, "--port", "0", "--log-level", "silent"), func(string) {
		_, err := os.Stat(filepath.Join(folder, "bridge.json"))
		told = err == nil
		cancel()
	})
	if err != nil || !told {
		t.Errorf("told %v, %v", told, err)
	}
	if exists(filepath.Join(folder, "bridge.json")) {
		t.Error("still there")
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
