package handler

import (
	"strings"

	"github.com/foldstack/foldstack/generator/estate"
)

// naming is how resources of a type are called.
type naming struct {
	// arn is an ARN from the service on, with {region}, {account} and {name} for what
	// the resource's place and Ref fill in. Empty of what has no ARN of its own.
	arn string

	// limit is the longest name that the service takes, of services so strict that
	// CloudFormation has to cut the names that it makes.
	limit int

	forms []string // of names that people give; flat where nil
}

// The forms of names: {root} is the root stack's, {folder} project and environment as
// folders, {any} what differs.
var (
	flat     = []string{"{root}-{any}"}
	foldered = []string{"{root}-{any}", "{folder}{any}"}
)

// Names are the names that the resources of a deployment have.
type Names struct {
	Root   string // of the root stack: "shop-prod"
	Folder string // project and environment as the first folders of a name: "shop/prod/"
	Path   string // the IAM path of roles and policies: "/foldstack/shop/prod/"
}

// ARNs are those of a resource that stands for any of a type, one per form of its name;
// name is what differs. Without forms, those are meant that users may give.
func (n Names) ARNs(in *estate.Stack, typ, name string, forms ...string) []string {
	naming := namingOf(typ)
	if naming.arn == "" {
		return nil
	}
	if len(forms) == 0 {
		forms = naming.forms
	}
	if len(forms) == 0 {
		forms = flat
	}
	fill := strings.NewReplacer("{given}-", n.Root+"-", "{root}-", n.Begin(naming.limit), "{root}", n.Root, "{folder}", n.Folder, "{path}", n.Path, "{any}", name)
	arns := make([]string, len(forms))
	for i, form := range forms {
		arns[i] = fillARN(in, naming.arn, fill.Replace(form))
	}
	return arns
}

// Begin is how every name begins that CloudFormation makes where a service takes names
// of at most limit characters; 0 is for services that take any.
//
// CloudFormation writes <stack>-<logical id>-<random>, with up to 13 characters at the
// end. Where that is too long, stack and logical id are cut to half each of what is left;
// AWS documents the form and not the cut.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
func (n Names) Begin(limit int) string {
	begin := n.Root + "-"
	if limit == 0 {
		return begin
	}
	return begin[:min(len(begin), (limit-len("--")-13)/2)]
}
