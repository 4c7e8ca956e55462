package scan

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/event"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

// lambdaName is what Lambda accepts as the name of a function.
//
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
var lambdaName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,` + strconv.Itoa(model.MaxFunctionName) + `}$`)

// decodeFunction reads function.yaml into fn and fills what it leaves out from
// the project's defaults; a nil node is a function without function.yaml. Runtime
// and handler stay unset where nothing was said: detect reads them from the code.
func decodeFunction(fn *model.Function, project *model.Project, node *source.Node, problems *diag.Problems) {
	defaults := model.DefaultsIn(project.Tooling.Region)
	o := source.Open(node, "a function", problems)
	fn.Runtime = choice(o.Text("runtime"))
	fn.Handler = choice(o.Text("handler"))
	fn.Dockerfile = o.Text("dockerfile").Value
	fn.Architecture = choice(o.OneOf("architecture", model.Architectures...))
	if fn.Architecture.Value == "" {
		fn.Architecture = project.Defaults.Architecture
	}
	if fn.Architecture.Value == "" {
		fn.Architecture = model.Choice{Value: defaults.Architecture, Origin: model.Default}
	}
	fn.Description = o.Text("description")
	fn.Settings = decodeSettings(o, problems).Over(project.Defaults.Settings).Over(defaults.Settings)
	fn.Environment = decodeVariables(o.Entries("environment"), problems)
	fn.Permissions = decodeAllowances(o.List("permissions"), "a permission", problems)
	for _, p := range fn.Permissions {
		if len(p.On) == 0 {
			problems.Addf("permission-resource", p.Place, "name the resources with `on:`, such as `on: !Output orders.TableArn`; write on: \"*\" where IAM knows no narrower one", "the permission names no resources")
		}
	}
	fn.Include = o.Texts("include").Value
	fn.Steps = decodeSteps(o.Value("build"), problems)
	fn.Only = decodeOnly(o.Value("only"), problems)
	fn.Overrides = decodeOverrides(o.Entries("environments"), project, problems)
	for _, entry := range o.List("events") {
		if e := event.Decode(entry, fn, project, problems); e != nil {
			fn.Events = append(fn.Events, e)
		}
	}
	o.Done()
}

// decodeSteps reads the user's own part in the build.
func decodeSteps(node *source.Node, problems *diag.Problems) model.Steps {
	if node == nil {
		return model.Steps{}
	}
	o := source.Open(node, "build", problems)
	defer o.Done()
	return model.Steps{Before: o.Text("before").Value, Command: o.Text("command").Value, After: o.Text("after").Value}
}

// choice is what a user said, if anything.
func choice(f source.Field[string]) model.Choice {
	if !f.Set {
		return model.Choice{}
	}
	return model.Choice{Value: f.Value, Origin: model.Said, Place: f.Place}
}

// decodeSettings reads the keys that defaults, functions and overrides share.
func decodeSettings(o *source.Object, problems *diag.Problems) model.Settings {
	s := model.Settings{
		Memory:       o.Int("memory", model.MinMemory, model.MaxMemory),
		Timeout:      o.Int("timeout", model.MinTimeout, model.MaxTimeout),
		Storage:      o.Int("storage", model.MinStorage, model.MaxStorage),
		Concurrency:  o.Int("concurrency", 0, model.MaxConcurrency),
		LogRetention: o.Int("logRetention", 1, slices.Max(model.LogRetentions)),
		Tracing:      o.Bool("tracing"),
		VPC:          decodeVPC(o.Value("vpc"), problems),
	}
	if r := s.LogRetention; r.Set && !slices.Contains(model.LogRetentions, r.Value) {
		o.Problemf("log-retention", "logRetention", retentionHint(r.Value), "CloudWatch Logs does not keep logs for %d days", r.Value)
		s.LogRetention = source.Field[int]{}
	}
	return s
}

// retentionHint names the periods around one that is none of them, and lies between
// the first and the last.
func retentionHint(days int) string {
	i, _ := slices.BinarySearch(model.LogRetentions, days)
	return fmt.Sprintf("use %d or %d", model.LogRetentions[i-1], model.LogRetentions[i])
}

// variableName is what Lambda accepts as the name of an environment variable.
//
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
var variableName = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]+$`)

func decodeVariables(pairs []source.Pair, problems *diag.Problems) []model.Variable {
	variables := make([]model.Variable, 0, len(pairs))
	for _, pair := range pairs {
		key := pair.Key
		switch {
		case !variableName.MatchString(key.Text):
			problems.Addf("variable-name", key.Place, "begin with a letter and use at least two of a-z, A-Z, 0-9 and _", "%q is no name for an environment variable", key.Text)
		case key.Text == "Ref":
			// CloudFormation reads a mapping of this one key as its function.
			problems.Addf("variable-name", key.Place, "choose another name", "CloudFormation would take a variable called Ref for a reference")
		case slices.Contains(model.ReservedVariables, key.Text):
			problems.Addf("variable-name", key.Place, "choose another name", "%s is set by Lambda itself and cannot be set by a function", key.Text)
		}
		if pair.Value.Tag == "" && pair.Value.Kind != source.Scalar {
			problems.Addf("variable-value", pair.Value.Place, "write a text, or a CloudFormation tag such as !Output or !Ref", "the value of %s is %s, not a text", key.Text, pair.Value.Kind)
			continue
		}
		variables = append(variables, model.Variable{Name: key.Text, Value: pair.Value})
	}
	slices.SortFunc(variables, func(a, b model.Variable) int { return strings.Compare(a.Name, b.Name) })
	return variables
}

func decodeOnly(node *source.Node, problems *diag.Problems) model.Only {
	if node == nil {
		return model.Only{}
	}
	o := source.Open(node, "only", problems)
	only := model.Only{Place: node.Place, Environments: o.Fields("environments"), Regions: o.Fields("regions")}
	if len(only.Environments) == 0 && len(only.Regions) == 0 {
		problems.Addf("only-nothing", node.Place, "name environments or regions, or leave the key out", "only selects nothing")
	}
	o.Done()
	return only
}

// decodeOverrides returns the overrides in the order of the project's
// environments, whatever the order of the file.
func decodeOverrides(pairs []source.Pair, project *model.Project, problems *diag.Problems) []model.Override {
	byName := map[string]model.Override{}
	var names []string
	for _, e := range project.Environments {
		names = append(names, e.Name)
	}
	for _, pair := range pairs {
		if project.Environment(pair.Key.Text) == nil && len(names) > 0 { // that there is none at all is told once
			hint := "the environments are " + strings.Join(names, ", ")
			if near, ok := diag.Suggest(pair.Key.Text, names); ok {
				hint = "did you mean " + near + "?"
			}
			problems.Addf("unknown-environment", pair.Key.Place, hint, "foldstack.yaml has no environment %q", pair.Key.Text)
		}
		o := source.Open(pair.Value, "an override", problems)
		byName[pair.Key.Text] = model.Override{
			Environment: pair.Key.Text,
			Settings:    decodeSettings(o, problems),
			Variables:   decodeVariables(o.Entries("environment"), problems),
		}
		o.Done()
	}
	var overrides []model.Override
	for _, name := range names {
		if override, ok := byName[name]; ok {
			overrides = append(overrides, override)
		}
	}
	return overrides
}
