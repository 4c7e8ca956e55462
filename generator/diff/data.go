package diff

import (
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/check/schema"
	"github.com/foldstack/foldstack/generator/estate"
)

// The attributes that say what becomes of a resource when CloudFormation lets go of it.
const (
	deletion    = "DeletionPolicy"
	replacement = "UpdateReplacePolicy"
)

// attributes are those whose change a deployment carries out.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-product-attribute-reference.html
var attributes = []string{"CreationPolicy", deletion, "UpdatePolicy", replacement}

func attribute(r *estate.Resource, name string) any {
	entry, _ := r.Entry.Value.(cfn.Map)
	return entry.Get(name)
}

// losesData reports whether data goes with a resource that is deleted, or that is
// replaced by another. Which template's policy counts when both change is not said
// anywhere, so that both have to keep it.
func losesData(before, after *estate.Resource) bool {
	switch {
	case !schema.Stateful(before.Type):
		return false
	case after == nil:
		return !keeps(before, deletion)
	}
	return !keeps(before, replacement) || !keeps(after, replacement)
}

// keeps reports whether a resource stays, or a snapshot of it. Of databases there is one
// unless something else is said.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
func keeps(r *estate.Resource, policy string) bool {
	switch said, _ := scalar(attribute(r, policy)); said {
	case "Retain", "RetainExceptOnCreate", "Snapshot":
		return true
	case "":
		return policy == deletion &&
			(r.Type == "AWS::RDS::DBCluster" || r.Type == "AWS::RDS::DBInstance" && !r.Properties.Has("DBClusterIdentifier"))
	}
	return false
}
