package quota

import (
	"fmt"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/template"
)

// Check reports what is more than AWS takes, where the user wrote what passes the
// limit, or what made it.
func Check(documents []*template.Document, problems *diag.Problems) {
	for _, d := range documents {
		c := &checker{document: d, problems: problems, given: given(d.Resources)}
		c.template()
		c.operation()
		c.permissions()
		for i := range d.Resources {
			if rule, ok := byType[d.Resources[i].Type()]; ok {
				rule(c, &d.Resources[i])
			}
		}
	}
}

// byType are the rules on a single resource.
var byType = map[string]func(*checker, *template.Entry){
	"AWS::CloudFormation::Stack":          (*checker).nestedStack,
	"AWS::CodePipeline::Pipeline":         (*checker).pipeline,
	"AWS::Config::ConfigRule":             (*checker).configRule,
	"AWS::ECR::Repository":                (*checker).repository,
	"AWS::Events::Rule":                   (*checker).eventRule,
	"AWS::IAM::ManagedPolicy":             (*checker).managedPolicy,
	"AWS::IAM::Role":                      (*checker).role,
	"AWS::KMS::Key":                       (*checker).key,
	"AWS::KMS::ReplicaKey":                (*checker).key,
	"AWS::Lambda::Function":               (*checker).function,
	"AWS::S3::BucketPolicy":               (*checker).bucketPolicy,
	"AWS::SecretsManager::ResourcePolicy": (*checker).secretPolicy,
}

// checker is one template while its rules run.
type checker struct {
	document *template.Document
	problems *diag.Problems
	given    map[string]grants
}

// atMost reports a figure that passes its limit; text tells what has how much of it.
func (c *checker) atMost(rule string, place diag.Place, figure, limit int, hint, text string, args ...any) {
	if figure > limit {
		c.problems.Addf(rule, place, hint, "%s; the limit is %d", fmt.Sprintf(text, args...), limit)
	}
}

// field is the value at a path of keys, or nil.
func field(tree any, path ...string) any {
	for _, key := range path {
		m, _ := tree.(cfn.Map)
		tree = m.Get(key)
	}
	return tree
}

// items are those of a list; a single value is a list of one.
func items(tree any) []any {
	switch t := tree.(type) {
	case nil:
		return nil
	case []any:
		return t
	}
	return []any{tree}
}

// entries are those of a mapping.
func entries(tree any) cfn.Map {
	m, _ := tree.(cfn.Map)
	return m
}

// certain counts the items of a list that no Fn::If may leave out.
func certain(list []any) int {
	n := 0
	for _, item := range list {
		text, _ := item.(string)
		if i, _ := cfn.Decode(text); text != cfn.NoValue && i.Name != "Fn::If" {
			n++
		}
	}
	return n
}

// conditional reports whether a resource is there under a condition only.
func conditional(e *template.Entry) bool { return field(e.Value, "Condition") != nil }
