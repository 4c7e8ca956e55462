package output

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"golang.org/x/sync/errgroup"
)

// Plan is the difference between the files that should be there and those that are.
type Plan struct {
	folder   Folder
	changes  []Change // by path
	manifest []byte   // the manifest on disk
	before   manifest // what it lists
	after    manifest // what it will list
	leftover []string // temporary files of a run that was killed
}

// Changes lists what the plan does to every file, the manifest among them, by path.
func (p *Plan) Changes() []Change { return slices.Clone(p.changes) }

// Files lists every file that will be there, the manifest among them, by path.
func (p *Plan) Files() []File {
	files := make([]File, 0, len(p.changes))
	for i := range p.changes {
		if c := &p.changes[i]; c.Kind != Removed {
			files = append(files, File{Path: c.Path, Data: c.new, Source: c.Source})
		}
	}
	return files
}

// Summary counts what the plan does.
func (p *Plan) Summary() Summary {
	var s Summary
	for i := range p.changes {
		switch p.changes[i].Kind {
		case Created:
			s.Created++
		case Updated:
			s.Updated++
		case Removed:
			s.Removed++
		default:
			s.Unchanged++
		}
	}
	return s
}

// Compare plans how the files come to disk. It reads what is there and writes
// nothing. What stands in the way is added to problems, and then there is no plan.
func Compare(folder Folder, files []File, problems *diag.Problems) (*Plan, error) {
	return compare(folder, files, foldsCase, problems)
}

// comparison is the state of one Compare.
type comparison struct {
	folder    Folder
	root      *os.Root
	wanted    map[string]*File
	listings  map[string]listing // by folder
	folded    map[string]string  // path of what exists, by its lower-case path
	foldsCase func(root *os.Root, dir string) bool
	problems  *diag.Problems
	plan      *Plan
}

func compare(folder Folder, files []File, folds func(*os.Root, string) bool, problems *diag.Problems) (*Plan, error) {
	var found diag.Problems
	defer func() {
		for _, p := range found.Sorted() {
			problems.Add(p)
		}
	}()
	if !folder.Check(&found) {
		return nil, nil
	}
	root, err := os.OpenRoot(folder.Root)
	if err != nil {
		return nil, fmt.Errorf("opening the project: %w", err)
	}
	defer root.Close()
	c := &comparison{
		folder: folder, root: root, wanted: make(map[string]*File, len(files)+1),
		listings: map[string]listing{}, folded: map[string]string{}, foldsCase: folds, problems: &found,
		plan: &Plan{folder: folder, before: manifest{}, after: make(manifest, len(files))},
	}
	defer c.close()
	for _, step := range []func() error{
		func() error { return c.want(files) },
		c.readManifest,
		c.look,
		c.planFiles,
		c.planRemovals,
	} {
		if err := step(); err != nil {
			return nil, err
		}
		if !found.Empty() {
			return nil, nil
		}
	}
	slices.SortFunc(c.plan.changes, func(a, b Change) int { return cmp.Compare(a.Path, b.Path) })
	return c.plan, nil
}

func (c *comparison) close() {
	for _, l := range c.listings {
		if l.root != nil {
			l.root.Close()
		}
	}
}

// manifestPath is the manifest's path relative to the project.
func (f Folder) manifestPath() string { return f.Path + "/" + ManifestName }

// want takes in the files. Two on one path are a mistake of ours: names that would
// lead to that were reported before.
func (c *comparison) want(files []File) error {
	for i := range files {
		f := &files[i]
		if !fs.ValidPath(f.Path) || f.Path == "." || f.Path == c.folder.Path || strings.ContainsAny(f.Path, "\\\x00") {
			return diag.Bugf("an output file has the path %q", f.Path)
		}
		if f.Path == c.folder.manifestPath() {
			return diag.Bugf("%s was rendered from %s", f.Path, f.Source)
		}
		if other := c.wanted[f.Path]; other != nil {
			return diag.Bugf("%s was rendered from %s and from %s", f.Path, other.Source, f.Source)
		}
		c.wanted[f.Path] = f
	}
	for p := range c.wanted {
		for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
			if c.wanted[dir] != nil {
				return diag.Bugf("%s is both a file and a folder", dir)
			}
		}
	}
	return nil
}

// collision reports two files that are one where letter case is ignored.
func (c *comparison) collision(a, b *File) {
	if b.Source < a.Source {
		a, b = b, a
	}
	c.problems.Add(diag.Problem{
		Rule: "letter-case", Place: diag.Place{File: a.Source},
		Text:  fmt.Sprintf("%s and %s are one file on this file system, which ignores letter case", a.Path, b.Path),
		Hint:  "rename one of them, or generate on a file system that tells them apart",
		Notes: []diag.Note{{Place: diag.Place{File: b.Source}, Text: "the other one"}},
	})
}

// readManifest reads what foldstack owns so far.
func (c *comparison) readManifest() error {
	l, err := c.list(c.folder.Path)
	if err != nil {
		return err
	}
	p := c.folder.manifestPath()
	mode, exists := l.modes[ManifestName]
	if !exists || !c.regular(p, mode) {
		return nil
	}
	data, err := l.read(p, c.problems)
	if err != nil || data == nil {
		return err
	}
	m, err := readManifest(data)
	if err != nil {
		c.problems.Addf("manifest-unreadable", diag.Place{File: p},
			"restore it from version control; or remove "+c.folder.Path+" and generate again",
			"this is no manifest that foldstack can read: %v", err)
		return nil
	}
	c.plan.manifest, c.plan.before = data, m
	return nil
}

// list remembers what a folder holds.
func (c *comparison) list(dir string) (listing, error) {
	if l, ok := c.listings[dir]; ok {
		return l, nil
	}
	l, err := list(c.root, dir, c.problems)
	c.listings[dir] = l
	if err != nil {
		return l, err
	}
	for name := range l.modes {
		c.folded[strings.ToLower(path.Join(dir, name))] = path.Join(dir, name)
		if isTemporary(name) {
			c.plan.leftover = append(c.plan.leftover, path.Join(dir, name))
		}
	}
	return l, nil
}

// look lists every folder that a file goes to or lies in.
func (c *comparison) look() error {
	dirs := map[string]bool{}
	for p := range c.wanted {
		dirs[path.Dir(p)] = true
	}
	for p := range c.plan.before {
		dirs[path.Dir(c.folder.Path+"/"+p)] = true
	}
	for _, dir := range slices.Sorted(maps.Keys(dirs)) {
		if _, err := c.list(dir); err != nil {
			return err
		}
	}
	slices.Sort(c.plan.leftover)
	c.letterCase()
	return nil
}

// letterCase finds files that differ by letter case alone where the file system
// does not tell them apart. Folders called FooBar and foobar lie on a file system
// that does; the output may lie on another.
func (c *comparison) letterCase() {
	folded := make(map[string]*File, len(c.wanted))
	for _, p := range slices.Sorted(maps.Keys(c.wanted)) {
		key := strings.ToLower(p)
		if other := folded[key]; other != nil && c.foldsCase(c.root, path.Dir(p)) {
			c.collision(c.wanted[p], other)
		}
		folded[key] = c.wanted[p]
	}
}

// regular reports whether a thing on an output file's path is a plain file.
func (c *comparison) regular(p string, mode fs.FileMode) bool {
	switch {
	case mode.IsRegular():
		return true
	case mode&fs.ModeSymlink != 0:
		c.problems.Addf("output-link", diag.Place{File: p}, "remove the link; foldstack does not write through links", "%s is a symbolic link", p)
	case mode.IsDir():
		c.problems.Addf("output-blocked", diag.Place{File: p}, "move the folder away; foldstack writes a file of that name", "%s is a folder", p)
	default:
		c.problems.Addf("output-blocked", diag.Place{File: p}, "move it away; foldstack writes a file of that name", "%s is no plain file", p)
	}
	return false
}

// planFiles compares each wanted file with what is on its path.
func (c *comparison) planFiles() error {
	paths := slices.Sorted(maps.Keys(c.wanted))
	changes := make([]Change, len(paths))
	sums := make([]string, len(paths))
	err := parallel(len(paths), func(i int) error {
		f := c.wanted[paths[i]]
		if within(f.Path, c.folder.Path) {
			sums[i] = sumOf(f.Data)
		}
		var err error
		changes[i], err = c.planFile(f)
		return err
	})
	if err != nil {
		return err
	}
	for i, p := range paths {
		if name, ok := strings.CutPrefix(p, c.folder.Path+"/"); ok {
			c.plan.after[name] = entry{Path: name, Sum: sums[i], Source: c.wanted[p].Source}
		}
	}
	c.plan.changes = changes
	return nil
}

// planFile compares one file; it runs beside others.
func (c *comparison) planFile(f *File) (Change, error) {
	change := Change{Path: f.Path, Kind: Created, Source: f.Source, new: f.Data}
	dir, name := path.Split(f.Path)
	dir = path.Clean(dir)
	l := c.listings[dir]
	mode, exists := l.modes[name]
	at := f.Path
	if !exists {
		if other, ok := c.otherCase(dir, name); ok {
			at, exists, mode = path.Join(dir, other), true, l.modes[other]
			change.from = at
		}
	}
	if !exists || !c.regular(at, mode) {
		return change, nil
	}
	old, err := l.read(at, c.problems)
	if errors.Is(err, fs.ErrNotExist) {
		return change, nil
	}
	if err != nil || old == nil {
		return change, err
	}
	owner, owned := c.owner(at)
	switch {
	case bytes.Equal(old, f.Data) && change.from == "":
		change.Kind = Unchanged // and owned from now on, because foldstack would write just that
		return change, nil
	case !owned:
		c.problems.Addf("not-ours", diag.Place{File: at}, "move it away; or remove it, if foldstack wrote it once",
			"foldstack would write %s, but %s does not list this file, so it may not be overwritten", f.Path, c.folder.manifestPath())
		return change, nil
	}
	change.Kind, change.old = Updated, old
	change.Edited = owner.Sum != "" && owner.Sum != sumOf(old)
	return change, nil
}

// otherCase finds the file that has the place of name where letter case is ignored.
func (c *comparison) otherCase(dir, name string) (string, bool) {
	other, ok := c.folded[strings.ToLower(path.Join(dir, name))]
	if !ok || path.Base(other) == name || !c.foldsCase(c.root, dir) {
		return "", false
	}
	return path.Base(other), true
}

// owner is the manifest's entry of a path. A file outside the output folder has a
// fixed name of foldstack's own.
func (c *comparison) owner(p string) (entry, bool) {
	name, inside := strings.CutPrefix(p, c.folder.Path+"/")
	if !inside {
		return entry{}, true
	}
	e, ok := c.plan.before[name]
	return e, ok
}

// planRemovals finds the files that are owned and wanted no more, and plans the
// manifest.
func (c *comparison) planRemovals() error {
	moved := map[string]bool{}
	for i := range c.plan.changes {
		moved[c.plan.changes[i].from] = true
	}
	for _, name := range slices.Sorted(maps.Keys(c.plan.before)) {
		p := c.folder.Path + "/" + name
		l := c.listings[path.Dir(p)]
		mode, exists := l.modes[path.Base(p)]
		if c.wanted[p] != nil || moved[p] || !exists || !c.regular(p, mode) {
			continue
		}
		old, err := l.read(p, c.problems)
		if err != nil {
			return err
		}
		e := c.plan.before[name]
		c.plan.changes = append(c.plan.changes, Change{
			Path: p, Kind: Removed, Source: e.Source, Edited: e.Sum != sumOf(old), old: old,
		})
	}
	c.planManifest()
	return nil
}

func (c *comparison) planManifest() {
	p := c.folder.manifestPath()
	change := Change{Path: p, Kind: Created, old: c.plan.manifest, new: c.plan.after.render()}
	switch {
	case bytes.Equal(change.old, change.new):
		change.Kind = Unchanged
	case change.old != nil:
		change.Kind = Updated
	}
	c.plan.changes = append(c.plan.changes, change)
}

// parallel calls f for 0 to n-1 on a bounded number of goroutines, in runs of
// neighbours: one goroutine for each small file would cost more than the file.
func parallel(n int, f func(int) error) error {
	const perRun = 16
	var group errgroup.Group
	group.SetLimit(2 * runtime.GOMAXPROCS(0))
	for start := 0; start < n; start += perRun {
		group.Go(func() error {
			for i := start; i < min(start+perRun, n); i++ {
				if err := f(i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}
