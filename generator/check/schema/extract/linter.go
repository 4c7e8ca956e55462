package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/foldstack/foldstack/generator/model"
)

// linter is an installed cfn-lint.
type linter struct {
	dir     string
	version string // of the package
	date    string // of its schemas
	licence []byte
	regions []string                     // those of foldstack that it knows, in alphabetical order
	tables  map[string]map[string]string // region, type -> name of the schema's file
	getatts getatts

	stateful map[string]json.RawMessage // the types that hold data
}

// kind is a resource type with its schema, reduced to what is checked.
type kind struct {
	name    string
	absent  uint64 // bit i: the type does not exist in regions[i]
	schema  []byte // minimal JSON
	subtree []string
}

var (
	versionLine = regexp.MustCompile(`__version__ = "([0-9.]+)"`)
	mitZero     = []byte("MIT No Attribution")
)

func open(dir string) (*linter, error) {
	l := &linter{dir: dir, tables: map[string]map[string]string{}}
	text, err := os.ReadFile(filepath.Join(dir, "version.py"))
	if err != nil {
		return nil, fmt.Errorf("reading cfn-lint's version: %w", err)
	}
	match := versionLine.FindSubmatch(text)
	if match == nil {
		return nil, errors.New("version.py does not tell the version")
	}
	l.version = string(match[1])
	var date struct {
		Date string `json:"schema_date"`
	}
	if err := l.read(&date, "version.json"); err != nil {
		return nil, err
	}
	l.date = date.Date
	if err := l.readLicence(); err != nil {
		return nil, err
	}
	if err := l.readTables(); err != nil {
		return nil, err
	}
	if err := l.readStateful(); err != nil {
		return nil, err
	}
	l.getatts, err = readGetatts(filepath.Join(dir, "schema", "_getatts.py"))
	return l, err
}

// readStateful reads which types hold data that goes with them.
func (l *linter) readStateful() error {
	var list struct {
		Types map[string]json.RawMessage `json:"ResourceTypes"`
	}
	if err := l.read(&list, "..", "AdditionalSpecs", "StatefulResources.json"); err != nil {
		return err
	}
	if len(list.Types) == 0 {
		return errors.New("StatefulResources.json names no type")
	}
	l.stateful = list.Types
	return nil
}

// read decodes a JSON file of cfn-lint's schemas.
func (l *linter) read(v any, path ...string) error {
	file := filepath.Join(append([]string{l.dir, "data", "schemas"}, path...)...)
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// readLicence makes sure that the schemas may still be passed on as they are here.
func (l *linter) readLicence() error {
	file := filepath.Join(filepath.Dir(l.dir), "cfn_lint-"+l.version+".dist-info", "licenses", "LICENSE")
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("reading cfn-lint's licence: %w", err)
	}
	if !bytes.HasPrefix(text, mitZero) {
		return fmt.Errorf("%s is no longer MIT-0", file)
	}
	l.licence = text
	return nil
}

// readTables reads which types exist where. A region without a table is one of
// which nothing is known.
func (l *linter) readTables() error {
	for _, region := range model.KnownRegions() {
		table := map[string]string{}
		err := l.read(&table, "providers", region+".json")
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		l.regions = append(l.regions, region)
		l.tables[region] = table
	}
	if len(l.regions) == 0 || len(l.regions) > 64 {
		return fmt.Errorf("%d regions, where 1 to 64 have a bit", len(l.regions))
	}
	return nil
}

// types reduces the schema of every type that exists in one of the regions.
func (l *linter) types() ([]kind, error) {
	files := map[string]string{}
	absent := map[string]uint64{}
	for _, region := range l.regions {
		for name, file := range l.tables[region] {
			if other, ok := files[name]; ok && other != file {
				return nil, fmt.Errorf("%s has another schema in %s: one per type is no longer enough", name, region)
			}
			files[name] = file
		}
	}
	for name := range files {
		for i, region := range l.regions {
			if _, ok := l.tables[region][name]; !ok {
				absent[name] |= 1 << i
			}
		}
	}
	var kinds []kind
	for name, file := range files {
		k, err := l.reduce(name, file)
		if err != nil {
			return nil, fmt.Errorf("%s (%s.json): %w", name, file, err)
		}
		k.absent = absent[name]
		kinds = append(kinds, k)
	}
	slices.SortFunc(kinds, func(a, b kind) int { return bytes.Compare([]byte(a.name), []byte(b.name)) })
	return kinds, nil
}
