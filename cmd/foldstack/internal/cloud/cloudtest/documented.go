package cloudtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Documented are the permissions that the table of a chapter lists, with the cell beside
// each. The page is one of docs/, as seen from the packages beside this one.
func Documented(t testing.TB, page, chapter string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "..", "docs", page))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "\n## "+chapter+"\n")
	if !found {
		t.Fatalf("%s has no chapter %q", page, chapter)
	}
	rest, _, _ = strings.Cut(rest, "\n## ")
	listed := map[string]string{}
	for _, m := range permission.FindAllStringSubmatch(rest, -1) {
		listed[m[1]] = m[2]
	}
	return listed
}

var permission = regexp.MustCompile("(?m)^\\| `([a-z0-9]+:[A-Za-z]+)` \\| *([^|]*?) *\\|")

// DescribesAll reports a call that asks for all stacks, which takes the permission to list
// them, too.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
func (c Call) DescribesAll() bool { return c.Operation == "DescribeStacks" && c.Key == "" }
