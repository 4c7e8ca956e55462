package diag

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// awkward are problems that the formats for machines have to escape.
func awkward() []Problem {
	list, _ := shown()
	return append(list,
		Problem{Rule: "unknown-key", Place: Place{"functions/100%, a:b/function.yaml", 4, 2}, Text: "100% of {id} has [no](1) key", Hint: "did you mean\r\n::warning::this?"},
		Problem{Rule: "wrong-value", Place: Place{"größe/世.yaml", 1, 1}, Text: "again", Notes: []Note{{Text: "a note of nowhere, {too}"}}},
	)
}

func TestEveryProblemIsOneWorkflowCommand(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, WriteGitHub(&out, awkward()))
	golden(t, "problems.github", out.Bytes())
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	require.Len(t, lines, len(awkward()))
	for _, line := range lines {
		assert.True(t, strings.HasPrefix(line, "::error "), line)
		assert.False(t, strings.ContainsAny(line, "\r\x1b"), line)
	}
	assert.Equal(t, "::error file=functions/100%25%2C a%3Ab/function.yaml,line=4,col=2,title=unknown-key::"+
		`100%25 of {id} has [no](1) key%0Ahint: did you mean\r%0A::warning::this?`, lines[len(lines)-2])

	out.Reset()
	require.NoError(t, WriteGitHub(&out, nil))
	assert.Empty(t, out.String())
}

var described = []Rule{
	{ID: "not-broken", Text: "No problem breaks it.", URL: "https://example.com#not-broken"},
	{ID: "wrong-value", Text: "A value lies within its bounds. AWS refuses others.", URL: "https://example.com#wrong-value"},
}

func TestSARIFDescribesTheRulesThatAreBroken(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, WriteSARIF(&out, awkward(), described))
	golden(t, "problems.sarif", out.Bytes())
	var log sarifLog
	require.NoError(t, json.Unmarshal(out.Bytes(), &log))
	run := log.Runs[0]
	var ids []string
	for _, r := range run.Tool.Driver.Rules {
		ids = append(ids, r.ID)
	}
	assert.True(t, slices.IsSorted(ids))
	assert.NotContains(t, ids, "not-broken")
	for i, p := range awkward() {
		result := run.Results[i]
		assert.Equal(t, p.Rule, result.RuleID)
		if p.Rule != "" {
			assert.Equal(t, p.Rule, ids[*result.RuleIndex])
		}
	}
	wrongValue := run.Tool.Driver.Rules[slices.Index(ids, "wrong-value")]
	assert.Equal(t, "A value lies within its bounds.", wrongValue.Short.Text)
	assert.Equal(t, "https://example.com#wrong-value", wrongValue.HelpURI)
}

// required are the properties that the standard asks of each object that is written
// (section 3), and that GitHub asks beyond it, and the objects that lie in others.
var required = map[string]struct {
	must  []string
	holds map[string]string
}{
	"sarifLog":            {[]string{"$schema", "version", "runs"}, map[string]string{"runs": "run"}},
	"run":                 {[]string{"tool", "results"}, map[string]string{"tool": "tool", "results": "result", "columnKind": "", "originalUriBaseIds": "bases"}},
	"tool":                {[]string{"driver"}, map[string]string{"driver": "toolComponent"}},
	"toolComponent":       {[]string{"name", "rules"}, map[string]string{"informationUri": "", "rules": "reportingDescriptor"}},
	"bases":               {[]string{"%SRCROOT%"}, map[string]string{"%SRCROOT%": "artifactLocation"}},
	"reportingDescriptor": {[]string{"id", "shortDescription", "fullDescription", "help"}, map[string]string{"shortDescription": "message", "fullDescription": "message", "help": "message", "helpUri": ""}},
	"message":             {[]string{"text"}, nil},
	"result":              {[]string{"message"}, map[string]string{"message": "message", "ruleId": "", "ruleIndex": "", "level": "", "locations": "location", "relatedLocations": "location"}},
	"location":            {nil, map[string]string{"id": "", "physicalLocation": "physicalLocation", "message": "message"}},
	"physicalLocation":    {[]string{"artifactLocation", "region"}, map[string]string{"artifactLocation": "artifactLocation", "region": "region"}},
	"artifactLocation":    {nil, map[string]string{"uri": "", "uriBaseId": "", "description": "message"}},
	"region":              {[]string{"startLine", "startColumn", "endLine", "endColumn"}, nil},
}

// validate walks a JSON value as the table says and reports what the standard
// would not take.
func validate(t *testing.T, kind, path string, value any) {
	if list, ok := value.([]any); ok {
		for i, item := range list {
			validate(t, kind, fmt.Sprintf("%s[%d]", path, i), item)
		}
		return
	}
	object, ok := value.(map[string]any)
	if !assert.True(t, ok, "%s is no object but %v", path, value) {
		return
	}
	shape, known := required[kind]
	require.True(t, known, kind)
	for _, name := range shape.must {
		assert.Contains(t, object, name, path)
	}
	for name, v := range object {
		next, known := shape.holds[name]
		assert.True(t, known || slices.Contains(shape.must, name), "%s has %s, which is not of the standard", path, name)
		if next != "" {
			validate(t, next, path+"."+name, v)
		}
	}
	if kind == "region" {
		assert.GreaterOrEqual(t, object["startLine"], 1.0, path)
		assert.GreaterOrEqual(t, object["startColumn"], 1.0, path)
		assert.Equal(t, object["startLine"], object["endLine"], path)
		assert.GreaterOrEqual(t, object["endColumn"], object["startColumn"], path)
	}
}

func TestSARIFHasWhatTheStandardRequires(t *testing.T) {
	for name, problems := range map[string][]Problem{"none": nil, "all": awkward()} {
		var out bytes.Buffer
		require.NoError(t, WriteSARIF(&out, problems, described))
		var log any
		require.NoError(t, json.Unmarshal(out.Bytes(), &log), name)
		validate(t, "sarifLog", "log", log)
		assert.NotContains(t, out.String(), "null", name)
	}
}

func TestSARIFTextIsNoPlaceholderAndNoLink(t *testing.T) {
	assert.Equal(t, "GET /orders/{{id}}", sarifText("GET /orders/{id}"))
	assert.Equal(t, "[1, 2]", sarifText("[1, 2]"))
	assert.Equal(t, `\[here\](1)`, sarifText("[here](1)"))
}

func TestSARIFNamesFilesAsRelativeReferences(t *testing.T) {
	for file, want := range map[string]string{
		"functions/a/function.yaml": "functions/a/function.yaml",
		"a b/c#d?e":                 "a%20b/c%23d%3Fe",
		"c:/x%41":                   "c%3A/x%2541",
		"größe":                     "gr%C3%B6%C3%9Fe",
	} {
		assert.Equal(t, want, sarifURI(file))
	}
}

func TestBelowNamesFilesFromAFolderAbove(t *testing.T) {
	problems := []Problem{{Place: Place{"a.yaml", 1, 2}, Notes: []Note{{Place: Place{File: "b"}, Text: "x"}, {Text: "nowhere"}}}, {Text: "nowhere"}}
	assert.Equal(t, []Problem{{Place: Place{"shop/a.yaml", 1, 2}, Notes: []Note{{Place: Place{File: "shop/b"}, Text: "x"}, {Text: "nowhere"}}}, {Text: "nowhere"}},
		Below("shop", problems))
	assert.Equal(t, "a.yaml", problems[0].Place.File, "what was given stays as it is")
	assert.Equal(t, problems, Below(".", problems))
}

// FuzzReports wants one command per problem, and reports that are JSON.
func FuzzReports(f *testing.F) {
	f.Add("unknown-key", "functions/a/function.yaml", "text", "hint", 3, 1)
	f.Add("", "a,b:c%", "%0A::error::x\r\n", "\n\n::stop-commands::x", 0, 0)
	f.Add("r", "\xff\x00", "{0}", "[a](1)", -1, -1)
	f.Fuzz(func(t *testing.T, rule, file, text, hint string, line, column int) {
		problems := []Problem{{Rule: rule, Place: Place{file, line, column}, Text: text, Hint: hint, Notes: []Note{{Place{file, column, line}, text}}}}
		var out bytes.Buffer
		require.NoError(t, WriteGitHub(&out, problems))
		if body := strings.TrimSuffix(out.String(), "\n"); !strings.HasPrefix(body, "::error ") || strings.ContainsAny(body, "\r\n") {
			t.Fatalf("%q is not one command", out.String())
		}
		out.Reset()
		require.NoError(t, WriteSARIF(&out, problems, nil))
		var log any
		require.NoError(t, json.Unmarshal(out.Bytes(), &log))
		validate(t, "sarifLog", "log", log)
	})
}
