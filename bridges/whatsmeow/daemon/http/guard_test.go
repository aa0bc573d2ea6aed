package http

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

func codeOf(err error) domain.Code {
	var failure *domain.Error
	if errors.As(err, &failure) {
		return failure.Code
	}
	return ""
}

// Only this machine is allowed, unless both the flag and a token file are given.
func TestListen_remote_hosts(t *testing.T) {
	for name, test := range map[string]struct {
		host            string
		allow, ownToken bool
		refused         bool
	}{
		"loopback":                    {"127.0.0.1", false, false, false},
		"another loopback":            {"127.0.0.2", false, false, false},
		"by name":                     {"localhost", false, false, false},
		"everywhere":                  {"0.0.0.0", false, false, true},
		"everywhere, unnamed":         {"", false, true, true},
		"everywhere, without a token": {"0.0.0.0", true, false, true},
		"everywhere, without leave":   {"0.0.0.0", false, true, true},
		"everywhere, asked for twice": {"0.0.0.0", true, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			listener, err := Listen(test.host, 0, test.allow, test.ownToken)
			if listener != nil {
				listener.Close()
			}
			if refused := codeOf(err) == domain.NotPermitted; refused != test.refused || err != nil && !refused {
				t.Errorf("got %v", err)
			}
		})
	}
}

// The first call creates the token, readable by the user alone; later calls return the same.
func TestReadToken_create(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "token")
	var group sync.WaitGroup
	found := make([]string, 8)
	for i := range found {
		group.Add(1)
		go func() {
			defer group.Done()
			token, err := ReadToken(path)
			if err != nil {
				t.Error(err)
			}
			found[i] = token
		}()
	}
	group.Wait()
	for _, token := range found {
		if token != found[0] || len(token) != 64 {
			t.Errorf("got %d characters, others %d", len(token), len(found[0]))
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("%d files are left", len(left))
	}
}

// A token file that others can read, or that holds no token, is refused.
func TestReadToken_invalid(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		mode os.FileMode
		want domain.Code
	}{
		"open to others":  {secret, 0o644, domain.NotPermitted},
		"open to a group": {secret, 0o640, domain.NotPermitted},
		"short":           {"secret", 0o600, domain.InvalidInput},
		"empty":           {"", 0o600, domain.InvalidInput},
		"right":           {" " + secret + "\n", 0o600, ""},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "token")
			if err := os.WriteFile(path, []byte(test.text), test.mode); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, test.mode); err != nil {
				t.Fatal(err)
			}
			token, err := ReadToken(path)
			if codeOf(err) != test.want || err == nil && token != secret {
				t.Errorf("got %v", err)
			}
			if err != nil && test.text != "" && strings.Contains(err.Error(), test.text) {
				t.Error("the error says the token")
			}
		})
	}
}

// A link to the token is accepted only if the link and its target belong to the user and the target is private.
func TestReadToken_link(t *testing.T) {
	folder := t.TempDir()
	target, link := filepath.Join(folder, "target"), filepath.Join(folder, "token")
	if err := errors.Join(os.WriteFile(target, []byte(secret), 0o600), os.Symlink(target, link)); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadToken(link); err != nil {
		t.Errorf("through a link of our own: %v", err)
	}
	if err := os.Chmod(target, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadToken(link); codeOf(err) != domain.NotPermitted {
		t.Errorf("readable by others through a link: %v", err)
	}
	if _, err := ReadToken(folder); codeOf(err) != domain.InvalidInput {
		t.Errorf("a folder: %v", err)
	}
	if os.Geteuid() != 0 {
		t.Skip("only root can give files to another user")
	}
	if err := errors.Join(os.Chmod(target, 0o600), os.Lchown(link, 65534, 65534)); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadToken(link); codeOf(err) != domain.NotPermitted ||
		!strings.Contains(err.Error(), "another user") {
		t.Errorf("through a link of another user: %v", err)
	}
	if err := os.Chown(target, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadToken(target); codeOf(err) != domain.NotPermitted ||
		!strings.Contains(err.Error(), "another user") {
		t.Errorf("of another user: %v", err)
	}
}

func FuzzBody(f *testing.F) {
	for _, seed := range []string{"", "{}", `{"name":"x","jid":"1@lid"}`, `{"jid":"x"}`, `{"a":{"b":[1]}}`,
		`{"name":"x"}x`, "\xff", "null"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var in greeting
		err := decode(body, &in)
		switch {
		case err != nil && codeOf(err) != domain.InvalidInput:
			t.Errorf("%q: %v", body, err)
		case err == nil && in.JID != "" && domain.NormalizeJID(string(in.JID)) != string(in.JID):
			t.Errorf("%q: %q is no address", body, in.JID)
		case err == nil && len(body) > 0:
			var again map[string]any
			if json.Unmarshal(body, &again) != nil && strings.TrimSpace(string(body)) != "" {
				t.Errorf("%q is no JSON and was taken", body)
			}
		}
	})
}
