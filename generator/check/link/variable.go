package link

import (
	"regexp"
	"slices"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
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
		case a.namespace == "":
		case !known(a.namespace):
			owners[unknown] = a
		case a.namespace == executionNamespace || a.namespace == pipelineNamespace:
			p.on(a, "Namespace", "duplicate-namespace", "has the namespace "+a.namespace+", which is CodePipeline's own", "give it another one")
		case owners[a.namespace] != nil:
			p.on(a, "Namespace", "duplicate-namespace", "has the namespace "+diag.Quote(a.namespace)+", which "+owners[a.namespace].name+" has already", "give it another one")
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
	owner := owners[namespace]
	switch {
	case !known(namespace + name):
	case namespace == executionNamespace:
		p.fixed(name, []string{"PipelineExecutionId"}, complain)
	case namespace == pipelineNamespace:
		if own, ok := p.ownVariables(); ok {
			oneOf(name, own, complain)
		}
	case owner == nil && owners[unknown] != nil: // it may be the namespace of that one
	case owner == nil:
		complain("no action has the namespace "+diag.Quote(namespace), meant(namespace, sortedKeys(owners), "give the action that makes the variable that Namespace"))
	case !owner.before(a):
		complain("the action "+owner.name+" has not run by then", "move it behind that action")
	default:
		if names, fixed := sourceVariables[owner.provider]; fixed && owner.category != "Deploy" {
			p.fixed(name, names, complain)
		}
	}
}

// ownVariables are those that the pipeline declares, if all of them are known.
func (p *pipeline) ownVariables() (names []string, ok bool) {
	declared := at(p.properties, "Variables")
	items, isList := declared.([]any)
	for _, item := range items {
		m, isMap := item.(cfn.Map)
		name := p.text(m.Get("Name"))
		if !isMap || !known(name) {
			return nil, false
		}
		names = append(names, name)
	}
	return names, isList || declared == nil
}

// fixed checks a name of a set that AWS makes, and may add to: a user may know more.
func (p *pipeline) fixed(name string, names []string, complain func(text, hint string)) {
	if p.generated() {
		oneOf(name, names, complain)
	}
}

func oneOf(name string, names []string, complain func(text, hint string)) {
	if !slices.Contains(names, name) {
		complain("there is no such variable", meant(name, names, "there are "+diag.Some(names)))
	}
}
