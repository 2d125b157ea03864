package pipeline

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/sohoa/sohoa/schema"
)

// PageStore keeps finished pages between runs, so that a run that was stopped
// goes on where it was. A page is found again only under the key it was kept
// by, which names everything that could change the result.
type PageStore interface {
	Load(key string) (schema.Page, bool, error)
	Save(key string, page schema.Page) error
}

// PageDir is a [PageStore] in a folder: a gzipped JSON file a page.
type PageDir string

// Load reads a page. A damaged file counts as absent: the page is read again.
func (d PageDir) Load(key string) (schema.Page, bool, error) {
	data, err := os.ReadFile(d.path(key))
	if errors.Is(err, fs.ErrNotExist) {
		return schema.Page{}, false, nil
	}
	if err != nil {
		return schema.Page{}, false, fmt.Errorf("read kept page: %w", err)
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return schema.Page{}, false, nil
	}
	var page schema.Page
	if json.NewDecoder(z).Decode(&page) != nil {
		return schema.Page{}, false, nil
	}
	// Reading on to the end checks the gzip sum.
	if _, err := io.Copy(io.Discard, z); err != nil {
		return schema.Page{}, false, nil
	}
	return page, true, nil
}

// Save keeps a page; a run killed in between leaves the old state.
func (d PageDir) Save(key string, page schema.Page) error {
	path := d.path(key)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("keep page: %w", err)
	}
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	if err := errors.Join(json.NewEncoder(z).Encode(page), z.Close()); err != nil {
		return fmt.Errorf("keep page: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".page-*")
	if err != nil {
		return fmt.Errorf("keep page: %w", err)
	}
	_, err = f.Write(buf.Bytes())
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("keep page: %w", err), os.Remove(f.Name()))
	}
	return nil
}

func (d PageDir) path(key string) string { return filepath.Join(string(d), key+".json.gz") }
