//go:build !windows

package trust

import (
	"io/fs"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

func current() (user, bool) {
	return user{id: os.Getuid(), group: os.Getegid(), unnamed: unnamedUser()}, true
}

func ownerOf(info fs.FileInfo) (owner, group int) {
	stat := info.Sys().(*syscall.Stat_t)
	return int(stat.Uid), int(stat.Gid)
}

// IsOwn reports whether a file belongs to the user that runs this program.
func IsOwn(info fs.FileInfo) bool {
	owner, _ := ownerOf(info)
	return owner == os.Geteuid()
}

// mapsAllUsers matches a user namespace that maps every user to themselves.
var mapsAllUsers = regexp.MustCompile(`^\s*0\s+0\s+4294967295\s*$`)

// unnamedUser returns the number that Linux shows for all owners outside this user namespace, or -1 when the
// namespace maps every user.
func unnamedUser() int {
	if runtime.GOOS != "linux" {
		return -1
	}
	users, err := os.ReadFile("/proc/self/uid_map")
	if err != nil || mapsAllUsers.Match(users) {
		return -1
	}
	text, err := os.ReadFile("/proc/sys/kernel/overflowuid")
	if err != nil {
		return -1
	}
	number, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return -1
	}
	return number
}
