package trust

import "io/fs"

// current: the folder of a user is closed to others by the system.
func current() (user, bool) { return user{}, false }

// IsOwn: there are no user numbers here; the folder of the user keeps others out.
func IsOwn(fs.FileInfo) bool { return true }

func ownerOf(fs.FileInfo) (owner, group int) { return 0, 0 }
