package schema

import (
	"compress/flate"
	_ "embed" // schemas.bin
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/foldstack/foldstack/generator/diag"
)

//go:embed schemas.bin
var embedded string

// form is the first line of the data; another one is another form.
const form = "foldstack schemas 1\n"

// header says what the data is.
type header struct {
	Linter  string   `json:"cfn-lint"` // version of the package that the schemas were taken from
	Schemas string   `json:"schemas"`  // date and time of the schemas themselves
	Types   int      `json:"types"`
	Regions []string `json:"regions"` // of which it is known what exists there

	Dictionary int `json:"dictionary"` // bytes
	Index      int `json:"index"`      // bytes
}

// data is a file of schemas, read as far as was needed.
type data struct {
	header     header
	dictionary []byte
	names      []string // of all types, in alphabetical order
	entries    map[string]*entry
	regions    map[string]int // the bit of each
}

// entry is one type of the data.
type entry struct {
	name   string
	absent uint64 // bit i: does not exist in the header's Regions[i]
	chunk  string

	once sync.Once
	typ  *resourceType
}

var embeddedData = sync.OnceValue(func() *data {
	d, err := open(embedded)
	if err != nil {
		panic(diag.Bugf("the embedded schemas cannot be read: %v", err))
	}
	return d
})

// open reads header, dictionary and index, and no schema.
func open(file string) (*data, error) {
	rest, ok := strings.CutPrefix(file, form)
	if !ok {
		return nil, fmt.Errorf("it does not begin with %q", form)
	}
	head, rest, ok := strings.Cut(rest, "\n")
	if !ok {
		return nil, fmt.Errorf("the header does not end")
	}
	d := &data{regions: map[string]int{}}
	if err := json.Unmarshal([]byte(head), &d.header); err != nil {
		return nil, fmt.Errorf("the header: %w", err)
	}
	for i, region := range d.header.Regions {
		d.regions[region] = i
	}
	dictionary, index := d.header.Dictionary, d.header.Dictionary+d.header.Index
	if dictionary < 0 || index < dictionary || index > len(rest) {
		return nil, fmt.Errorf("it is cut")
	}
	var err error
	if d.dictionary, err = inflate(rest[:dictionary], nil); err != nil {
		return nil, fmt.Errorf("the dictionary: %w", err)
	}
	lines, err := inflate(rest[dictionary:index], nil)
	if err != nil {
		return nil, fmt.Errorf("the index: %w", err)
	}
	return d, d.index(string(lines), rest[index:])
}

// index reads the lines of the index and hands out the chunks.
func (d *data) index(lines, chunks string) error {
	entries := make([]entry, d.header.Types)
	d.names = make([]string, 0, d.header.Types)
	d.entries = make(map[string]*entry, d.header.Types)
	for line := range strings.Lines(lines) {
		fields := strings.Fields(line)
		if len(fields) != 3 || len(d.names) == d.header.Types {
			return fmt.Errorf("the index: an unexpected line %q", line)
		}
		length, err := strconv.Atoi(fields[1])
		if err != nil || length < 0 || length > len(chunks) {
			return fmt.Errorf("the index: %s has no length within the file", fields[0])
		}
		absent, err := strconv.ParseUint(fields[2], 16, 64)
		if err != nil {
			return fmt.Errorf("the index: %w", err)
		}
		e := &entries[len(d.names)]
		e.name, e.absent, e.chunk = fields[0], absent, chunks[:length]
		chunks = chunks[length:]
		d.names = append(d.names, e.name)
		d.entries[e.name] = e
	}
	if len(d.names) != d.header.Types || chunks != "" {
		return fmt.Errorf("the index does not match the file")
	}
	return nil
}

func inflate(chunk string, dictionary []byte) ([]byte, error) {
	return io.ReadAll(flate.NewReaderDict(strings.NewReader(chunk), dictionary))
}

// resource is a type of the data, decoded when it is first asked for; nil for one
// that the data does not have.
func (d *data) resource(name string) *resourceType {
	e := d.entries[name]
	if e == nil {
		return nil
	}
	e.once.Do(func() {
		text, err := inflate(e.chunk, d.dictionary)
		if err == nil {
			e.typ, err = compile(name, text)
		}
		if err != nil {
			panic(diag.Bugf("the embedded schema of %s cannot be read: %v", name, err))
		}
	})
	return e.typ
}
