package diag

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Rule is what people are told about a rule.
type Rule struct {
	ID   string // in kebab-case, as in Problem.Rule
	Text string // what it demands and why, in one paragraph; its first sentence says what
	URL  string // of its documentation
}

// The part of SARIF 2.1.0 that is written.
//
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool                `json:"tool"`
		Bases      map[string]sarifArtifact `json:"originalUriBaseIds"`
		ColumnKind string                   `json:"columnKind"`
		Results    []sarifResult            `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID      string       `json:"id"`
		Short   sarifMessage `json:"shortDescription"`
		Full    sarifMessage `json:"fullDescription"`
		Help    sarifMessage `json:"help"`
		HelpURI string       `json:"helpUri,omitempty"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId,omitempty"`
		RuleIndex *int            `json:"ruleIndex,omitempty"`
		Level     string          `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations,omitempty"`
		Related   []sarifLocation `json:"relatedLocations,omitempty"`
	}
	sarifLocation struct {
		ID       *int           `json:"id,omitempty"`
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Message  *sarifMessage  `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI         string        `json:"uri,omitempty"`
		Base        string        `json:"uriBaseId,omitempty"`
		Description *sarifMessage `json:"description,omitempty"`
	}
	sarifRegion struct {
		Line      int `json:"startLine"`
		Column    int `json:"startColumn"`
		EndLine   int `json:"endLine"`
		EndColumn int `json:"endColumn"` // of the character behind the region
	}
)

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	sarifHome   = "https://github.com/foldstack/foldstack"
	// sarifRoot is the base of every file, which whoever reads the report knows.
	sarifRoot = "%SRCROOT%"
)

// WriteSARIF writes problems, in the given order, as one run in a SARIF 2.1.0 log,
// which code scanning and editors read. Of rules it describes those that the
// problems break; a rule that is not among them goes without a description. Files
// are relative to the repository's root: see [Below].
//
// https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
func WriteSARIF(w io.Writer, problems []Problem, rules []Rule) error {
	described, index := sarifRules(problems, rules)
	run := sarifRun{
		Tool:       sarifTool{Driver: sarifDriver{Name: "foldstack", InformationURI: sarifHome, Rules: described}},
		Bases:      map[string]sarifArtifact{sarifRoot: {Description: &sarifMessage{Text: "The root of the repository."}}},
		ColumnKind: "unicodeCodePoints",
		Results:    make([]sarifResult, len(problems)),
	}
	for i, p := range problems {
		run.Results[i] = sarifProblem(p, index)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}})
}

// sarifRules are the rules that the problems break, by id, and the index of each.
func sarifRules(problems []Problem, rules []Rule) ([]sarifRule, map[string]int) {
	known := make(map[string]Rule, len(rules))
	for _, r := range rules {
		known[r.ID] = r
	}
	var ids []string
	for _, p := range problems {
		if p.Rule != "" {
			ids = append(ids, p.Rule)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	described, index := make([]sarifRule, len(ids)), make(map[string]int, len(ids))
	for i, id := range ids {
		r := known[id]
		if r.Text == "" {
			r.Text = id
		}
		index[id] = i
		described[i] = sarifRule{
			ID: id, HelpURI: r.URL,
			Short: sarifMessage{firstSentence(r.Text)}, Full: sarifMessage{r.Text}, Help: sarifMessage{r.Text},
		}
	}
	return described, index
}

func firstSentence(text string) string {
	if i := strings.Index(text, ". "); i >= 0 {
		return text[:i+1]
	}
	return text
}

func sarifProblem(p Problem, index map[string]int) sarifResult {
	text := indented(p.Text, "")
	if p.Hint != "" {
		text += "\nhint: " + indented(p.Hint, "")
	}
	result := sarifResult{RuleID: p.Rule, Level: "error", Message: sarifMessage{sarifText(text)}}
	if i, ok := index[p.Rule]; ok {
		result.RuleIndex = &i
	}
	if physical := sarifPlace(p.Place); physical != nil {
		result.Locations = []sarifLocation{{Physical: physical}}
	}
	for i, n := range p.Notes {
		result.Related = append(result.Related, sarifLocation{
			ID: &i, Physical: sarifPlace(n.Place), Message: &sarifMessage{sarifText(indented(n.Text, ""))},
		})
	}
	return result
}

// sarifPlace is nil for a place without a file.
func sarifPlace(p Place) *sarifPhysical {
	if p.File == "" {
		return nil
	}
	return &sarifPhysical{Artifact: sarifArtifact{URI: sarifURI(p.File), Base: sarifRoot}, Region: sarifCharacter(p)}
}

// sarifCharacter is the character at a place. GitHub requires all of a region, so
// that a file or a line as a whole is the empty region at its beginning.
func sarifCharacter(p Place) sarifRegion {
	line := max(p.Line, 1)
	if p.Line < 1 || p.Column < 1 {
		return sarifRegion{line, 1, line, 1}
	}
	return sarifRegion{line, p.Column, line, p.Column + 1}
}

// sarifURI is a path as a relative reference.
//
// https://www.rfc-editor.org/rfc/rfc3986#section-2.3
func sarifURI(file string) string {
	var b strings.Builder
	for _, c := range []byte(file) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-._~/", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// sarifText keeps braces from being read as placeholders (section 3.11.5 of the
// standard), and brackets as links (3.11.6).
func sarifText(text string) string {
	text = strings.NewReplacer("{", "{{", "}", "}}").Replace(text)
	if strings.Contains(text, "](") {
		text = strings.NewReplacer("[", `\[`, "]", `\]`).Replace(text)
	}
	return text
}
