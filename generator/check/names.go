package check

import (
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
)

// reservedNames are stacks of foldstack's own beside those of the functions.
var reservedNames = map[string]string{"api": "the stack of the shared HTTP API"}

// Names reports names that cannot be told apart and physical names that pass
// the limit of their service.
func Names(p *model.Project, problems *diag.Problems) {
	distinct(p, problems)
	lengths(p, problems)
	prefixes(p, problems)
}

// distinct sees that everything the orchestration nests has a name, and a
// logical id, of its own.
func distinct(p *model.Project, problems *diag.Problems) {
	type owner struct {
		what, name string
		place      diag.Place
	}
	byID := map[string]owner{}
	claim := func(o owner) {
		if whose, reserved := reservedNames[o.name]; reserved {
			problems.Addf("reserved-name", o.place, "rename the "+o.what, "%q is reserved: it is %s", o.name, whose)
			return
		}
		id := model.LogicalID(o.name)
		first, taken := byID[id]
		if !taken {
			byID[id] = o
			return
		}
		text := "the " + o.what + " and the " + first.what + " are both called " + o.name
		if o.name != first.name {
			text = "the names " + first.name + " and " + o.name + " give the same logical id " + id
		}
		problems.Add(diag.Problem{Rule: "name-taken", Place: o.place, Text: text, Hint: "rename one of the two",
			Notes: []diag.Note{{Place: first.place, Text: "the other one"}}})
	}
	for _, s := range p.Stacks {
		claim(owner{"stack", s.Name, s.Place})
	}
	for _, fn := range p.Functions {
		claim(owner{"function", fn.Name, fn.Place})
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
			tooLong("bucket", bucket, model.MaxBucketName, p.Place, "shorten the name of the project", problems)
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

// prefixes reports two environments of one account whose names begin alike up to
// a hyphen: the roles of "prod" act on names that begin with "prod-", and those
// of "prod-eu" do.
func prefixes(p *model.Project, problems *diag.Problems) {
	for _, short := range p.Environments {
		for _, long := range p.Environments {
			account, shared := sharedAccount(short, long)
			if !shared || len(long.Name) <= len(short.Name) || long.Name[:len(short.Name)+1] != short.Name+"-" {
				continue
			}
			problems.Add(diag.Problem{Rule: "environment-prefix", Place: long.Place,
				Text:  "the account " + account + " serves " + short.Name + " and " + long.Name + ", and the roles of " + short.Name + " would reach what belongs to " + long.Name,
				Hint:  "rename one, or give them different accounts",
				Notes: []diag.Note{{Place: short.Place, Text: "the other environment"}}})
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
