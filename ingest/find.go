package ingest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// suffixes are the endings of files that Find picks up from folders. What a
// file really is, its bytes tell when it is opened.
var suffixes = map[string]bool{
	".pdf": true, ".png": true, ".jpg": true, ".jpeg": true, ".tif": true, ".tiff": true, ".txt": true,
}

// Find lists the files to read. Paths that are files are taken as they are;
// folders are walked, and files in them taken by their ending (.pdf, .png,
// .jpg, .jpeg, .tif, .tiff, .txt, in either case). Hidden files, office lock
// files and links to folders are passed over. Files come sorted by path, each
// once. A path that cannot be used becomes a problem, of type [*Error] within;
// the others are still listed.
func Find(paths []string) (files []string, problems []error) {
	seen := map[string]bool{}
	add := func(path string) {
		key := path
		if abs, err := filepath.Abs(path); err == nil {
			key = abs
		}
		if !seen[key] {
			seen[key] = true
			files = append(files, path)
		}
	}
	for _, p := range paths {
		st, err := os.Stat(p)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", p, accessError(err)))
			continue
		}
		if !st.IsDir() {
			if !st.Mode().IsRegular() {
				problems = append(problems, fmt.Errorf("%s: %w", p, fault(ErrUnknown, nil, "it is a device or a pipe")))
				continue
			}
			add(p)
			continue
		}
		before := len(seen)
		filepath.WalkDir(p, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", path, accessError(err)))
				if d != nil && d.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
			name := d.Name()
			hidden := path != p && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$"))
			switch {
			case hidden && d.IsDir():
				return fs.SkipDir
			case hidden, d.IsDir(), !suffixes[strings.ToLower(filepath.Ext(name))]:
				return nil
			}
			if d.Type()&fs.ModeSymlink != 0 {
				if st, err := os.Stat(path); err != nil || !st.Mode().IsRegular() {
					return nil
				}
			} else if !d.Type().IsRegular() {
				return nil
			}
			add(path)
			return nil
		})
		if len(seen) == before && len(problems) == 0 {
			problems = append(problems, fmt.Errorf("%s: %w", p, fault(ErrNoFiles, nil, "")))
		}
	}
	slices.Sort(files)
	return files, problems
}

func accessError(err error) *Error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fault(ErrMissing, nil, "")
	case errors.Is(err, fs.ErrPermission):
		return fault(ErrNoAccess, nil, "permission denied")
	}
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err // the path stands before it already
	}
	return fault(ErrNoAccess, err, "")
}
