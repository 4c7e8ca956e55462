package stack

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
)

func TestWhatFunctionYamlSaysIsPlacedWhereItStands(t *testing.T) {
	p := shop(t, folder{name: "a", yaml: `environment:
  TABLE: !GetAtt Table.Arn
permissions:
  - allow: [s3:GetObject, s3:PutObject]
    on: [!GetAtt Bucket.Arn, "arn:aws:s3:::other"]
events:
  - sqs: !GetAtt Jobs.Arn
environments:
  prod: {environment: {LEVEL: debug}}
`})
	var problems diag.Problems
	child := Function(p, &p.Functions[0], Resolve(p, &problems), &problems)
	lines := map[string][]int{}
	for _, r := range child.Template.Resources {
		for _, part := range r.Parts {
			require.NotNil(t, valueAt(child.Template.ResourceTree(r), part.Path), "%s has nothing at %v", r.ID, part.Path)
			lines[r.ID] = append(lines[r.ID], part.Node.Place.Line)
		}
	}
	assert.ElementsMatch(t, []int{2, 9}, lines["Function"])
	assert.ElementsMatch(t, []int{5, 5, 7}, lines["Role"])
}

// valueAt is the value at a path of keys and indices.
func valueAt(tree any, path []string) any {
	for _, step := range path {
		switch at := tree.(type) {
		case cfn.Map:
			tree = at.Get(step)
		case []any:
			tree = at[int(step[0]-'0')]
		}
	}
	return tree
}
