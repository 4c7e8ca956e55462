package output

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// ManifestName is the file of the output folder that lists what foldstack owns.
const ManifestName = "manifest.json"

const manifestVersion = 1

const manifestComment = "Written by foldstack; do not edit. It lists the files of this folder that foldstack owns and may overwrite or remove."

// entry is one owned file.
type entry struct {
	Path   string `json:"path"`   // slash path relative to the output folder
	Sum    string `json:"sha256"` // of its bytes, in hexadecimal
	Source string `json:"source"` // slash path relative to the project's root
}

// manifest is what foldstack owns in an output folder, by path.
type manifest map[string]entry

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// render writes one file to a line, so that version control merges it by file.
func (m manifest) render() []byte {
	paths := make([]string, 0, len(m))
	for path := range m {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n  \"comment\": %s,\n  \"version\": %d,\n  \"files\": [", quoted(manifestComment), manifestVersion)
	for i, path := range paths {
		if i > 0 {
			b.WriteByte(',')
		}
		e := m[path]
		fmt.Fprintf(&b, "\n    {\"path\": %s, \"sha256\": %s, \"source\": %s}", quoted(e.Path), quoted(e.Sum), quoted(e.Source))
	}
	if len(paths) > 0 {
		b.WriteString("\n  ")
	}
	b.WriteString("]\n}\n")
	return b.Bytes()
}

func quoted(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		panic(err) // a string is always JSON
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// readManifest reads what render wrote. A manifest that holds a merge conflict is
// read as the union of its sides: each side was owned by foldstack, and generating
// again is how the conflict is solved.
func readManifest(data []byte) (manifest, error) {
	var doc struct {
		Version int     `json:"version"`
		Files   []entry `json:"files"`
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		entries, ok := conflicted(data)
		if !ok {
			return nil, err
		}
		doc.Version, doc.Files = manifestVersion, entries
	}
	if doc.Version != manifestVersion {
		return nil, fmt.Errorf("its version is %d and this foldstack knows version %d", doc.Version, manifestVersion)
	}
	m := make(manifest, len(doc.Files))
	for _, e := range doc.Files {
		if !fs.ValidPath(e.Path) || e.Path == "." || e.Path == ManifestName || strings.ContainsAny(e.Path, "\\\x00") {
			return nil, fmt.Errorf("it lists %q, which is no path inside this folder", e.Path)
		}
		m[e.Path] = e
	}
	return m, nil
}

var conflictMarkers = []string{"<<<<<<< ", "||||||| ", "=======", ">>>>>>> "}

func isConflictMarker(line string) bool {
	return slices.ContainsFunc(conflictMarkers, func(m string) bool { return strings.HasPrefix(line, m) })
}

// conflicted reads the entries of a manifest that version control left with
// conflict markers, line by line; ok is false when anything else is wrong with it.
func conflicted(data []byte) (entries []entry, ok bool) {
	marked := false
	for line := range strings.Lines(string(data)) {
		if isConflictMarker(line) {
			marked = true
			continue
		}
		line = strings.TrimSuffix(strings.TrimSpace(line), ",")
		if !strings.HasPrefix(line, `{"path"`) {
			continue
		}
		var e entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			return nil, false
		}
		entries = append(entries, e)
	}
	return entries, marked
}
