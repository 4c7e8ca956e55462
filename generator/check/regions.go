package check

import (
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
)

// Regions reports regions that do not exist, that lie in another partition than
// the pipeline, or that lack what the pipeline needs there.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-create-cross-region.html
func Regions(p *model.Project, problems *diag.Problems) {
	home, known := region(p.Tooling.Region, p.Tooling.Place, problems)
	if known {
		pipelineIn(p.Tooling.Region, p.Tooling.Place, "choose a tooling region that has it; functions may still lie in other regions that have it", problems)
	}
	connection(p, problems)
	for _, e := range p.Environments {
		for _, r := range e.Regions {
			partition, ok := region(r.Value, r.Place, problems)
			switch {
			case !ok:
			case known && partition != home:
				problems.Add(diag.Problem{
					Rule: "mixed-partitions", Place: r.Place,
					Text:  "the region " + r.Value + " of " + e.Name + " lies in " + partition.String() + ", the tooling region " + p.Tooling.Region + " in " + home.String() + "; no role reaches from one into the other",
					Hint:  "give " + partition.String() + " a project of its own, with a tooling account there",
					Notes: []diag.Note{{Place: p.Tooling.Place, Text: "the tooling region"}},
				})
			default:
				pipelineIn(r.Value, r.Place, "choose another region: an action of a pipeline runs only where CodePipeline exists", problems)
			}
		}
	}
}

// region reports a region that nobody knows.
func region(name string, place diag.Place, problems *diag.Problems) (model.Partition, bool) {
	partition, ok := model.PartitionOf(name)
	if ok || name == "" { // an absent one was reported where it was read
		return partition, ok
	}
	regions := model.KnownRegions()
	hint := "write a region such as eu-central-1"
	if near, found := diag.Suggest(name, regions); found {
		hint = "did you mean " + near + "?"
	}
	problems.Addf("unknown-region", place, hint, "there is no region %q", name)
	return "", false
}

func pipelineIn(name string, place diag.Place, hint string, problems *diag.Problems) {
	if !model.HasCodePipeline(name) {
		problems.Addf("no-pipeline-in-region", place, hint, "CodePipeline does not exist in %s", name)
	}
}

// connection reports a Git host as the source of a pipeline in a region without
// connections; one that was made elsewhere does not help, because the source
// action runs in the pipeline's region.
func connection(p *model.Project, problems *diag.Problems) {
	_, known := model.PartitionOf(p.Tooling.Region)
	if !known || p.Source.Provider == model.S3 || model.HasConnections(p.Tooling.Region) {
		return
	}
	problems.Addf("no-connections-in-region", p.Source.Place,
		"write `source: {provider: s3}` and upload the project to the bucket, or choose a tooling region that has connections",
		"a pipeline in %s cannot take its source from %s: connections do not exist there", p.Tooling.Region, p.Source.Provider)
}
