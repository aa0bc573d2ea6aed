package trust

import "io/fs"

// current: the folder of a user is closed to others by the system.
func current() (user, bool) { return user{}, false }

func ownerOf(fs.FileInfo) (owner, group int) { return 0, 0 }
