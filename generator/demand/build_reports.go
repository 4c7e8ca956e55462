package demand

import (
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	yaml "github.com/foldstack/foldstack/generator/source"
)

// reports writes the test reports of a buildspec that is known: one that stands in the
// project, or a file of the output. A group that is named by its ARN is there already.
//
// https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.reports
func (b *build) reports() []Demand {
	reports := b.buildspec().Get("reports")
	if reports == nil {
		return nil
	}
	c := b.caller.from(codeBuildReportPage)
	s := b.project.Stack
	var demands []Demand
	for _, pair := range reports.Pairs {
		name := pair.Key.Text
		why := "the report " + name + " is written"
		calls := []string{"codebuild:BatchPutCodeCoverages", "codebuild:BatchPutTestCases", "codebuild:CreateReport", "codebuild:UpdateReport"}
		arn := name
		if !strings.HasPrefix(name, "arn:") {
			arn = arnOf(s.Partition, "codebuild", s.Region, s.Account, "report-group/"+b.name+"-"+name)
			calls = append(calls, "codebuild:CreateReportGroup")
		}
		on := exactly(arn)
		on.within = []string{arnOf(s.Partition, "codebuild", s.Region, s.Account, "report-group/"+b.name+"-*"), arn}
		demands = append(demands, c.calls(why, on, calls...)...)
	}
	return demands
}

// buildspec is the project's, and nil where it stands in the yaml.
func (b *build) buildspec() *yaml.Node {
	text := textAt(b.project.Properties, "Source", "BuildSpec")
	if !strings.Contains(text, "\n") && !strings.HasPrefix(text, "{") {
		return b.buildspecFile(text)
	}
	var unread diag.Problems // a buildspec that cannot be read writes no reports
	return yaml.Parse("buildspec", []byte(text), &unread)
}

func (b *build) buildspecFile(name string) *yaml.Node {
	document := b.project.Stack.Document
	if document == nil {
		return nil
	}
	file := document.Files[strings.TrimPrefix(name, document.Folder+"/")]
	if file == nil {
		return nil
	}
	var unread diag.Problems
	return yaml.Parse(name, file, &unread)
}
