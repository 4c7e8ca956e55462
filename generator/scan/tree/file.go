package tree

import (
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/foldstack/foldstack/generator/diag"
)

// MaxKept is the size up to which the bytes of ignore files and documents are
// kept: 1 MiB, as much as CloudFormation takes of a template.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const MaxKept = 1 << 20

// File is a file that was read, or a link.
type File struct {
	Path       string
	Executable bool
	Size       int64
	Sum        [sha256.Size]byte // SHA-256 of its bytes; of a link see Link
	// Data are its bytes. Nil for a link, for a file that is larger than
	// Options.Keep allows and for one that could not be read.
	Data []byte
	// Link is a link's text. Its Sum covers a NUL before the text, which neither a
	// path nor a source file begins with, so that a link never equals a file.
	Link string
	// Failed tells that the file could not be read; the problem was reported.
	Failed bool
}

// Read reads and hashes the file or link at path, which must be one that Walk or
// a Folder shows as tracked.
func (t *Tree) Read(path string) *File {
	var keep int64
	if t.options.Keep != nil {
		keep = t.options.Keep(path)
	}
	return t.read(path, keep)
}

func (t *Tree) read(path string, keep int64) *File {
	return t.files.Get(path, func() *File {
		f := &File{Path: path}
		if err := f.load(t.onDisk(path), keep); err != nil {
			f.Failed = true
			unreadable(t.problems, path, "file", err)
		}
		return f
	})
}

func (f *File) load(onDisk string, keep int64) error {
	info, err := os.Lstat(onDisk)
	if err != nil {
		return err
	}
	switch kind(info.Mode()) {
	case Regular:
		return f.loadRegular(onDisk, info, keep)
	case Link:
		return f.loadLink(onDisk)
	}
	return errors.New("it is no file")
}

func (f *File) loadLink(onDisk string) error {
	text, err := os.Readlink(onDisk)
	if err != nil {
		return err
	}
	f.Link = filepath.ToSlash(text)
	f.Size = int64(len(f.Link))
	f.Sum = sha256.Sum256([]byte("\x00" + f.Link))
	return nil
}

func (f *File) loadRegular(onDisk string, info fs.FileInfo, keep int64) error {
	// Of the mode git tracks the owner's executable bit and nothing else.
	f.Executable = info.Mode()&0o100 != 0
	// Without O_NONBLOCK, opening a pipe that took the file's place would wait for a
	// writer, and os would make four system calls a file to try whether it can block.
	file, err := os.OpenFile(onDisk, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	if size := info.Size(); keep > 0 && size <= keep {
		return f.loadWhole(file, size)
	}
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	hash := sha256.New()
	if f.Size, err = io.CopyBuffer(hash, onlyReader{file}, *buffer); err != nil {
		return err
	}
	hash.Sum(f.Sum[:0])
	return nil
}

// loadWhole reads a file in one go. One byte more than its size tells whether it
// grew meanwhile.
func (f *File) loadWhole(file *os.File, size int64) error {
	data := make([]byte, size+1)
	n, err := io.ReadFull(file, data)
	switch err {
	case nil:
		rest, err := io.ReadAll(file)
		if err != nil {
			return err
		}
		data = append(data, rest...)
		n = len(data)
	case io.EOF, io.ErrUnexpectedEOF:
	default:
		return err
	}
	f.Data = data[:n:n]
	f.Size = int64(n)
	f.Sum = sha256.Sum256(f.Data)
	return nil
}

// onlyReader hides that a file can write itself, which would pass the buffer by.
type onlyReader struct{ io.Reader }

var buffers = sync.Pool{New: func() any {
	b := make([]byte, 64<<10)
	return &b
}}

// Document reads a file of foldstack's own format at path. ok is false where there
// is none; what is there but cannot be used is reported.
func (t *Tree) Document(path string) (data []byte, ok bool) {
	if !valid(path) {
		return nil, false
	}
	dir, name := split(path)
	e := t.Folder(dir).Entry(name)
	if e == nil {
		return nil, false
	}
	if !isFile(path, e.Kind, t.problems) {
		return nil, true
	}
	if e.Skip != "" {
		unusable(t.problems, path, "let the ignore file spare it: the pipeline would not see it", "%s is %s", name, e.Skip)
		return nil, true
	}
	f := t.read(path, MaxKept)
	if f.Data == nil && !f.Failed {
		tooLarge(path, f.Size, t.problems)
	}
	return f.Data, true
}

// ReadDocument is Document for a file of which no tree knows: path is its path for
// people, onDisk that on this machine.
func ReadDocument(path, onDisk string, problems *diag.Problems) (data []byte, ok bool) {
	info, err := os.Lstat(onDisk)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, false
	case err != nil:
		unreadable(problems, path, "file", err)
	case !isFile(path, kind(info.Mode()), problems):
	case info.Size() > MaxKept:
		tooLarge(path, info.Size(), problems)
	default:
		f := &File{Path: path}
		if err := f.loadRegular(onDisk, info, MaxKept); err != nil {
			unreadable(problems, path, "file", err)
		}
		return f.Data, true
	}
	return nil, true
}

// isFile reports what a document cannot be.
func isFile(path string, kind Kind, problems *diag.Problems) bool {
	_, name := split(path)
	switch kind {
	case Regular:
		return true
	case Dir:
		unusable(problems, path, "rename the folder", "%s is a folder", name)
	case Link:
		unusable(problems, path, "put a copy of the file in its place", "%s is a link, and links are not followed", name)
	default:
		unusable(problems, path, "remove it", "%s is %s", name, kind)
	}
	return false
}

func tooLarge(path string, size int64, problems *diag.Problems) {
	_, name := split(path)
	unusable(problems, path, "split it", "%s has %d bytes; more than %d are not read", name, size, MaxKept)
}

func unusable(problems *diag.Problems, path, hint, format string, args ...any) {
	problems.Addf("unusable-file", diag.Place{File: path}, hint, format, args...)
}

// String names the kind as a message does.
func (k Kind) String() string {
	return [...]string{"a file", "a folder", "a link", "a pipe, a socket or a device"}[k]
}
