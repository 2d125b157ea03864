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

// office are the endings of documents that people take for readable, and that
// are not read.
var office = map[string]bool{
	".doc": true, ".docx": true, ".docm": true, ".dot": true, ".dotx": true, ".rtf": true, ".odt": true,
	".xls": true, ".xlsx": true, ".xlsm": true, ".xlsb": true, ".ods": true,
	".ppt": true, ".pptx": true, ".pps": true, ".ppsx": true, ".odp": true,
}

// Office returns an error of kind [ErrOffice] for the name of an office document,
// nil for others.
func Office(name string) error {
	if office[ending(name)] {
		return fault(ErrOffice, nil, "")
	}
	return nil
}

// Found is what [Find] found.
type Found struct {
	Files    []string // to read; sorted by path, each once
	Office   []string // office documents in folders, which are not read; likewise
	Problems []error  // paths that cannot be used, of type [*Error] within
}

// Find lists the files to read. Paths that are files are taken as they are;
// folders are walked, and files in them taken by their ending (.pdf, .png,
// .jpg, .jpeg, .tif, .tiff, .txt, in either case). Hidden files, office lock
// files and links to folders are passed over. A path that cannot be used does
// not keep the others from being listed.
func Find(paths []string) Found {
	var out Found
	for _, p := range paths {
		switch st, err := os.Stat(p); {
		case err != nil:
			out.problem(p, accessError(err))
		case st.IsDir():
			out.walk(p)
		case !st.Mode().IsRegular():
			out.problem(p, fault(ErrUnknown, nil, "it is a device or a pipe"))
		default:
			out.Files = append(out.Files, p)
		}
	}
	out.Files, out.Office = eachOnce(out.Files), eachOnce(out.Office)
	return out
}

func (f *Found) problem(path string, err *Error) {
	f.Problems = append(f.Problems, fmt.Errorf("%s: %w", path, err))
}

// walk lists the files of a folder and of those within it.
func (f *Found) walk(dir string) {
	files, problems := len(f.Files), len(f.Problems)
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			f.problem(path, accessError(err))
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		name := d.Name()
		hidden := path != dir && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$"))
		switch {
		case hidden && d.IsDir():
			return fs.SkipDir
		case hidden, d.IsDir(), !regular(path, d):
		case suffixes[ending(name)]:
			f.Files = append(f.Files, path)
		case office[ending(name)]:
			f.Office = append(f.Office, path)
		}
		return nil
	})
	if len(f.Files) == files && len(f.Problems) == problems {
		f.problem(dir, fault(ErrNoFiles, nil, ""))
	}
}

// regular reports whether an entry of a folder is a file, or a link to one.
func regular(path string, d fs.DirEntry) bool {
	if d.Type()&fs.ModeSymlink == 0 {
		return d.Type().IsRegular()
	}
	st, err := os.Stat(path)
	return err == nil && st.Mode().IsRegular()
}

func ending(name string) string { return strings.ToLower(filepath.Ext(name)) }

// eachOnce sorts paths and leaves out those that lead to a file for a second time by
// another way of writing.
func eachOnce(paths []string) []string {
	seen := map[string]bool{}
	paths = slices.DeleteFunc(paths, func(path string) bool {
		if abs, err := filepath.Abs(path); err == nil {
			path = abs
		}
		again := seen[path]
		seen[path] = true
		return again
	})
	slices.Sort(paths)
	return paths
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
