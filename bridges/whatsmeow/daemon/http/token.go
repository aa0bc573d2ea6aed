package http

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

const shortestToken = 32

// ReadToken reads the secret that both programs know, making it at the first start: 32 random bytes in hex, for the
// user alone. Fails when the file may be read by others, or holds no secret.
func ReadToken(path string) (string, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeToken(path)
	}
	if err != nil {
		return "", err
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return "", domain.Fail(domain.NotPermitted, "The token file can be read by others; make it 0600 or delete it.")
	}
	token := strings.TrimSpace(string(text))
	if len(token) < shortestToken {
		return "", domain.Fail(domain.InvalidInput, "The token file holds no token; delete it, and a new one is made.")
	}
	return token, nil
}

// makeToken puts the whole file into place at once, and never over another one: two programs may start together.
func makeToken(path string) (string, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return "", err
	}
	draft := fmt.Sprintf("%s.%d.%s", path, os.Getpid(), hex.EncodeToString(secret[:4]))
	if err := os.WriteFile(draft, []byte(hex.EncodeToString(secret)+"\n"), 0o600); err != nil {
		return "", err
	}
	defer os.Remove(draft)
	if err := os.Link(draft, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	return ReadToken(path)
}
