package archive

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/sohoa/sohoa/export/archive/fax"
	"github.com/sohoa/sohoa/export/archive/pdffile"
)

// picture is a picture as a PDF holds it.
type picture struct {
	dict   pdffile.Dict
	data   io.Reader
	length int64
	// orientation is how the picture has to be turned to be seen as it is meant
	// (EXIF tag 274): 1 as it is.
	orientation int
}

// errRepack reports a picture whose bytes a PDF cannot hold as they are.
var errRepack = errors.New("the picture has to be packed anew")

func pictureDict(w, h, bits int, space pdffile.Object, filter string) pdffile.Dict {
	return pdffile.Dict{
		"Type": pdffile.Name("XObject"), "Subtype": pdffile.Name("Image"), "Width": w, "Height": h,
		"BitsPerComponent": bits, "ColorSpace": space, "Filter": pdffile.Name(filter),
	}
}

// jpegPicture takes a JPEG file as it is.
func jpegPicture(file io.ReaderAt, size int64) (picture, error) {
	r := func() *bufio.Reader { return bufio.NewReader(io.NewSectionReader(file, 0, size)) }
	channels, err := jpegChannels(r())
	if err != nil {
		return picture{}, err
	}
	config, err := jpeg.DecodeConfig(r())
	if err != nil {
		return picture{}, errRepack
	}
	var space pdffile.Name
	switch channels {
	case 1:
		space = "DeviceGray"
	case 3:
		space = "DeviceRGB"
	default:
		// Printing colours have no meaning under the profile of a screen.
		return picture{}, errRepack
	}
	return picture{
		dict: pictureDict(config.Width, config.Height, 8, space, "DCTDecode"),
		data: io.NewSectionReader(file, 0, size), length: size, orientation: jpegOrientation(r()),
	}, nil
}

// segments calls f with the marker and the body of each segment before the
// pixels, until it returns false.
func segments(r *bufio.Reader, f func(marker byte, body []byte) bool) {
	if _, err := r.Discard(2); err != nil {
		return
	}
	for range 1000 {
		var head [4]byte
		if _, err := io.ReadFull(r, head[:]); err != nil || head[0] != 0xff || head[1] == 0xda {
			return
		}
		n := int(binary.BigEndian.Uint16(head[2:])) - 2
		if n < 0 {
			return
		}
		body := make([]byte, n)
		if _, err := io.ReadFull(r, body); err != nil || !f(head[1], body) {
			return
		}
	}
}

// jpegChannels reads from the head of the frame (ITU-T T.81, B.2.2) how many
// channels the picture has. Frames other than baseline and progressive ones are
// not for every reader of PDF.
func jpegChannels(r *bufio.Reader) (n int, err error) {
	segments(r, func(marker byte, body []byte) bool {
		if marker < 0xc0 || marker > 0xcf || marker == 0xc4 || marker == 0xc8 || marker == 0xcc {
			return true
		}
		if marker <= 0xc2 && len(body) >= 6 && body[0] == 8 {
			n = int(body[5])
		}
		return false
	})
	if n == 0 {
		return 0, errRepack
	}
	return n, nil
}

// jpegOrientation reads the EXIF orientation; 1 when there is none.
func jpegOrientation(r *bufio.Reader) int {
	orientation := 1
	segments(r, func(marker byte, body []byte) bool {
		exif, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00"))
		if marker != 0xe1 || !ok || len(exif) < 8 {
			return true
		}
		var order binary.ByteOrder = binary.LittleEndian
		if exif[0] == 'M' {
			order = binary.BigEndian
		}
		at := int64(order.Uint32(exif[4:]))
		if at+2 > int64(len(exif)) {
			return false
		}
		entries := exif[at+2:]
		for range order.Uint16(exif[at:]) {
			if len(entries) < 12 {
				return false
			}
			const tagOrientation = 274
			if v := int(order.Uint16(entries[8:])); order.Uint16(entries) == tagOrientation && v >= 1 && v <= 8 {
				orientation = v
				return false
			}
			entries = entries[12:]
		}
		return false
	})
	return orientation
}

// turns gives, for each EXIF orientation, the matrix that lays the unit square
// of a picture over the page so that it is seen as meant (TIFF 6.0, tag 274).
var turns = [9]transform{
	1: {1, 0, 0, 1, 0, 0},
	2: {-1, 0, 0, 1, 1, 0},
	3: {-1, 0, 0, -1, 1, 1},
	4: {1, 0, 0, -1, 0, 1},
	5: {0, -1, -1, 0, 1, 1},
	6: {0, -1, 1, 0, 0, 1},
	7: {0, 1, 1, 0, 0, 0},
	8: {0, 1, -1, 0, 1, 0},
}

// pngPicture takes the pixels of a PNG file as they are: PDF knows the same
// packing with the same filters. Interlaced and transparent pictures have to be
// packed anew.
func pngPicture(file io.ReaderAt, size int64) (picture, error) {
	var head [33]byte
	if _, err := file.ReadAt(head[:], 0); err != nil || string(head[12:16]) != "IHDR" {
		return picture{}, errRepack
	}
	w, h := int(binary.BigEndian.Uint32(head[16:])), int(binary.BigEndian.Uint32(head[20:]))
	bits, kind, interlaced := int(head[24]), head[25], head[28] != 0
	const grey, colour, palette = 0, 2, 3
	if interlaced || kind != grey && kind != colour && kind != palette || w <= 0 || h <= 0 {
		return picture{}, errRepack
	}
	var space pdffile.Object = pdffile.Name("DeviceGray")
	channels := 1
	if kind == colour {
		space, channels = pdffile.Name("DeviceRGB"), 3
	}
	var parts []io.Reader
	var length int64
	for at := int64(8); at+12 <= size; {
		var chunk [8]byte
		if _, err := file.ReadAt(chunk[:], at); err != nil {
			return picture{}, errRepack
		}
		n := int64(binary.BigEndian.Uint32(chunk[:]))
		if at+12+n > size {
			return picture{}, errRepack
		}
		switch string(chunk[4:]) {
		case "IDAT":
			parts = append(parts, io.NewSectionReader(file, at+8, n))
			length += n
		case "tRNS":
			return picture{}, errRepack
		case "PLTE":
			if kind == palette {
				colours := make([]byte, min(n, 768))
				if _, err := file.ReadAt(colours, at+8); err != nil || len(colours) < 3 {
					return picture{}, errRepack
				}
				space = pdffile.Array{pdffile.Name("Indexed"), pdffile.Name("DeviceRGB"), len(colours)/3 - 1, pdffile.Hex(colours[:len(colours)/3*3])}
			}
		}
		at += 12 + n
	}
	if _, indexed := space.(pdffile.Array); kind == palette && !indexed || length == 0 {
		return picture{}, errRepack
	}
	dict := pictureDict(w, h, bits, space, "FlateDecode")
	dict["DecodeParms"] = pdffile.Dict{"Predictor": 15, "Colors": channels, "BitsPerComponent": bits, "Columns": w}
	return picture{dict: dict, data: io.MultiReader(parts...), length: length, orientation: 1}, nil
}

// packPicture packs decoded pixels: those of two tones as Group 4, others
// without loss, or, when they are a rendering with no bytes of their own to
// keep, as JPEG.
func packPicture(img image.Image, lossy bool) (picture, error) {
	b := img.Bounds()
	grey, isGrey := img.(*image.Gray)
	if isGrey && twoTones(grey) {
		data := fax.Encode(grey)
		dict := pictureDict(b.Dx(), b.Dy(), 1, pdffile.Name("DeviceGray"), "CCITTFaxDecode")
		dict["DecodeParms"] = pdffile.Dict{"K": -1, "Columns": b.Dx(), "Rows": b.Dy()}
		return picture{dict: dict, data: bytes.NewReader(data), length: int64(len(data)), orientation: 1}, nil
	}
	var buf bytes.Buffer
	if lossy {
		const quality = 85 // of a rendering; the scan in it was packed harder
		if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: quality}); err != nil {
			return picture{}, err
		}
		return jpegPicture(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	}
	if err := png.Encode(&buf, img); err != nil {
		return picture{}, err
	}
	return pngPicture(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
}

func twoTones(img *image.Gray) bool {
	w := img.Rect.Dx()
	for y := range img.Rect.Dy() {
		for _, v := range img.Pix[y*img.Stride : y*img.Stride+w] {
			if v != 0 && v != 255 {
				return false
			}
		}
	}
	return true
}
