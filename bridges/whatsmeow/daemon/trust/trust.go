// Package trust checks whether another user of this machine may change the files that this program reads. The rules
// are those of the Node program (src/system/ownership.ts, src/system/way.ts). On Windows it checks nothing.
package trust

import (
	"io/fs"
	"os"
	"path/filepath"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

const (
	groupOrOthersMayWrite fs.FileMode = 0o022
	othersMayWrite        fs.FileMode = 0o002
	othersMayEnter        fs.FileMode = 0o011
)

// user is the user that runs this program. unnamed is the number that stands for every owner outside this user
// namespace, such as the owners of system folders; -1 when there is no such number.
type user struct{ id, group, unnamed int }

func (u user) trusts(owner int) bool { return owner == u.id || owner == 0 }

// Folder fails with not_permitted when another user of this machine may change a data directory, the path to it, or
// one of the named files in it. Files that do not exist are skipped.
func Folder(dataDir string, files ...string) error {
	us, ok := current()
	if !ok {
		return nil
	}
	if err := us.checkPath(dataDir); err != nil {
		return err
	}
	if err := us.checkTarget(dataDir, groupOrOthersMayWrite); err != nil {
		return err
	}
	for _, name := range files {
		if err := us.checkFile(dataDir, name); err != nil {
			return err
		}
	}
	return nil
}

// checkFile checks one checkFile of the data directory. Its mode does not matter when other users cannot enter the directory.
// When it is a link, the path to its target is checked too.
func (u user) checkFile(dataDir, name string) error {
	path := filepath.Join(dataDir, name)
	modes := groupOrOthersMayWrite
	info, err := os.Lstat(path)
	if err != nil {
		return nil // the file does not exist
	}
	isLink := info.Mode()&fs.ModeSymlink != 0
	if folder, err := os.Stat(dataDir); err == nil && folder.Mode()&othersMayEnter == 0 && !isLink {
		modes = 0
	}
	if isLink {
		if err := u.checkPath(path); err != nil {
			return err
		}
	}
	return u.checkTarget(path, modes)
}

// checkTarget checks the target of a path.
func (u user) checkTarget(path string, modes fs.FileMode) error {
	info, err := os.Stat(path)
	if err != nil {
		return nil // opening it reports the reason better
	}
	if owner, _ := ownerOf(info); !u.trusts(owner) {
		return foreignError(path)
	}
	if info.Mode()&modes != 0 {
		return writableError(path)
	}
	return nil
}

// checkPath checks the folders and links that lead to a path: whoever may change one of them can replace the target.
func (u user) checkPath(path string) error {
	whole, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	for _, step := range steps(whole, 0) {
		owner, group := ownerOf(step.info)
		if !u.trusts(owner) && owner != u.unnamed {
			return foreignError(step.path)
		}
		writers := groupOrOthersMayWrite
		if group == u.group {
			writers = othersMayWrite
		}
		if step.info.IsDir() && step.info.Mode()&fs.ModeSticky == 0 && step.info.Mode()&writers != 0 {
			return writableError(step.path)
		}
	}
	return nil
}

func foreignError(path string) error {
	return domain.Errorf(domain.NotPermitted, "%s belongs to another user of this machine; take one of your own, or make it yours with chown. Nothing is read until then.", path)
}

func writableError(path string) error {
	return domain.Errorf(domain.NotPermitted, "%s can be changed by other users of this machine; take that away with chmod go-w. Nothing is read until then.", path)
}
