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

// Of a token, in bytes.
const (
	shortestToken = 32
	largestToken  = 4 << 10
)

// ReadToken reads the secret that both programs know, making it at the first start: 32 random bytes in hex, for the
// user alone. Fails when the file is not this user's alone to read and to change, or holds no secret.
func ReadToken(path string) (string, error) {
	info, err := os.Stat(path) // what is no file might never answer when it is opened
	if errors.Is(err, fs.ErrNotExist) {
		return makeToken(path)
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
	if err := ownAlone(path, file); err != nil {
		return "", err
	}
	text, err := io.ReadAll(io.LimitReader(file, largestToken+1))
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(string(text))
	if len(token) < shortestToken || len(text) > largestToken {
		return "", domain.Errorf(domain.InvalidInput, "The token file holds no token; delete it, and a new one is made.")
	}
	return token, nil
}

// ownAlone refuses a file, or a link to it, that another user made, and one that others can read or change: whoever
// knows the token can use this account, and whoever chose it knows it.
func ownAlone(path string, file *os.File) error {
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
