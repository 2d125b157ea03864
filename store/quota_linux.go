package store

import "golang.org/x/sys/unix"

// freeSpace returns the bytes that an ordinary user may still write to the
// disk of a folder.
func freeSpace(folder string) (int64, bool) {
	var st unix.Statfs_t
	if err := unix.Statfs(folder, &st); err != nil {
		return 0, false
	}
	return int64(st.Bavail) * st.Bsize, true
}
