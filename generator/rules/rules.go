package rules

import (
	"embed"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
)

//go:embed catalogue/*.txtar
var files embed.FS

// page is where the catalogue is published; a rule's id is its anchor.
const page = "https://github.com/foldstack/foldstack/blob/main/docs/rules.md"

// group is a part of the catalogue.
type group struct{ name, title, text string }

// groups are all parts, in the order in which a project is read.
var groups = []group{
	{"yaml", "YAML and keys", "What holds for every file that foldstack reads."},
	{"project", "Project", "foldstack.yaml, its environments and accounts, and where things lie."},
	{"functions", "Functions", "What lies in the folder of a function, and what its function.yaml says."},
	{"events", "Events", "What calls a function."},
	{"templates", "Templates", "resources.yaml, the templates under stacks, and how stacks hold together."},
	{"schema", "Schemas", "What CloudFormation's schemas say of every resource, in templates of yours and of foldstack's."},
	{"pipeline", "Pipeline", "What CodePipeline, IAM and CloudFormation take of the whole."},
	{"permissions", "Permissions", "What the proof finds: a call that no policy allows, one that a policy should refuse, a grant that nothing needs."},
	{"estate", "Described estates", "What stands in estate.yaml, by which verify reads templates that foldstack did not generate."},
	{"output", "Output", "What stands in the way of writing the output. Only generate looks there; check does not."},
}

// entry is one rule of the catalogue.
type entry struct {
	diag.Rule
	source  string              // the page that states the rule; empty where the rule is ours
	head    map[string][]string // the lines above the text, by key
	archive []byte
}

// All are the rules of the catalogue by id.
func All() []diag.Rule {
	var list []diag.Rule
	for _, e := range entries() {
		list = append(list, e.Rule)
	}
	return list
}

// entries are the rules of the catalogue by id, with all that their files say.
func entries() []entry {
	names, _ := fs.Glob(files, "catalogue/*.txtar") // the pattern is right
	list := make([]entry, 0, len(names))
	for _, name := range names {
		data, _ := files.ReadFile(name) // it is there
		list = append(list, read(strings.TrimSuffix(path.Base(name), ".txtar"), data))
	}
	slices.SortFunc(list, func(a, b entry) int { return strings.Compare(a.ID, b.ID) })
	return list
}

// read takes the comment of an archive apart; it ends where the first file begins.
func read(id string, archive []byte) entry {
	e := entry{Rule: diag.Rule{ID: id, URL: page + "#" + id}, head: map[string][]string{}, archive: archive}
	comment, _, _ := strings.Cut(string(archive), "\n-- ")
	head, text, _ := strings.Cut(comment, "\n\n")
	for line := range strings.Lines(head) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		e.head[key] = append(e.head[key], value)
	}
	words := strings.Fields(text)
	if n := len(words); n > 0 && strings.HasPrefix(words[n-1], "https://") {
		e.source, words = words[n-1], words[:n-1]
	}
	e.Text = strings.Join(words, " ")
	return e
}

// value is what the comment says of a key, and nothing where it is silent.
func (e entry) value(key string) string { return strings.Join(e.head[key], " ") }
