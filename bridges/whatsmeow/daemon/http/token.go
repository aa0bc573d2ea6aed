package http

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/trust"
)

// The limits of the token file, in bytes.
const (
	minTokenBytes = 32
	maxTokenBytes = 4 << 10
)

// ReadToken reads the secret that both programs share. If the file is missing, it creates one with 32 random bytes in
// hex, readable by the user alone. Fails with not_permitted when others can read or change the file, and with
// invalid_input when it holds no token.
func ReadToken(path string) (string, error) {
	info, err := os.Stat(path) // opening a pipe or a device could block for ever
	if errors.Is(err, fs.ErrNotExist) {
		return createToken(path)
	}
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", domain.Errorf(domain.InvalidInput, "The token file is no file; delete it, and a new one is made.")
	}
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	if err := assertPrivate(path, file); err != nil {
		return "", err
	}
	text, err := io.ReadAll(io.LimitReader(file, maxTokenBytes+1))
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(string(text))
	if len(token) < minTokenBytes || len(text) > maxTokenBytes {
		return "", domain.Errorf(domain.InvalidInput, "The token file holds no token; delete it, and a new one is made.")
	}
	return token, nil
}

// assertPrivate fails when another user owns the file or a link to it, or when others can read or change it: whoever knows
// the token can use this account.
func assertPrivate(path string, file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	link, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if !trust.IsOwn(info) || !trust.IsOwn(link) {
		return domain.Errorf(domain.NotPermitted, "The token file belongs to another user of this machine; delete it, and a new one is made.")
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return domain.Errorf(domain.NotPermitted, "The token file can be read or changed by others; make it 0600 or delete it.")
	}
	return nil
}

// createToken creates the token file atomically and never overwrites one: two programs may start at the same time.
func createToken(path string) (string, error) {
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
