package pdffile

// Page is a page of the file.
type Page struct {
	Ref  Ref
	Dict Dict // with what it inherits; the file's own, so clone before changing it
}

// inherited names what a page takes from the nodes above it.
var inherited = []Name{"Resources", "MediaBox", "CropBox", "Rotate"}

// Pages lists the pages in order. The tree of a bad file may hold itself.
func (f *File) Pages() ([]Ref, error) {
	catalog, err := f.Dict(f.Trailer["Root"])
	if err != nil {
		return nil, err
	}
	root, ok := catalog["Pages"].(Ref)
	if !ok {
		return nil, damaged("no tree of pages")
	}
	var out []Ref
	seen := map[Ref]bool{}
	var walk func(ref Ref, depth int) error
	walk = func(ref Ref, depth int) error {
		if seen[ref] || depth > maxDepth {
			return damaged("a tree of pages that holds itself")
		}
		seen[ref] = true
		node, err := f.Dict(ref)
		if err != nil {
			return err
		}
		kids, err := f.Resolve(node["Kids"])
		if err != nil {
			return err
		}
		list, ok := kids.(Array)
		if !ok {
			if node == nil {
				return damaged("page %d is not there", len(out)+1)
			}
			if out = append(out, ref); len(out) > maxPages {
				return ErrLimit
			}
			return nil
		}
		for _, kid := range list {
			ref, ok := kid.(Ref)
			if !ok {
				return damaged("a tree of pages with a leaf of its own")
			}
			if err := walk(ref, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	return out, walk(root, 0)
}

// Page reads a page, with what it inherits.
func (f *File) Page(ref Ref) (Page, error) {
	own, err := f.Dict(ref)
	if err != nil {
		return Page{}, err
	}
	p := Page{Ref: ref, Dict: Dict{}}
	for k, v := range own {
		p.Dict[k] = v
	}
	node := own
	for range maxDepth {
		parent, ok := node["Parent"]
		if !ok {
			return p, nil
		}
		if node, err = f.Dict(parent); err != nil {
			return Page{}, err
		}
		for _, key := range inherited {
			if p.Dict[key] == nil && node[key] != nil {
				p.Dict[key] = node[key]
			}
		}
	}
	return Page{}, damaged("a page that lies too deep")
}

// Box reads a rectangle, its corners put in order.
func (f *File) Box(o Object) (b [4]float64, ok bool) {
	v, err := f.Resolve(o)
	a, isArray := v.(Array)
	if err != nil || !isArray || len(a) != 4 {
		return b, false
	}
	for i := range b {
		n, err := f.Resolve(a[i])
		if err != nil {
			return b, false
		}
		if b[i], ok = Float(n); !ok {
			return b, false
		}
	}
	b[0], b[2] = min(b[0], b[2]), max(b[0], b[2])
	b[1], b[3] = min(b[1], b[3]), max(b[1], b[3])
	return b, b[2] > b[0] && b[3] > b[1]
}
