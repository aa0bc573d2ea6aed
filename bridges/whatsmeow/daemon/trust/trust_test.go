//go:build !windows

package trust

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

const nobody = 65534

func dataDir(t *testing.T) (parent, dir string) {
	t.Helper()
	parent = filepath.Join(t.TempDir(), "parent")
	dir = filepath.Join(parent, "data")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return parent, dir
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, err error, path, words string) {
	t.Helper()
	var failure *domain.Error
	if !errors.As(err, &failure) || failure.Code != domain.NotPermitted {
		t.Fatalf("not refused: %v", err)
	}
	if !strings.HasPrefix(failure.Message, path+" ") || !strings.Contains(failure.Message, words) {
		t.Fatalf("refused with %q", failure.Message)
	}
}

func TestAFolderOfTheUserPasses(t *testing.T) {
	parent, dir := dataDir(t)
	must(t, os.WriteFile(filepath.Join(dir, "messages.db"), nil, 0o600))
	must(t, os.Chmod(filepath.Join(dir, "messages.db"), 0o666)) // other users cannot enter the folder
	must(t, os.Chmod(parent, 0o777|os.ModeSticky))
	must(t, Folder(dir, "messages.db", "whatsmeow.db"))
	must(t, Folder(filepath.Join(dir, "not", "yet"), "messages.db"))
}

func TestAFolderThatOthersMayWriteIsRefused(t *testing.T) {
	for _, mode := range []os.FileMode{0o777, 0o770, 0o702} {
		_, dir := dataDir(t)
		must(t, os.Chmod(dir, mode))
		refused(t, Folder(dir), dir, "chmod go-w")
	}
}

func TestAFolderAboveThatOthersMayRenameInIsRefused(t *testing.T) {
	parent, dir := dataDir(t)
	must(t, os.Chmod(parent, 0o707))
	refused(t, Folder(dir), parent, "chmod go-w")
	link := filepath.Join(t.TempDir(), "link")
	must(t, os.Symlink(dir, link))
	refused(t, Folder(link), parent, "chmod go-w")
	must(t, os.Chmod(parent, 0o770)) // writable for the group of this process only
	must(t, Folder(dir))
}

func TestAFileThatOthersMayReachAndWriteIsRefused(t *testing.T) {
	_, dir := dataDir(t)
	file := filepath.Join(dir, "messages.db")
	must(t, os.WriteFile(file, nil, 0o600))
	must(t, os.Chmod(file, 0o666))
	must(t, os.Chmod(dir, 0o711))
	refused(t, Folder(dir, "messages.db"), file, "chmod go-w")
}

func TestWhatBelongsToAnotherUserIsRefused(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can give a file away")
	}
	parent, dir := dataDir(t)
	file := filepath.Join(dir, "messages.db")
	must(t, os.WriteFile(file, nil, 0o600))
	must(t, os.Chown(file, nobody, nobody))
	refused(t, Folder(dir, "messages.db"), file, "another user")
	link := filepath.Join(dir, "whatsmeow.db")
	must(t, os.Symlink(filepath.Join(dir, "elsewhere"), link))
	must(t, os.Lchown(link, nobody, nobody))
	refused(t, Folder(dir, "whatsmeow.db"), link, "another user")
	must(t, os.Chown(dir, nobody, nobody))
	refused(t, Folder(dir), dir, "another user")
	must(t, os.Chown(parent, nobody, nobody))
	refused(t, Folder(dir), parent, "another user")
}

func TestALinkThatLeadsToItselfEnds(t *testing.T) {
	_, dir := dataDir(t)
	must(t, os.Symlink("circle", filepath.Join(dir, "circle")))
	must(t, Folder(filepath.Join(dir, "circle")))
}
