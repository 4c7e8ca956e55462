package scan

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

// decodeProject reads foldstack.yaml. What the file leaves out is filled from
// the defaults; what it gets wrong is reported and left at its zero value.
func decodeProject(node *source.Node, file string, problems *diag.Problems) *model.Project {
	o := source.Open(node, "foldstack.yaml", problems)
	p := &model.Project{
		Place:    diag.Place{File: file, Line: 1, Column: 1},
		Root:     node,
		Patterns: o.Texts("functions").Or([]string{model.DefaultFunctions}),
		Exclude:  o.Texts("exclude").Value,
		Output:   o.Text("output").Or(model.DefaultOutput),
	}
	p.OutputPlace = p.At("output")
	o.Require("project", "write `project: name`: the prefix of every stack, role and function")
	p.Name = name(o.Text("project"), projectName, problems)
	p.Tool = command(o.Text("tool"), problems)
	o.Require("tooling", `write the account and region of the pipeline: tooling: {account: "111111111111", region: eu-central-1}`)
	p.Tooling = decodeTooling(o.Value("tooling"), problems)
	p.Source = decodeSource(o.Value("source"), o.Place(), problems)
	p.Build = decodeBuild(o.Value("build"), p.Tooling.Region, problems)
	const oneEnvironment = `name at least one environment and its accounts, such as dev: {accounts: ["222222222222"]}`
	o.Require("environments", oneEnvironment)
	if n := o.Value("environments"); n != nil && (n.Kind == source.Null || n.Kind == source.Mapping && len(n.Pairs) == 0) {
		o.Problemf("missing-key", "environments", oneEnvironment, "environments names none")
	}
	p.Environments = decodeEnvironments(o.Entries("environments"), p.Tooling.Region, problems)
	p.Defaults = decodeDefaults(o.Value("defaults"), problems)
	p.Boundary = decodeAllowances(o.List("boundary"), "the boundary", problems)
	p.Deployment = decodeAllowances(o.List("deployment"), "the deployment's permissions", problems)
	p.Unchecked = decodeUnchecked(o.Fields("unchecked"), problems)
	p.Stacks = decodeStacks(o.Entries("stacks"), problems)
	o.Done()
	return p
}

// resourceType is the form of a type that AWS publishes.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
var resourceType = regexp.MustCompile(`^(AWS|Alexa)::[A-Za-z0-9]+::[A-Za-z0-9]+$`)

func decodeUnchecked(fields []source.Field[string], problems *diag.Problems) []string {
	var types []string
	for _, f := range distinct(fields, problems) {
		if !resourceType.MatchString(f.Value) {
			problems.Addf("unchecked-type", f.Place, "write a type such as AWS::SQS::Queue", "%q is no type of a resource", f.Value)
		}
		types = append(types, f.Value)
	}
	return types
}

// A form is what a name must look like.
type form struct {
	rule    string
	what    string
	pattern *regexp.Regexp
	words   string
	max     int
}

// CloudFormation's stack names begin with a letter and hold letters, digits and
// hyphens; S3's bucket names hold no capitals. Both begin with the project's name.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
var (
	projectName = form{
		rule: "project-name", what: "project", max: model.MaxProjectName,
		pattern: regexp.MustCompile(`^[a-z]([a-z0-9-]*[a-z0-9])?$`), words: "begins with a-z, holds a-z, 0-9 and - and does not end with -",
	}
	environmentName = form{
		rule: "environment-name", what: "environment", max: model.MaxEnvironmentName,
		pattern: regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`), words: "holds a-z, 0-9 and - and neither begins nor ends with -",
	}
	accountID = regexp.MustCompile(`^[0-9]{12}$`)
)

func name(f source.Field[string], form form, problems *diag.Problems) string {
	switch {
	case !f.Set:
	case !form.pattern.MatchString(f.Value):
		problems.Addf(form.rule, f.Place, "rename it: such a name "+form.words, "%q is no name for %s", f.Value, article(form.what))
	case len(f.Value) > form.max:
		problems.Addf(form.rule, f.Place, "shorten it: the names of roles and buckets are made with it", "%q has %d characters; the name of %s has at most %d", f.Value, len(f.Value), article(form.what), form.max)
	}
	return f.Value
}

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// command is the line by which a build starts foldstack.
func command(f source.Field[string], problems *diag.Problems) string {
	if f.Set && !model.IsCommand(f.Value) {
		problems.Addf("tool-command", f.Place, "write the command that starts foldstack on one line, such as `tool: go tool foldstack`", "%q is not one line of printable text", f.Value)
	}
	return f.Or(model.DefaultTool)
}

func account(f source.Field[string], problems *diag.Problems) string {
	if f.Set && !accountID.MatchString(f.Value) {
		problems.Addf("account-id", f.Place, "put the twelve digits in quotes, leading zeros included", "%q is not an AWS account id, which has twelve digits", f.Value)
	}
	return f.Value
}

func decodeTooling(node *source.Node, problems *diag.Problems) model.Location {
	o := source.Open(node, "tooling", problems)
	if node != nil {
		o.Require("account", "name the account that holds the pipeline")
		o.Require("region", "name the region that holds the pipeline")
	}
	location := model.Location{Account: account(o.Text("account"), problems), Region: o.Text("region").Value, Place: o.PlaceOf("region")}
	o.Done()
	return location
}

func decodeSource(node *source.Node, project diag.Place, problems *diag.Problems) model.Source {
	if node == nil {
		return model.Source{Place: project, Provider: model.S3, Key: model.DefaultSourceKey}
	}
	o := source.Open(node, "source", problems)
	o.Require("provider", "name where the pipeline takes the project from: github, github-enterprise, gitlab, gitlab-self-managed, bitbucket or s3")
	s := model.Source{Place: o.Place(), Provider: model.SourceProvider(o.OneOf("provider",
		string(model.GitHub), string(model.GitHubEnterprise), string(model.GitLab),
		string(model.GitLabSelf), string(model.Bitbucket), string(model.S3)).Value)}
	s.Folder = sourceFolder(o.Text("folder"), problems)
	switch s.Provider {
	case "":
		return s
	case model.S3:
		s.Bucket = literal(o.Text("bucket"), problems).Value
		s.Key = literal(o.Text("key"), problems).Or(model.DefaultSourceKey)
	default:
		o.Require("repository", "write `repository: owner/name`")
		s.Repository = repository(o.Text("repository"), s.Provider, problems)
		s.Branch = literal(o.Text("branch"), problems).Or(model.DefaultBranch)
		s.Connection = connection(o.Text("connection"), problems)
	}
	o.Done()
	return s
}

// sourceFolder is the project's folder in what the source gives. The pipeline puts it
// into paths, and the build into a line of a shell.
func sourceFolder(f source.Field[string], problems *diag.Problems) string {
	folder := path.Clean(f.Value)
	switch {
	case !f.Set || folder == ".":
		return ""
	case !plainPath.MatchString(folder) || !fs.ValidPath(folder):
		problems.Addf("source-folder", f.Place, "write it as services/shop, from the root of the repository, with letters, digits, ., _ and -",
			"%q is no folder of what the pipeline takes", f.Value)
	}
	return folder
}

// literal is a text of the pipeline's definition, in which CodePipeline would replace
// variables.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html
func literal(f source.Field[string], problems *diag.Problems) source.Field[string] {
	if strings.Contains(f.Value, "#{") {
		problems.Addf("pipeline-variable", f.Place, "use a name without #{", "CodePipeline would take #{ in this text for a variable")
	}
	return f
}

// repository is a FullRepositoryId: owner/name, and on GitLab also
// group/subgroup/name.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
func repository(f source.Field[string], provider model.SourceProvider, problems *diag.Problems) string {
	deep := provider == model.GitLab || provider == model.GitLabSelf
	if f.Set && (!repositoryID.MatchString(f.Value) || !deep && strings.Count(f.Value, "/") > 1) {
		problems.Addf("repository-name", f.Place, "write owner/name, without the host", "%q does not name a repository with its owner", f.Value)
	}
	return f.Value
}

var (
	plainPath     = regexp.MustCompile(`^[A-Za-z0-9._][A-Za-z0-9._/-]*$`)
	repositoryID  = regexp.MustCompile(`^[\w.-]+(/[\w.-]+)+$`)
	connectionARN = regexp.MustCompile(`^arn:aws(-[a-z]+)*:(codestar-connections|codeconnections):[a-z0-9-]+:[0-9]{12}:connection/[0-9a-f-]{36}$`)
)

func connection(f source.Field[string], problems *diag.Problems) string {
	if f.Set && !connectionARN.MatchString(f.Value) {
		problems.Addf("connection-arn", f.Place, "give the ARN of a connection, or leave the key out: the tooling stack then makes one", "%q is not the ARN of a connection", f.Value)
	}
	return f.Value
}

func decodeBuild(node *source.Node, region string, problems *diag.Problems) model.Build {
	o := source.Open(node, "build", problems)
	host := o.OneOf("type", model.BuildTypes...).Or(model.DefaultsIn(region).BuildType)
	b := model.Build{
		Image:       o.Text("image").Or(model.DefaultBuildImages[host]),
		Type:        host,
		ComputeType: o.OneOf("computeType", model.BuildComputeTypes...).Or(model.DefaultBuildComputeType),
		Privileged:  o.Bool("privileged").Value,
		Timeout:     o.Int("timeout", model.MinBuildTimeout, model.MaxBuildTimeout).Or(model.DefaultBuildTimeout),
	}
	o.Done()
	return b
}

func decodeEnvironments(pairs []source.Pair, toolingRegion string, problems *diag.Problems) []model.Environment {
	environments := make([]model.Environment, 0, len(pairs))
	for _, pair := range pairs {
		o := source.Open(pair.Value, "an environment", problems)
		key := source.Field[string]{Value: pair.Key.Text, Place: pair.Key.Place, Set: true}
		e := model.Environment{Name: name(key, environmentName, problems), Place: key.Place}
		if len(o.Fields("accounts")) == 0 {
			problems.Addf("missing-key", key.Place, `write the accounts in quotes: accounts: ["222222222222"]`, "the environment %q has no accounts", e.Name)
		}
		e.Accounts = distinct(o.Fields("accounts"), problems)
		for _, a := range e.Accounts {
			account(a, problems)
		}
		e.Regions = distinct(o.Fields("regions"), problems)
		if !o.Has("regions") {
			e.Regions = []source.Field[string]{{Value: toolingRegion, Place: key.Place}}
		} else if len(e.Regions) == 0 {
			problems.Addf("missing-key", key.Place, "name at least one region, or leave the key out for the tooling region", "the environment %q has no regions", e.Name)
		}
		e.Approval = decodeApproval(o.Value("approval"), problems)
		o.Done()
		environments = append(environments, e)
	}
	return environments
}

// distinct drops what is listed twice and reports it.
func distinct(fields []source.Field[string], problems *diag.Problems) []source.Field[string] {
	first := map[string]diag.Place{}
	var kept []source.Field[string]
	for _, f := range fields {
		if place, again := first[f.Value]; again {
			problems.Add(diag.Problem{
				Rule: "listed-twice", Place: f.Place, Text: f.Value + " is listed twice", Hint: "remove one",
				Notes: []diag.Note{{Place: place, Text: "first listed here"}},
			})
			continue
		}
		first[f.Value] = f.Place
		kept = append(kept, f)
	}
	return kept
}

// decodeApproval reads `approval: true` or a mapping with more to say.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
func decodeApproval(node *source.Node, problems *diag.Problems) *model.Approval {
	switch {
	case node == nil, node.Kind == source.Scalar && node.Text == "false":
		return nil
	case node.Kind == source.Scalar && node.Text == "true":
		return &model.Approval{Place: node.Place, Timeout: model.DefaultApprovalTimeout}
	}
	o := source.Open(node, "approval", problems)
	a := &model.Approval{Place: node.Place, Timeout: o.Int("timeout", model.MinApprovalTimeout, model.MaxApprovalTimeout).Or(model.DefaultApprovalTimeout)}
	for _, address := range distinct(o.Fields("notify"), problems) {
		if local, domain, ok := strings.Cut(address.Value, "@"); !ok || local == "" || domain == "" || strings.ContainsAny(address.Value, " \t") {
			problems.Addf("email-address", address.Place, "write it as name@example.com", "%q is not an e-mail address", address.Value)
		}
		a.Notify = append(a.Notify, address.Value)
	}
	o.Done()
	return a
}

func decodeDefaults(node *source.Node, problems *diag.Problems) model.Defaults {
	o := source.Open(node, "defaults", problems)
	d := model.Defaults{
		Settings:     decodeSettings(o, problems),
		Architecture: choice(o.OneOf("architecture", model.Architectures...)),
	}
	o.Done()
	return d
}

// decodeAllowances reads statements: an action alone, or actions and resources.
func decodeAllowances(nodes []*source.Node, what string, problems *diag.Problems) []model.Allowance {
	var allowances []model.Allowance
	for _, node := range nodes {
		if node.Kind == source.Scalar {
			field := source.Field[string]{Value: node.Text, Place: node.Place, Set: true}
			allowances = append(allowances, model.Allowance{Place: node.Place, Allow: actions([]source.Field[string]{field}, problems)})
			continue
		}
		o := source.Open(node, what, problems)
		o.Require("allow", "list the actions, such as allow: [dynamodb:GetItem]")
		allowances = append(allowances, model.Allowance{Place: node.Place, Allow: actions(o.Fields("allow"), problems), On: o.List("on")})
		o.Done()
	}
	return allowances
}

// iamAction is service:Action. The action may hold wildcards; one in the service
// would open all of them.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
var iamAction = regexp.MustCompile(`^[a-z0-9-]+:[A-Za-z0-9*?]+$`)

func actions(fields []source.Field[string], problems *diag.Problems) []source.Field[string] {
	var kept []source.Field[string]
	for _, f := range fields {
		if iamAction.MatchString(f.Value) {
			kept = append(kept, f)
			continue
		}
		hint := "write service:Action, such as dynamodb:GetItem"
		service, action, _ := strings.Cut(f.Value, ":")
		switch lower := strings.ToLower(service) + ":" + action; {
		case strings.ContainsAny(service, "*?"):
			hint = "name one service, such as dynamodb:*; several are several entries"
		case iamAction.MatchString(lower):
			hint = "write " + lower + ": services stand in lower case"
		}
		problems.Addf("iam-action", f.Place, hint, "%q is not an IAM action", f.Value)
	}
	return kept
}

func decodeStacks(pairs []source.Pair, problems *diag.Problems) []model.Stack {
	stacks := make([]model.Stack, 0, len(pairs))
	for _, pair := range pairs {
		s := model.Stack{Name: pair.Key.Text, Place: pair.Key.Place}
		if !lambdaName.MatchString(s.Name) {
			problems.Addf("stack-name", s.Place, fmt.Sprintf("rename it: such a name holds 1 to %d of a-z, A-Z, 0-9, - and _", model.MaxFunctionName), "%q is no name for a stack", s.Name)
		}
		if pair.Value.Kind == source.Scalar {
			s.File, s.FilePlace = pair.Value.Text, pair.Value.Place
		} else {
			o := source.Open(pair.Value, "a stack", problems)
			o.Require("template", "name the template's file, relative to foldstack.yaml")
			s.File, s.FilePlace = o.Text("template").Value, o.PlaceOf("template")
			s.Parameters = o.Entries("parameters")
			s.Only = decodeOnly(o.Value("only"), problems)
			o.Done()
		}
		stacks = append(stacks, s)
	}
	return stacks
}
