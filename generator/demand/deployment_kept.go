package demand

import (
	"slices"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/demand/handler"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/template"
)

// isKept reports whether CloudFormation leaves a resource of a user's alone when it is
// taken out of the template or replaced. At most a creation that failed is undone, which
// users may have reason to refuse as well.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html
func isKept(r *estate.Resource) bool {
	if r.Entry == nil || !r.Entry.Written() {
		return false
	}
	entry, _ := r.Entry.Value.(cfn.Map)
	keeps := []string{"Retain", "RetainExceptOnCreate"}
	return slices.Contains(keeps, template.Text(entry.Get("DeletionPolicy"))) &&
		slices.Contains(keeps, template.Text(entry.Get("UpdateReplacePolicy")))
}

// deletes reports whether a call is only made to delete the resource. The schema of tables
// names theirs for updates too, and no update deletes a table but one that replaces it.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
func deletes(call *handler.Call) bool {
	return call.During == handler.Delete || call.Action == "dynamodb:DeleteTable"
}
