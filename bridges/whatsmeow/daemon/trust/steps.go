package trust

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxLinks is the number of links in a row that Linux follows.
const maxLinks = 40

type step struct {
	path string
	info fs.FileInfo
}

// steps returns the folders and links that an absolute path leads through, from the root on, without the target
// itself. The list ends at the first name that does not exist.
func steps(path string, links int) []step {
	var passed []step
	separator := string(filepath.Separator)
	here := filepath.VolumeName(path) + separator
	parts := strings.FieldsFunc(path[len(here):], func(r rune) bool { return r == filepath.Separator })
	for i, part := range parts {
		if folder, err := os.Lstat(here); err == nil {
			passed = append(passed, step{here, folder})
		}
		here = filepath.Join(here, part)
		info, err := os.Lstat(here)
		if err != nil {
			return passed
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			continue
		}
		passed = append(passed, step{here, info})
		target, err := os.Readlink(here)
		if err != nil || links == maxLinks {
			return passed
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(here), target)
		}
		return append(passed, steps(filepath.Join(append([]string{target}, parts[i+1:]...)...), links+1)...)
	}
	return passed
}
