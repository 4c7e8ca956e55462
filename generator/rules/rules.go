package rules

import (
	"bufio"
	"embed"
	"io/fs"
	"path"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
)

//go:embed catalogue/*.txtar
var files embed.FS

// page is where the catalogue is published; a rule's id is its anchor.
const page = "https://github.com/foldstack/foldstack/blob/main/docs/rules.md"

// Group is a part of the catalogue.
type Group struct {
	Name  string // as the files of the catalogue write it
	Title string
	Text  string // what its rules are about
}

// Groups are the parts of the catalogue, in the order in which a project is read.
var Groups = []Group{
	{"yaml", "YAML", "Every file that foldstack reads must be YAML of which all readers take the same."},
	{"project", "Project", "foldstack.yaml, its environments and accounts, and where things lie."},
	{"functions", "Functions", "What lies in the folder of a function, and what its function.yaml says."},
	{"events", "Events", "What calls a function."},
	{"templates", "Templates", "resources.yaml, the templates under stacks, and how stacks hold together."},
	{"pipeline", "Pipeline", "What CodePipeline, IAM and CloudFormation take of the whole."},
	{"output", "Output", "What stands in the way of writing the output. Only generate looks there; check does not."},
}

// Entry is one rule of the catalogue.
type Entry struct {
	diag.Rule
	Group  string            // name of one of Groups
	Source string            // the page that states the rule; empty where the rule is ours
	Keys   map[string]string // what else the comment says; several values of a key on lines of their own
}

// All are the rules of the catalogue by id.
func All() []diag.Rule {
	var list []diag.Rule
	for _, e := range Entries() {
		list = append(list, e.Rule)
	}
	return list
}

// Entries are the rules of the catalogue by id, with all that their comments say.
func Entries() []Entry {
	names, _ := fs.Glob(files, "catalogue/*.txtar") // the pattern is right
	list := make([]Entry, 0, len(names))
	for _, name := range names {
		list = append(list, entry(strings.TrimSuffix(path.Base(name), ".txtar"), Archive(path.Base(name))))
	}
	return list
}

// Archive is the text of a file of the catalogue.
func Archive(name string) string {
	data, _ := files.ReadFile("catalogue/" + name) // a name of Entries is there
	return string(data)
}

// entry reads the comment of an archive, which ends at its first file.
func entry(id, archive string) Entry {
	e := Entry{Rule: diag.Rule{ID: id, URL: page + "#" + id}, Keys: map[string]string{}}
	comment, _, _ := strings.Cut(archive, "\n-- ")
	head, text, _ := strings.Cut(comment, "\n\n")
	lines := bufio.NewScanner(strings.NewReader(head))
	for lines.Scan() {
		key, value, _ := strings.Cut(lines.Text(), ": ")
		if key == "group" {
			e.Group = value
			continue
		}
		if before := e.Keys[key]; before != "" {
			value = before + "\n" + value
		}
		e.Keys[key] = value
	}
	words := strings.Fields(text)
	if n := len(words); n > 0 && strings.HasPrefix(words[n-1], "https://") {
		e.Source, words = words[n-1], words[:n-1]
	}
	e.Text = strings.Join(words, " ")
	return e
}
