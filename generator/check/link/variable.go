package link

import (
	"regexp"
	"slices"
	"strings"
)

// variable is a reference to a variable in an action's configuration.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html
var variable = regexp.MustCompile(`#\{([^.{}]*)\.([^{}]*)\}`)

// The namespaces that are there without an action.
const (
	executionNamespace = "codepipeline" // of the run itself
	pipelineNamespace  = "variables"    // of the pipeline's own variables
)

// sourceVariables are the variables of providers whose set is fixed; those of builds,
// functions and stacks are made by what runs there.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html
var sourceVariables = map[string][]string{
	"CodeStarSourceConnection": {"AuthorDate", "AuthorDisplayName", "AuthorEmail", "AuthorId", "BranchName", "CommitId", "CommitMessage", "ConnectionArn", "FullRepositoryName", "ProviderType"},
	"CodeCommit":               {"AuthorDate", "BranchName", "CommitId", "CommitMessage", "CommitterDate", "RepositoryName"},
	"ECR":                      {"ImageDigest", "ImageTag", "ImageURI", "RegistryId", "RepositoryName"},
	"S3":                       {"BucketName", "ETag", "ObjectKey", "VersionId"},
	"Manual":                   {},
}

// variables checks that namespaces are unique, and that every variable that an
// action reads is one of an action that has run by then.
func (p *pipeline) variables() {
	owners := map[string]*action{}
	for _, a := range p.actions {
		switch {
		case a.namespace == "" || !known(a.namespace):
		case a.namespace == executionNamespace || a.namespace == pipelineNamespace:
			p.on(a, "Namespace", "duplicate-namespace", "has the namespace "+a.namespace+", which is CodePipeline's own", "give it another one")
		case owners[a.namespace] != nil:
			p.on(a, "Namespace", "duplicate-namespace", "has the namespace "+quoted(a.namespace)+", which "+owners[a.namespace].name+" has already", "give it another one")
		default:
			owners[a.namespace] = a
		}
	}
	for _, a := range p.actions {
		for i := range a.configuration {
			e := &a.configuration[i]
			for _, match := range variable.FindAllStringSubmatch(p.text(e.Value), -1) {
				p.variable(a, e.Key, match[1], match[2], owners)
			}
		}
	}
}

func (p *pipeline) variable(a *action, key, namespace, name string, owners map[string]*action) {
	complain := func(text, hint string) {
		p.on(a, "Configuration."+key, "unknown-variable", "reads #{"+namespace+"."+name+"}, and "+text, hint)
	}
	switch namespace {
	case executionNamespace:
		p.oneOf(name, []string{"PipelineExecutionId"}, complain)
		return
	case pipelineNamespace:
		var own []string
		items, _ := at(p.properties, "Variables").([]any)
		for _, item := range items {
			own = append(own, p.text(at(item, "Name")))
		}
		p.oneOf(name, own, complain)
		return
	}
	owner := owners[namespace]
	switch {
	case !known(namespace + name):
	case owner == nil:
		complain("no action has the namespace "+quoted(namespace), meant(namespace, sortedKeys(owners), "give the action that makes the variable that Namespace"))
	case !owner.before(a):
		complain("the action "+owner.name+" has not run by then", "move it behind that action")
	default:
		if names, fixed := sourceVariables[owner.provider]; fixed && owner.category != "Deploy" {
			p.oneOf(name, names, complain)
		}
	}
}

func (p *pipeline) oneOf(name string, names []string, complain func(text, hint string)) {
	if !slices.Contains(names, name) && !slices.ContainsFunc(names, func(n string) bool { return strings.Contains(n, unknown) }) {
		complain("there is no such variable", meant(name, names, "there are "+some(names)))
	}
}
