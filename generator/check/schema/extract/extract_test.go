package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A cfn-lint with one type, which is absent in one of two regions.
func installed(t *testing.T, schema string) string {
	t.Helper()
	site := t.TempDir()
	write := func(path, text string) {
		file := filepath.Join(site, filepath.FromSlash(path))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	write("cfnlint/version.py", `__version__ = "9.9.9"`)
	write("cfnlint/data/schemas/version.json", `{"schema_date": "2026-01-01T00:00:00Z"}`)
	write("cfnlint/data/schemas/providers/eu-central-1.json", `{"AWS::Toy::Box": "aws_toy_box"}`)
	write("cfnlint/data/schemas/providers/us-east-1.json", `{}`)
	write("cfnlint/data/schemas/resources/aws_toy_box.json", schema)
	write("cfnlint/data/AdditionalSpecs/StatefulResources.json", `{"ResourceTypes": {"AWS::Toy::Box": {}}}`)
	write("cfn_lint-9.9.9.dist-info/licenses/LICENSE", "MIT No Attribution\n\nText.\n")
	var all, exceptions strings.Builder
	for i := range 40 {
		fmt.Fprintf(&all, "    \"AWS::All::T%d\",\n", i)
		fmt.Fprintf(&exceptions, "    \"AWS::Some::T%d\": [\"Arn\"],\n", i)
	}
	write("cfnlint/schema/_getatts.py", "\n_all_property_types = [\n"+all.String()+"\n]\n\n_exceptions = {\n"+exceptions.String()+"\n}\n")
	return filepath.Join(site, "cfnlint")
}

const box = `{
	"typeName": "AWS::Toy::Box", "description": "left out", "additionalProperties": false, "tagging": {"taggable": true},
	"properties": {"Lid": {"$ref": "#/definitions/Lid"}, "Arn": {"type": "string"}},
	"definitions": {"Lid": {"type": "string", "minLength": 0, "title": "left out"}, "Unused": {"type": "string"}},
	"readOnlyProperties": ["/properties/Arn"], "createOnlyProperties": ["/properties/Lid"]
}`

func extracted(t *testing.T, dir string) (code int, data []byte, out string) {
	t.Helper()
	folder := t.TempDir()
	var stdout, stderr bytes.Buffer
	code = run([]string{"-out", folder, dir}, &stdout, &stderr)
	data, _ = os.ReadFile(filepath.Join(folder, "schemas.bin"))
	return code, data, stdout.String() + stderr.String()
}

func TestEqualInputGivesEqualBytes(t *testing.T) {
	code, first, out := extracted(t, installed(t, box))
	require.Equal(t, 0, code, out)
	_, second, _ := extracted(t, installed(t, box))
	assert.Equal(t, first, second)
	assert.Contains(t, out, "cfn-lint 9.9.9, schemas of 2026-01-01T00:00:00Z: 1 types in 2 regions")
	assert.True(t, bytes.HasPrefix(first, []byte("foldstack schemas 1\n{\"cfn-lint\":\"9.9.9\"")))
}

func TestASchemaIsReducedToWhatIsChecked(t *testing.T) {
	linter, err := open(installed(t, box))
	require.NoError(t, err)
	kinds, err := linter.types()
	require.NoError(t, err)
	require.Len(t, kinds, 1)
	assert.Equal(t, []string{"eu-central-1", "us-east-1"}, linter.regions)
	assert.Equal(t, uint64(0b10), kinds[0].absent)
	assert.JSONEq(t, `{"additionalProperties": false, "tagging": true,
		"properties": {"Lid": {"$ref": "#/definitions/Lid"}, "Arn": {"type": "string"}},
		"definitions": {"Lid": {"type": "string"}},
		"readOnlyProperties": ["/properties/Arn"], "createOnlyProperties": ["/properties/Lid"], "stateful": true}`, string(kinds[0].schema))
}

func TestWhatIsNotUnderstoodStopsTheExtraction(t *testing.T) {
	for what, text := range map[string]string{
		"nobody said what becomes of this keyword": strings.Replace(box, `"tagging"`, `"novelty"`, 1),
		"where every schema had false":             strings.Replace(box, "false", `{"type": "string"}`, 1),
		"the schema is that of AWS::Toy::Chest":    strings.Replace(box, "Box", "Chest", 1),
	} {
		code, data, out := extracted(t, installed(t, text))
		assert.Equal(t, 1, code, what)
		assert.Empty(t, data, what)
		assert.Contains(t, out, what)
	}
}

func TestAnotherLicenceStopsTheExtraction(t *testing.T) {
	dir := installed(t, box)
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(dir), "cfn_lint-9.9.9.dist-info", "licenses", "LICENSE"), []byte("All rights reserved"), 0o644))
	code, _, out := extracted(t, dir)
	assert.Equal(t, 1, code)
	assert.Contains(t, out, "no longer MIT-0")
}

func TestTheCommandTellsHowItIsUsed(t *testing.T) {
	var stdout, stderr bytes.Buffer
	assert.Equal(t, 2, run(nil, &stdout, &stderr))
	assert.Contains(t, stderr.String(), "usage: extract [-out FOLDER] PACKAGE")
}
