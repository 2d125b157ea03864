package store

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// What uploads may take. They are written to temporary files before they are
// named, so that their number and the free space of the disk are what keeps
// them from filling it.
const (
	// maxUploads is how many are taken in at once; more are told to come again.
	// With the largest upload of 500 MB it is what temporary files may take: 8 GB.
	maxUploads = 16
	// keepFree is the space in bytes that stays free on the disk of temporary
	// files and on that of the blobs: the database must be able to go on.
	keepFree = 512 << 20
	// lookEvery is after how many bytes of an upload the disk is looked at.
	lookEvery = 32 << 20
)

// Reasons for which an upload is not taken in now, and may be later.
var (
	ErrBusy = errors.New("too many uploads at once")
	ErrFull = errors.New("not enough space on the disk")
)

// quota counts the uploads under way.
type quota struct{ slots chan struct{} }

func newQuota() quota { return quota{make(chan struct{}, maxUploads)} }

// take begins an upload; done ends it.
func (q quota) take() (done func(), err error) {
	select {
	case q.slots <- struct{}{}:
		return func() { <-q.slots }, nil
	default:
		return nil, Transient(fmt.Errorf("%w: %d allowed; try again in a minute", ErrBusy, maxUploads))
	}
}

// roomy reads r as long as the disks have room.
type roomy struct {
	r       io.Reader
	folders []string
	free    func(folder string) (int64, bool) // bytes, false when that cannot be told
	left    int64                             // until the next look
}

func newRoomy(r io.Reader, folders ...string) *roomy {
	return &roomy{r: r, folders: folders, free: freeSpace}
}

// Read implements io.Reader.
func (r *roomy) Read(b []byte) (int, error) {
	if r.left <= 0 {
		for _, f := range r.folders {
			if n, ok := r.free(f); ok && n < keepFree {
				return 0, Transient(fmt.Errorf("%w: %d MB are free, %d MB are to stay free; make room and submit it again", ErrFull, n>>20, int64(keepFree)>>20))
			}
		}
		r.left = lookEvery
	}
	n, err := r.r.Read(b)
	r.left -= int64(n)
	return n, err
}

// uploadFolders are the places that an upload is written to.
func (s *Store) uploadFolders() []string {
	if s.folder == "" {
		return []string{os.TempDir()}
	}
	return []string{os.TempDir(), s.folder}
}
