package main

import (
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// header is the second line of the file.
type header struct {
	Linter     string   `json:"cfn-lint"`
	Schemas    string   `json:"schemas"`
	Types      int      `json:"types"`
	Regions    []string `json:"regions"`
	Dictionary int      `json:"dictionary"`
	Index      int      `json:"index"`
}

// window is how far back deflate looks, and so the most that a dictionary can hold.
const window = 32 << 10

// pack writes the file; its form is told in package schema.
func pack(l *linter, kinds []kind) ([]byte, error) {
	dictionary := dictionary(kinds)
	squeezed, err := squeeze(dictionary, nil)
	if err != nil {
		return nil, err
	}
	var index strings.Builder
	var chunks bytes.Buffer
	for _, k := range kinds {
		chunk, err := squeeze(k.schema, dictionary)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&index, "%s %d %x\n", k.name, len(chunk), k.absent)
		chunks.Write(chunk)
	}
	list, err := squeeze([]byte(index.String()), nil)
	if err != nil {
		return nil, err
	}
	head, err := json.Marshal(header{
		Linter: l.version, Schemas: l.date, Types: len(kinds), Regions: l.regions,
		Dictionary: len(squeezed), Index: len(list),
	})
	if err != nil {
		return nil, err
	}
	file := append([]byte("foldstack schemas 1\n"), head...)
	file = append(file, '\n')
	return slices.Concat(file, squeezed, list, chunks.Bytes()), nil
}

func squeeze(data, dictionary []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := flate.NewWriterDict(&b, flate.BestCompression, dictionary)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}

// dictionary is what many types have in common: the schemas that stand in them,
// those that save most last, because the distance to them is short.
func dictionary(kinds []kind) []byte {
	types := map[string]int{}
	for _, k := range kinds {
		seen := map[string]bool{}
		for _, s := range k.subtree {
			if len(s) >= 16 && len(s) <= 2048 && !seen[s] {
				seen[s] = true
				types[s]++
			}
		}
	}
	candidates := make([]string, 0, len(types))
	for s, n := range types {
		if n > 2 {
			candidates = append(candidates, s)
		}
	}
	slices.SortFunc(candidates, func(a, b string) int {
		return cmp.Or(cmp.Compare((types[b]-1)*len(b), (types[a]-1)*len(a)), strings.Compare(a, b))
	})
	var chosen []string
	var size int
	var all strings.Builder
	for _, s := range candidates {
		if size+len(s) > window || strings.Contains(all.String(), s) {
			continue
		}
		chosen = append(chosen, s)
		all.WriteString(s)
		size += len(s)
	}
	slices.Reverse(chosen)
	return []byte(strings.Join(chosen, ""))
}
