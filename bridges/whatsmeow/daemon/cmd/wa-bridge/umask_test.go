//go:build !windows

package main

import (
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"
)

// The files of the program are private even when the umask makes new files readable and writable for all.
func TestFilesAreForTheUserAloneWhateverTheUmask(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	defer syscall.Umask(syscall.Umask(0))
	_, stop := start(t, folder)
	files := 0
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v", path, info.Mode())
		}
		files++
		return nil
	})
	if err != nil || files < 5 {
		t.Errorf("%d files, %v", files, err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestTheStartOfAProcessIsItsOwn(t *testing.T) {
	own := startTime(syscall.Getpid())
	if own != startTime(syscall.Getpid()) {
		t.Error("it changes")
	}
	if parent := startTime(syscall.Getppid()); own != "" && parent == own {
		t.Errorf("that of the parent is the same: %s", own)
	}
	if gone := startTime(1 << 30); gone != "" {
		t.Errorf("a process that is none began %s", gone)
	}
}
