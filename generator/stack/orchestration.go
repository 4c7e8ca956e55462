package stack

import (
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/event"
	"github.com/foldstack/foldstack/generator/model"

	"github.com/awslabs/goformation/v7/cloudformation/cloudformation"
)

// OrchestrationTypes are the CloudFormation types of an orchestration.
var OrchestrationTypes = []string{"AWS::CloudFormation::Stack"}

// Orchestration is a root stack of every target: it nests the others.
type Orchestration struct {
	Shard    string // "1", "2", …: see model.OrchestrationStack
	Path     string // of the template, relative to the output folder
	Children []*Child
	Template *cfn.Template
}

// Orchestrations nests the children, which are rendered, in as few root stacks as
// hold them, and says what the lock file must be. A child's template is named by
// the digest of its bytes, so that an orchestration changes exactly where a child
// changed. There is always a first one, and none is missing between it and the
// last, because the pipeline counts them.
func Orchestrations(project *model.Project, links *Links, children []*Child, lock Lock, problems *diag.Problems) ([]*Orchestration, Lock) {
	placed, next := place(links, children, lock, problems)
	list := []*Orchestration{newOrchestration(project, 1)}
	for _, c := range inOrder(children) {
		for len(list) < placed[c.Name] {
			list = append(list, newOrchestration(project, len(list)+1))
		}
		list[placed[c.Name]-1].nest(project, c)
	}
	for _, o := range list {
		o.fill()
	}
	return list, next
}

// inOrder sorts children as they are read best: stacks, the API, functions, each
// by name.
func inOrder(children []*Child) []*Child {
	list := slices.Clone(children)
	slices.SortFunc(list, func(a, b *Child) int {
		if ra, rb := a.rank(), b.rank(); ra != rb {
			return ra - rb
		}
		return strings.Compare(a.Name, b.Name)
	})
	return list
}

// The ranks of children.
const (
	rankStack = iota
	rankAPI
	rankFunction
)

func (c *Child) rank() int {
	switch {
	case c.Template == nil:
		return rankStack
	case c.Name == event.APIStack:
		return rankAPI
	}
	return rankFunction
}

func newOrchestration(project *model.Project, number int) *Orchestration {
	description := "Nests the functions and stacks of " + project.Name
	if number > 1 {
		description += ", part " + strconv.Itoa(number)
	}
	t := &cfn.Template{
		ASCII:       handedOver,
		Header:      header(project, "its functions and stacks"),
		Description: description,
		Parameters: []cfn.Parameter{
			{Name: environmentParameter, Description: "The environment that is deployed", AllowedValues: environments(project, nil)},
			{Name: assetsParameter, Description: "The bucket of this region that holds code and templates"},
		},
	}
	return &Orchestration{Shard: strconv.Itoa(number), Path: OrchestrationFile(number), Template: t}
}

// nest adds one child.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
func (o *Orchestration) nest(project *model.Project, c *Child) {
	stack := &cloudformation.Stack{
		TemplateURL: cfn.Sub("https://${" + assetsParameter + "}.s3.${AWS::Region}.${AWS::URLSuffix}/" + model.TemplateKey(c.Digest())),
	}
	for _, a := range c.Arguments {
		if stack.Parameters == nil {
			stack.Parameters = map[string]string{}
		}
		stack.Parameters[a.Parameter] = a.value()
	}
	id := NestedID(c.Name)
	r := o.Template.Add(id, stack)
	r.Origin = c.Place
	if expr := condition(project, c.Only); expr != nil {
		r.Condition = "Has" + id
		o.Template.Conditions = append(o.Template.Conditions, cfn.Condition{Name: r.Condition, Expr: expr})
	}
	o.Children = append(o.Children, c)
}

// NestedID is the logical id of a nested stack in its orchestration. A function
// may have the name of a parameter, which shares the ids of resources.
func NestedID(name string) string {
	id := model.LogicalID(name)
	if id == environmentParameter || id == assetsParameter {
		id += shortDigest(name)
	}
	return id
}

// fill gives an orchestration that nests nothing, whose functions were all removed
// or are still to come, the resource that a template must have. It is one that
// CloudFormation makes by itself, without a call to anybody.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-waitconditionhandle.html
func (o *Orchestration) fill() {
	if len(o.Children) == 0 {
		o.Template.Add("Nothing", &cloudformation.WaitConditionHandle{}).Comment = "A template needs a resource, and there is no function here yet."
	}
	o.useParameters()
}

// useParameters puts parameters that no child takes into outputs: the same
// configuration file passes them to every orchestration, and a template refuses one
// that it does not declare. A function takes both.
func (o *Orchestration) useParameters() {
	if slices.ContainsFunc(o.Children, func(c *Child) bool { return c.rank() == rankFunction }) {
		return
	}
	used := map[string]bool{}
	for _, r := range o.Template.References() {
		used[r.ID] = true
	}
	for _, p := range o.Template.Parameters {
		if !used[p.Name] {
			o.Template.Outputs = append(o.Template.Outputs, cfn.Output{Name: p.Name, Description: p.Description, Value: cfn.Ref(p.Name)})
		}
	}
}

// value is the argument as the orchestration writes it. Taking an output makes
// CloudFormation deploy the other stack first.
func (a Argument) value() string {
	if a.From != nil {
		return cfn.GetAtt(NestedID(a.From.Stack), "Outputs."+a.From.Output)
	}
	return a.Value
}
