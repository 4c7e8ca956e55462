package asset

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"slices"
	"strings"

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

// Digest is the SHA-256 in hexadecimal (64 digits) of a recipe and of the files it
// is applied to, in whatever order these come; two inputs of one path are one.
// Neither the project's place on a machine nor the folder's place in the project
// enters.
func Digest(recipe Recipe, inputs []model.Input) string {
	h := sha256.New()
	w := writer{hash: h}
	w.text(encoding)
	w.text(string(recipe.Toolchain))
	w.number(uint64(toolchains[recipe.Toolchain].revision))
	w.text(recipe.Runtime)
	w.text(recipe.Architecture)
	if recipe.Toolchain.compiles() {
		w.text(recipe.Entry)
	} else {
		w.text("")
	}
	files := recipe.relative(inputs)
	w.number(uint64(len(files)))
	for _, f := range files {
		w.text(f.scope)
		w.text(f.path)
		w.flag(f.Executable)
		w.buffer = append(w.buffer, f.Sum[:]...)
		w.flush()
	}
	if s := recipe.Steps; s != (model.Steps{}) { // behind all that was there before steps were
		w.text(s.Before)
		w.text(s.Command)
		w.text(s.After)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// file is an input by its path from the nearest folder that moves with the
// function.
type file struct {
	scope string
	path  string
	*model.Input
}

// relative gives each input its place in the function's folder, in its group's or
// in the project, and puts them in order.
func (r Recipe) relative(inputs []model.Input) []file {
	group := ""
	if r.Group != "" {
		if i := strings.LastIndexByte(r.Dir, '/'); i > 0 {
			group = r.Dir[:i]
		}
	}
	files := make([]file, len(inputs))
	for i := range inputs {
		in := &inputs[i]
		f := file{"project", in.Path, in}
		if rest, ok := strings.CutPrefix(in.Path, r.Dir+"/"); ok {
			f.scope, f.path = "function", rest
		} else if rest, ok := strings.CutPrefix(in.Path, group+"/"); ok && group != "" {
			f.scope, f.path = "group", rest
		}
		files[i] = f
	}
	slices.SortFunc(files, func(a, b file) int {
		return cmp.Or(strings.Compare(a.scope, b.scope), strings.Compare(a.path, b.path))
	})
	return slices.CompactFunc(files, func(a, b file) bool { return a.scope == b.scope && a.path == b.path })
}

// writer writes values so that no two rows of them give the same bytes: a text
// follows its length.
type writer struct {
	hash   hash.Hash
	buffer []byte
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
