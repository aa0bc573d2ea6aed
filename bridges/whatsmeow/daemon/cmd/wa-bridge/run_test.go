package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// start runs the whole program on a data directory and returns a function that sends requests to it.
func start(t *testing.T, folder string) (ask func(method, path, body string) (int, string), stop func() error) {
	t.Helper()
	s := read(t, env("XDG_DATA_HOME=/nowhere"), "--data-dir", folder, "--port", "0", "--log-level", "silent")
	ctx, cancel := context.WithCancel(context.Background())
	address, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- run(ctx, s, func(at string) { address <- at }) }()
	var at string
	select {
	case at = <-address:
	case err := <-ended:
		t.Fatalf("it ended: %v", err)
	}
	token, err := os.ReadFile(filepath.Join(folder, "bridge-token"))
	if err != nil {
		t.Fatal(err)
	}
	ask = func(method, path, body string) (int, string) {
		t.Helper()
		request, err := http.NewRequest(method, at+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
		request.Header.Set("Content-Type", "application/json")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, string(text)
	}
	return ask, func() error { cancel(); return <-ended }
}

func TestTheProgramIsThereBeforePairingAndEndsClean(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	for range 2 { // the second run uses the files of the first
		ask, stop := start(t, folder)
		if code, _ := ask("GET", "/healthz", ""); code != 200 {
			t.Errorf("health %d", code)
		}
		if code, text := ask("GET", "/readyz", ""); code != 503 || text != "{\"state\":\"unlinked\"}\n" {
			t.Errorf("readiness %d %s", code, text)
		}
		var status struct {
			State   string            `json:"state"`
			Version map[string]string `json:"version"`
		}
		_, text := ask("GET", "/v1/status", "")
		if err := json.Unmarshal([]byte(text), &status); err != nil || status.State != "unlinked" || status.Version["schema"] == "" || status.Version["wa_web"] == "" {
			t.Errorf("status %s", text)
		}
		if code, text := ask("POST", "/v1/connection.logout", "{}"); code != 200 || text != "{\"state\":\"unlinked\",\"was_linked\":false}\n" {
			t.Errorf("logout %d %s", code, text)
		}
		other := read(t, env(), "--data-dir", folder, "--port", "0", "--log-level", "silent")
		if err := run(context.Background(), other, func(string) {}); err == nil || !strings.Contains(err.Error(), "Another wa-bridge") {
			t.Errorf("a second one on the same data: %v", err)
		}
		begun := time.Now()
		if err := stop(); err != nil || time.Since(begun) > closeTimeout {
			t.Errorf("it ended after %s: %v", time.Since(begun), err)
		}
	}
	left, err := filepath.Glob(filepath.Join(folder, "*-wal"))
	if err != nil || len(left) != 0 {
		t.Errorf("left open: %v, %v", left, err)
	}
}

func TestEveryOperationIsInThePort(t *testing.T) {
	var port strings.Builder
	files, err := filepath.Glob("../../../../operations/*.ts")
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		port.Write(text)
	}
	ask, stop := start(t, t.TempDir())
	var announced struct {
		Operations []string `json:"operations"`
	}
	if _, text := ask("GET", "/v1/operations", ""); json.Unmarshal([]byte(text), &announced) != nil || len(announced.Operations) == 0 {
		t.Fatal(text)
	}
	for _, name := range announced.Operations {
		if !strings.Contains(port.String(), "'"+name+"': operation(") {
			t.Errorf("%s is no operation of the port", name)
		}
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}
