package stack

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

func TestAFileThatIsNoTemplateCannotBeAStack(t *testing.T) {
	for data, text := range map[string]string{
		"":                 "the template data.yaml of the stack data is empty",
		"# nothing yet\n":  "the template data.yaml of the stack data is empty",
		"[]\n":             "the template of the stack data is a list, not a mapping of sections",
		"Outputs: {}\n":    "the template of the stack data has no Resources",
		"Resources: {}\n":  "the Resources of the stack data are no mapping of names to resources",
		"Resources: [a]\n": "the Resources of the stack data are no mapping of names to resources",
		"Resources: {A: {Type: AWS::SNS::Topic}}\n": "",
	} {
		var reading, problems diag.Problems
		UserStack(&model.Project{}, &model.Stack{
			Name: "data", File: "data.yaml", Data: []byte(data), Template: source.Parse("data.yaml", []byte(data), &reading),
		}, &problems)
		assert.Empty(t, reading.Sorted())
		var found []string
		for _, p := range problems.Sorted() {
			found = append(found, p.Text)
		}
		if text == "" {
			assert.Empty(t, found)
		} else {
			assert.Equal(t, []string{text}, found, "%q", data)
		}
	}
}

func TestAnUnreadableTemplateIsReportedOnce(t *testing.T) {
	var problems diag.Problems
	data := []byte("Resources: [\n")
	UserStack(&model.Project{}, &model.Stack{Name: "data", File: "data.yaml", Data: data, Template: source.Parse("data.yaml", data, &problems)}, &problems)
	assert.Len(t, problems.Sorted(), 1)
}
