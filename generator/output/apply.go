package output

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
)

// Apply brings the plan to disk. Where it fails, every file holds its old bytes or
// its new ones, foldstack still owns each file that it made, and applying a new plan
// finishes the work. A plan that changes nothing touches nothing.
func (p *Plan) Apply() (Summary, error) {
	summary := p.Summary()
	if summary.Changed() == 0 && len(p.leftover) == 0 {
		return summary, nil
	}
	root, err := os.OpenRoot(p.folder.Root)
	if err != nil {
		return Summary{}, fmt.Errorf("opening the project: %w", err)
	}
	defer root.Close()
	if err := makeFolder(root, p.folder.Path); err != nil {
		return Summary{}, err
	}
	unlock, err := lock(root, p.folder.Path)
	if err != nil {
		return Summary{}, err
	}
	defer unlock()
	w := &writer{root: root, dirs: map[string]*os.Root{}, manifest: p.manifest}
	defer w.close()
	for _, step := range []func(*writer) error{
		p.removeLeftovers, p.writeUnion, p.writeFiles, p.removeStale, p.writeManifest, p.removeEmptyFolders,
	} {
		if err := step(w); err != nil {
			return Summary{}, err
		}
	}
	return summary, nil
}

func makeFolder(root *os.Root, dir string) error {
	if err := root.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("making the folder %s: %w", dir, err)
	}
	return nil
}

// removeLeftovers removes temporary files. Nobody is writing them: we hold the lock.
func (p *Plan) removeLeftovers(w *writer) error {
	for _, file := range p.leftover {
		if err := w.remove(file); err != nil {
			return err
		}
	}
	return nil
}

// writeUnion makes the manifest own, before they exist, the files that will be made.
func (p *Plan) writeUnion(w *writer) error {
	union := maps.Clone(p.before)
	for name, e := range p.after {
		if _, owned := union[name]; !owned {
			union[name] = e
		}
	}
	if len(union) == len(p.before) {
		return nil
	}
	return p.manifestTo(w, union)
}

func (p *Plan) manifestTo(w *writer, m manifest) error {
	w.manifest = m.render()
	return w.write(p.folder.manifestPath(), w.manifest, durable)
}

// writeFiles writes what is created or updated, folders first.
func (p *Plan) writeFiles(w *writer) error {
	var todo []*Change
	for i := range p.changes {
		c := &p.changes[i]
		if (c.Kind == Created || c.Kind == Updated) && c.Path != p.folder.manifestPath() {
			todo = append(todo, c)
			if _, err := w.dir(path.Dir(c.Path)); err != nil {
				return err
			}
		}
	}
	return parallel(len(todo), func(i int) error { return p.writeFile(w, todo[i]) })
}

func (p *Plan) writeFile(w *writer, c *Change) error {
	if c.from != "" { // the same file under another letter case: it keeps existing
		if err := w.root.Rename(c.from, c.Path); err != nil {
			return fmt.Errorf("renaming %s: %w", c.from, err)
		}
	}
	mode := replace
	switch {
	case !within(c.Path, p.folder.Path):
		mode = durable
	case c.Kind == Created:
		mode = create
	}
	return w.write(c.Path, c.new, mode)
}

// removeStale removes what is owned and wanted no more.
func (p *Plan) removeStale(w *writer) error {
	for i := range p.changes {
		if c := &p.changes[i]; c.Kind == Removed {
			if err := w.remove(c.Path); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeManifest writes the manifest of what is there now, unless it stands already.
func (p *Plan) writeManifest(w *writer) error {
	if bytes.Equal(w.manifest, p.after.render()) {
		return nil
	}
	return p.manifestTo(w, p.after)
}

// removeEmptyFolders removes the folders that the removals left empty.
func (p *Plan) removeEmptyFolders(w *writer) error {
	dirs := map[string]bool{}
	for i := range p.changes {
		if p.changes[i].Kind != Removed {
			continue
		}
		for dir := path.Dir(p.changes[i].Path); within(dir, p.folder.Path); dir = path.Dir(dir) {
			dirs[dir] = true
		}
	}
	deepestFirst := slices.Sorted(maps.Keys(dirs))
	slices.Reverse(deepestFirst)
	for _, dir := range deepestFirst {
		names, err := w.names(dir)
		if err != nil {
			return err
		}
		if len(names) > 0 {
			continue
		}
		if err := w.root.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing the empty folder %s: %w", dir, err)
		}
	}
	return nil
}
