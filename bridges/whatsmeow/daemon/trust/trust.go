// Package trust says whether somebody else may change what this program reads: then it reads nothing. The rules are those
// of the Node program (src/system/ownership.ts, src/system/way.ts). On Windows nothing is looked at.
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

// user is who runs this program. unnamed is the number of all users that have none here, as the owners of system folders
// inside a user namespace; -1 where numbers mean users.
type user struct{ id, group, unnamed int }

func (u user) trusts(owner int) bool { return owner == u.id || owner == 0 }

// Folder fails with not_permitted when another user of this machine may change a data directory, what leads to it, or
// one of the files in it, by their names below it.
func Folder(dataDir string, files ...string) error {
	us, ok := current()
	if !ok {
		return nil
	}
	if err := us.way(dataDir); err != nil {
		return err
	}
	if err := us.end(dataDir, groupOrOthersMayWrite); err != nil {
		return err
	}
	for _, name := range files {
		if err := us.file(dataDir, name); err != nil {
			return err
		}
	}
	return nil
}

// file: its mode says nothing where others cannot enter the folder; where it is a link, the way behind it counts too.
func (u user) file(dataDir, name string) error {
	path := filepath.Join(dataDir, name)
	modes := groupOrOthersMayWrite
	info, err := os.Lstat(path)
	if err != nil {
		return nil // there is none
	}
	isLink := info.Mode()&fs.ModeSymlink != 0
	if folder, err := os.Stat(dataDir); err == nil && folder.Mode()&othersMayEnter == 0 && !isLink {
		modes = 0
	}
	if isLink {
		if err := u.way(path); err != nil {
			return err
		}
	}
	return u.end(path, modes)
}

// end looks at what stands at the end of a path.
func (u user) end(path string, modes fs.FileMode) error {
	info, err := os.Stat(path)
	if err != nil {
		return nil // nothing is there, or it fails with better words when it is opened
	}
	if owner, _ := ownerOf(info); !u.trusts(owner) {
		return foreign(path)
	}
	if info.Mode()&modes != 0 {
		return open(path)
	}
	return nil
}

// way looks at the folders and links that lead to a path: with them, somebody could put something else in its place.
func (u user) way(path string) error {
	whole, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	for _, step := range steps(whole, 0) {
		owner, group := ownerOf(step.info)
		if !u.trusts(owner) && owner != u.unnamed {
			return foreign(step.path)
		}
		writers := groupOrOthersMayWrite
		if group == u.group {
			writers = othersMayWrite
		}
		if step.info.IsDir() && step.info.Mode()&fs.ModeSticky == 0 && step.info.Mode()&writers != 0 {
			return open(step.path)
		}
	}
	return nil
}

func foreign(path string) error {
	return domain.Errorf(domain.NotPermitted, "%s belongs to another user of this machine; take one of your own, or make it yours with chown. Nothing is read until then.", path)
}

func open(path string) error {
	return domain.Errorf(domain.NotPermitted, "%s can be changed by other users of this machine; take that away with chmod go-w. Nothing is read until then.", path)
}
