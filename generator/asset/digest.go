package asset

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"

	"github.com/foldstack/foldstack/generator/model"
)

// encoding is the version of the text that is hashed. Another one gives every
// function a new digest: change it only when a digest could not tell apart two
// inputs that build differently.
const encoding = "foldstack input digest 1"

// Recipe is what a build depends on beside its files.
type Recipe struct {
	Dir          string // the function's folder, relative to the project's root
	Group        string // its group folder's name, if any
	Toolchain    Toolchain
	Runtime      string // of an archive
	Architecture string
	// Entry is the file, relative to Dir, that a compiler or bundler starts from:
	// the module of a TypeScript handler, a main package, a Dockerfile. It enters
	// the digest only for toolchains that compile.
	Entry string
	Steps model.Steps
}

// RecipeOf is how a function is built.
func RecipeOf(fn *model.Function) Recipe {
	return Recipe{
		Dir: fn.Dir, Group: fn.Group, Toolchain: Toolchain(fn.Toolchain),
		Runtime: fn.Runtime.Value, Architecture: fn.Architecture.Value, Entry: fn.Entry, Steps: fn.Steps,
	}
}

// Digest is the SHA-256 in hexadecimal (64 digits) of a recipe and of the files it
// is applied to, in whatever order these come; two inputs of one path are one. It is
// made of their [Parts] and of nothing else.
func Digest(recipe Recipe, inputs []model.Input) string {
	parts := Parts(recipe, inputs)
	h := sha256.New()
	w := writer{hash: h}
	w.text(encoding)
	files := 0
	for i := range parts {
		if parts[i].Kind.IsFile() {
			files++
		}
	}
	for i := range parts[:settings] {
		w.part(&parts[i])
	}
	w.number(uint64(files))
	for i := range parts[settings:] {
		w.part(&parts[settings+i])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// writer writes values so that no two rows of them give the same bytes: a text
// follows its length.
type writer struct {
	hash   hash.Hash
	buffer []byte
}

func (w *writer) part(p *Part) {
	switch {
	case p.Kind.IsFile():
		w.text(string(p.Scope))
		w.text(p.Path)
		w.flag(p.Executable)
		w.buffer = append(w.buffer, p.Sum[:]...)
		w.flush()
	case p.Kind == RevisionPart:
		w.number(uint64(p.Revision))
	default:
		w.text(p.Text)
	}
}

func (w *writer) text(s string) {
	w.buffer = binary.AppendUvarint(w.buffer, uint64(len(s)))
	w.buffer = append(w.buffer, s...)
	w.flush()
}

func (w *writer) number(n uint64) {
	w.buffer = binary.AppendUvarint(w.buffer, n)
	w.flush()
}

func (w *writer) flag(b bool) {
	if b {
		w.buffer = append(w.buffer, 1)
	} else {
		w.buffer = append(w.buffer, 0)
	}
}

func (w *writer) flush() {
	w.hash.Write(w.buffer)
	w.buffer = w.buffer[:0]
}
