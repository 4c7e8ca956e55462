package check

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy/handler"
)

// Names reports names that cannot be told apart and physical names that pass
// the limit of their service.
func Names(p *model.Project, problems *diag.Problems) {
	logicalIDs(p, problems)
	lengths(p, problems)
	environments(p, problems)
}

// logicalIDs sees that two names do not give one logical id. That takes two names
// whose digests begin alike, or a name made to look like another's digest.
func logicalIDs(p *model.Project, problems *diag.Problems) {
	type owner struct {
		name  string
		place diag.Place
	}
	byID := map[string]owner{}
	claim := func(name string, place diag.Place) {
		id := model.LogicalID(name)
		first, taken := byID[id]
		switch {
		case !taken:
			byID[id] = owner{name, place}
		case first.name != name:
			problems.Add(diag.Problem{
				Rule: "duplicate-name", Place: place, Hint: "rename one of the two",
				Text:  "the names " + first.name + " and " + name + " give one logical id, " + id,
				Notes: []diag.Note{{Place: first.place, Text: "the other one"}},
			})
		}
	}
	for _, s := range p.Stacks {
		claim(s.Name, s.Place)
	}
	for _, fn := range p.Functions {
		claim(fn.Name, fn.Place)
	}
}

// lengths measures every physical name that foldstack derives.
func lengths(p *model.Project, problems *diag.Problems) {
	for _, e := range p.Environments {
		for _, n := range []struct {
			what, name string
			max        int
		}{
			{"role", model.DeployRole(p.Name, e.Name), model.MaxRoleName},
			{"role", model.CloudFormationRole(p.Name, e.Name), model.MaxRoleName},
			{"stack", model.TargetStack(p.Name, e.Name), model.MaxStackName},
			{"stack", model.OrchestrationStack(p.Name, e.Name, "999"), model.MaxStackName},
		} {
			tooLong(n.what, n.name, n.max, e.Place, "shorten the name of the project or of the environment", problems)
		}
	}
	for _, region := range p.Regions() {
		for _, bucket := range []string{
			model.ArtifactBucket(p.Name, p.Tooling.Account, region),
			model.AssetBucket(p.Name, p.Tooling.Account, region),
			model.SourceBucket(p.Name, p.Tooling.Account, region),
		} {
			tooLong("bucket", bucket, model.MaxBucketName, p.At("project"), "shorten the name of the project", problems)
		}
	}
	for _, fn := range p.Functions {
		longest := ""
		for _, e := range p.Environments {
			if name := model.FunctionName(p.Name, e.Name, fn.Name); len(name) > len(longest) && deployedTo(fn, &e) {
				longest = name
			}
		}
		tooLong("function", longest, model.MaxFunctionName, fn.Place, "shorten the folder's name, the project's or the environment's", problems)
	}
}

func deployedTo(fn model.Function, e *model.Environment) bool {
	for _, t := range e.Targets() {
		if fn.Only.Includes(t) {
			return true
		}
	}
	return false
}

func tooLong(what, name string, max int, place diag.Place, hint string, problems *diag.Problems) {
	if len(name) > max {
		problems.Addf("name-length", place, hint, "the %s would be called %s, which has %d characters; the limit is %d", what, name, len(name), max)
	}
}

// reserved are environments whose stacks would be called like base stacks.
var reserved = []string{"pipeline", "tooling", "tooling-region"}

// environments reports environments whose stacks and resources could be taken for
// those of something else. Roles act on names that begin with the project and the
// environment: those of "prod" on prod-…, and so on what belongs to "prod-eu".
func environments(p *model.Project, problems *diag.Problems) {
	names := handler.Names{Project: p.Name}
	for _, long := range p.Environments {
		if slices.Contains(reserved, long.Name) {
			problems.Addf("environment-name", long.Place, "rename it", "the stacks of an environment called %s would have the names of base stacks", long.Name)
		}
		for _, short := range p.Environments {
			account, shared := sharedAccount(short, long)
			if !shared || short.Name == long.Name {
				continue
			}
			alike := short.Name < long.Name && names.Shortest(short.Name) == names.Shortest(long.Name)
			if !alike && !strings.HasPrefix(long.Name, short.Name+"-") {
				continue
			}
			problems.Add(diag.Problem{
				Rule: "environment-prefix", Place: long.Place,
				Text:  "the account " + account + " serves " + short.Name + " and " + long.Name + ", and the roles of " + short.Name + " would reach what belongs to " + long.Name,
				Hint:  "rename one so that they begin differently, shorten the project's name, or give them different accounts",
				Notes: []diag.Note{{Place: short.Place, Text: "the other environment"}},
			})
		}
	}
}

func sharedAccount(a, b model.Environment) (string, bool) {
	for _, x := range a.Accounts {
		for _, y := range b.Accounts {
			if x.Value == y.Value {
				return x.Value, true
			}
		}
	}
	return "", false
}
