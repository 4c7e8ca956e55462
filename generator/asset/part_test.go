package asset

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/generator/model"
)

// What explain shows is what the digest is made of: no two recipes with the same parts
// have different digests, and none with different parts the same.
func TestADigestMovesWithItsPartsOnly(t *testing.T) {
	variants := map[string]Recipe{"the recipe": recipe}
	change := func(what string, f func(*Recipe)) {
		r := recipe
		f(&r)
		variants[what] = r
	}
	change("an entry that does not count", func(r *Recipe) { r.Entry = "app.py" })
	change("a runtime", func(r *Recipe) { r.Runtime = "python3.13" })
	change("a toolchain", func(r *Recipe) { r.Toolchain = Ruby })
	change("a step", func(r *Recipe) { r.Steps = model.Steps{After: "make"} })
	change("another folder", func(r *Recipe) { r.Dir = "functions/orders/other" })
	change("no group", func(r *Recipe) { r.Group = "" })
	for a, x := range variants {
		for b, y := range variants {
			same := assert.ObjectsAreEqual(Parts(x, files), Parts(y, files))
			assert.Equal(t, same, Digest(x, files) == Digest(y, files), "%s and %s", a, b)
		}
	}
}

func TestAPartSaysWhatItIs(t *testing.T) {
	inputs := append([]model.Input{{Path: "functions/orders/list/run.sh", Executable: true}}, files...)
	r := recipe
	r.Steps = model.Steps{Before: "make"}
	var kinds []PartKind
	seen := map[string]bool{}
	for _, p := range Parts(r, inputs) {
		kinds = append(kinds, p.Kind)
		assert.False(t, seen[p.ID()], "%s is there twice", p.ID())
		seen[p.ID()] = true
	}
	assert.Equal(t, []PartKind{
		ToolchainPart, RevisionPart, RuntimePart, ArchitecturePart, EntryPart,
		OwnFile, OwnFile, OwnFile, LockFile, SharedFile, BeforePart, CommandPart, AfterPart,
	}, kinds)
	assert.True(t, seen["group poetry.lock"])

	plain, executable := Part{Kind: OwnFile}, Part{Kind: OwnFile, Executable: true}
	assert.NotEqual(t, plain.Value(), executable.Value())
	assert.Equal(t, "1", (&Part{Kind: RevisionPart, Revision: 1}).Value())
}

// Every lock file that rules a folder from above is known as one.
func TestTheLockFilesOfGovernorsAreKnown(t *testing.T) {
	for _, name := range []string{"package-lock.json", "uv.lock", "Gemfile.lock", "packages.lock.json", "gradle.lockfile", "Cargo.lock"} {
		found := false
		for _, row := range toolchains {
			for _, g := range row.governors {
				for _, known := range append(g.Names, g.With...) {
					found = found || known == name
				}
			}
		}
		assert.True(t, found, name)
		assert.Contains(t, lockFiles, name)
	}
}

func TestADigestMovesWhenOneOfItsPartsDoes(t *testing.T) {
	r := recipe
	r.Runtime = "python3.13"
	in := append([]model.Input{input("functions/orders/list/new.py", "n")}, files[1:]...)
	var moved []string
	for _, m := range Moves(Parts(recipe, files), Parts(r, in)) {
		if m.Moved() {
			moved = append(moved, m.Part().ID())
		}
	}
	assert.Equal(t, []string{"runtime", "function new.py", "function app.py"}, moved)
	for _, m := range Moves(Parts(recipe, files), Parts(recipe, files)) {
		assert.False(t, m.Moved(), m.Part().ID())
	}
}
