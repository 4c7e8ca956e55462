package detect

import (
	"bytes"
	"path"
	"strings"
)

// filePin reads a version file. Version managers look for theirs in the folders
// above too, so the nearest one counts.
func (t *tree) filePin(name string, read func(data []byte) string) pin {
	p, data, ok := t.nearest(name)
	if !ok {
		return pin{}
	}
	text := read(data)
	if text == "" {
		return pin{}
	}
	return pin{
		place: position(p, data, max(bytes.Index(data, []byte(text)), 0)),
		what:  name,
		text:  text,
		allow: parseRange(text),
	}
}

// folderPin reads a version out of a manifest at the folder's own top.
func (t *tree) folderPin(name, what string, read func(data []byte) (text string, offset int)) pin {
	f := t.file(name)
	if f == nil {
		return pin{}
	}
	text, offset := read(f.Data)
	if text == "" {
		return pin{}
	}
	return pin{
		place: position(path.Join(t.folder.Dir, name), f.Data, offset),
		what:  name + ": " + what,
		text:  text,
		allow: parseRange(text),
	}
}

// firstWord is the first word of the first line that is no comment.
func firstWord(data []byte) string {
	for line := range bytes.Lines(data) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			return string(bytes.Fields(line)[0])
		}
	}
	return ""
}

// toolVersion reads a line of asdf's .tool-versions.
func toolVersion(names ...string) func([]byte) string {
	return func(data []byte) string {
		for line := range bytes.Lines(data) {
			fields := strings.Fields(string(line))
			if len(fields) < 2 {
				continue
			}
			for _, name := range names {
				if fields[0] == name {
					return fields[1]
				}
			}
		}
		return ""
	}
}

// tomlValue finds key in a section of a TOML file: enough of TOML for versions.
// offset is where the value stands.
func tomlValue(data []byte, section, key string) (value string, offset int) {
	inside, at := section == "", 0
	for line := range bytes.Lines(data) {
		trimmed := bytes.TrimSpace(line)
		switch {
		case bytes.HasPrefix(trimmed, []byte("[")):
			inside = string(bytes.TrimSpace(bytes.Trim(trimmed, "[]"))) == section
		case inside:
			name, rest, ok := bytes.Cut(trimmed, []byte("="))
			if ok && string(bytes.Trim(bytes.TrimSpace(name), `"'`)) == key {
				return tomlString(rest), at + bytes.Index(line, trimmed)
			}
		}
		at += len(line)
	}
	return "", 0
}

// tomlString is the text of a quoted value; a table with a version gives that.
func tomlString(b []byte) string {
	s := strings.TrimSpace(string(b))
	if strings.HasPrefix(s, "{") {
		_, s, _ = strings.Cut(s, "version")
		s = strings.TrimLeft(s, " =")
	}
	if s == "" || s[0] != '"' && s[0] != '\'' {
		return ""
	}
	text, _, _ := strings.Cut(s[1:], s[:1])
	return text
}
