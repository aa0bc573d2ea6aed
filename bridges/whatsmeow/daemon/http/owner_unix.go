//go:build !windows

package http

import (
	"io/fs"
	"os"
	"syscall"
)

// isOwn tells whether a file belongs to the user that this program runs as.
func isOwn(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}
