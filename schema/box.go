package schema

import (
	"encoding/json"
	"fmt"
)

// Box is a rectangle in pixels of the upright page: X0,Y0 is the top left
// corner, X1,Y1 lies one pixel outside the bottom right one. Its JSON form is
// the array [x0, y0, x1, y1].
type Box struct{ X0, Y0, X1, Y1 int }

// Empty reports whether the box holds no pixel.
func (b Box) Empty() bool { return b.X0 >= b.X1 || b.Y0 >= b.Y1 }

// Width returns the horizontal extent in pixels.
func (b Box) Width() int { return b.X1 - b.X0 }

// Height returns the vertical extent in pixels.
func (b Box) Height() int { return b.Y1 - b.Y0 }

// Area returns the number of pixels in the box, 0 when it is empty.
func (b Box) Area() int {
	if b.Empty() {
		return 0
	}
	return b.Width() * b.Height()
}

// CenterX and CenterY give the middle of the box, rounded down.
func (b Box) CenterX() int { return (b.X0 + b.X1) / 2 }

// CenterY is the vertical counterpart of [Box.CenterX].
func (b Box) CenterY() int { return (b.Y0 + b.Y1) / 2 }

// Union returns the smallest box that holds both; an empty box adds nothing.
func (b Box) Union(o Box) Box {
	switch {
	case b.Empty():
		return o
	case o.Empty():
		return b
	}
	return Box{min(b.X0, o.X0), min(b.Y0, o.Y0), max(b.X1, o.X1), max(b.Y1, o.Y1)}
}

// Intersect returns the part that both boxes share, the zero Box when none.
func (b Box) Intersect(o Box) Box {
	r := Box{max(b.X0, o.X0), max(b.Y0, o.Y0), min(b.X1, o.X1), min(b.Y1, o.Y1)}
	if r.Empty() {
		return Box{}
	}
	return r
}

// Inset shrinks the box by n pixels on every side; a negative n grows it.
func (b Box) Inset(n int) Box { return Box{b.X0 + n, b.Y0 + n, b.X1 - n, b.Y1 - n} }

// Contains reports whether the point lies in the box.
func (b Box) Contains(x, y int) bool { return x >= b.X0 && x < b.X1 && y >= b.Y0 && y < b.Y1 }

// MarshalJSON writes the box as [x0, y0, x1, y1].
func (b Box) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, "[%d,%d,%d,%d]", b.X0, b.Y0, b.X1, b.Y1), nil
}

// UnmarshalJSON reads [x0, y0, x1, y1].
func (b *Box) UnmarshalJSON(data []byte) error {
	var a []int
	if err := json.Unmarshal(data, &a); err != nil {
		return fmt.Errorf("box: %w", err)
	}
	if len(a) != 4 {
		return fmt.Errorf("box: want 4 numbers, got %d", len(a))
	}
	*b = Box{a[0], a[1], a[2], a[3]}
	return nil
}
