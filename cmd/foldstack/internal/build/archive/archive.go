package archive

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"unicode/utf8"

	"github.com/klauspost/compress/flate"

	"github.com/foldstack/foldstack/generator/model"
)

// Stamp is the file that tells what the archive was built from.
const Stamp = ".foldstack-digest"

// level weighs time against size; another one gives other bytes.
const level = 6

// day is 1 January 1980, the first day that a zip can name.
const day = 1<<5 | 1

// Bits and versions of a zip's headers.
//
// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
const (
	utf8Names = 0x800
	deflate20 = 20 // the version that knows deflate
)

// Size is how much an archive holds.
type Size struct {
	Files    int   // the stamp among them
	Unzipped int64 // bytes
}

// TooLarge is the error of an archive that Lambda would not unpack.
type TooLarge struct {
	Unzipped int64 // bytes, as far as they were counted
}

func (e TooLarge) Error() string {
	return fmt.Sprintf("the archive holds more than the %d bytes that Lambda unpacks: %d", int64(model.MaxUnzipped), e.Unzipped)
}

// Write packs all files of a folder, stamped with a digest. An archive above what
// Lambda unpacks is refused as [TooLarge].
//
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
func Write(w io.Writer, folder *os.Root, digest string) (Size, error) {
	files, err := list(folder)
	if err != nil {
		return Size{}, err
	}
	size := Size{Unzipped: int64(len(digest))}
	for _, f := range files {
		size.Unzipped += f.Size
	}
	if size.Unzipped > model.MaxUnzipped {
		return size, TooLarge{size.Unzipped}
	}
	p := packer{zip: zip.NewWriter(w)}
	if p.deflate, err = flate.NewWriter(nil, level); err != nil {
		return size, fmt.Errorf("preparing the compressor: %w", err)
	}
	for _, f := range withStamp(files) {
		data := []byte(digest)
		if f.Name != Stamp {
			if data, err = folder.ReadFile(f.Name); err != nil {
				return size, fmt.Errorf("reading %s: %w", f.Name, err)
			}
		}
		if err := p.add(f, data); err != nil {
			return size, fmt.Errorf("packing %s: %w", f.Name, err)
		}
		size.Files++
	}
	if err := p.zip.Close(); err != nil {
		return size, fmt.Errorf("ending the archive: %w", err)
	}
	return size, nil
}

// packer writes one file after the other.
type packer struct {
	zip     *zip.Writer
	deflate *flate.Writer
	buffer  bytes.Buffer
}

// add writes a file with a header of our own: the library's would hold a time in an
// extra field and sizes behind the data.
func (p *packer) add(f File, data []byte) error {
	p.buffer.Reset()
	p.deflate.Reset(&p.buffer)
	if _, err := p.deflate.Write(data); err != nil {
		return err
	}
	if err := p.deflate.Close(); err != nil {
		return err
	}
	header := zip.FileHeader{
		Name: f.Name, Method: zip.Deflate, ReaderVersion: deflate20, CRC32: crc32.ChecksumIEEE(data),
		CompressedSize64: uint64(p.buffer.Len()), UncompressedSize64: uint64(len(data)),
	}
	header.ModifiedDate = day //lint:ignore SA1019 CreateRaw writes this field and not Modified
	packed := p.buffer.Bytes()
	if len(packed) >= len(data) {
		header.Method, header.CompressedSize64, packed = zip.Store, header.UncompressedSize64, data
	}
	header.SetMode(0o644)
	if f.Executable {
		header.SetMode(0o755)
	}
	if !ascii(f.Name) {
		header.Flags |= utf8Names
	}
	w, err := p.zip.CreateRaw(&header)
	if err != nil {
		return err
	}
	_, err = w.Write(packed)
	return err
}

func ascii(name string) bool {
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
