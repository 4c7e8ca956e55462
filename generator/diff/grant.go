package diff

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/estate"
)

// grant is one action on one resource, as a policy says it of one subject. Texts may
// hold symbols.
type grant struct {
	subject   string // logical id
	effect    string
	principal string
	action    string
	resource  string
	condition string
	policy    string // a managed policy whose text nobody here knows
}

const (
	allow = "Allow"
	deny  = "Deny"
)

// grantSet is what the policies of a stack grant.
type grantSet map[grant]bool

// grantsOf collects what the policies of a stack grant; nil is a stack that is not there.
func grantsOf(s *estate.Stack) grantSet {
	set := grantSet{}
	if s == nil {
		return set
	}
	a := attached(s)
	for _, r := range s.Resources {
		switch r.Type {
		case "AWS::Lambda::Permission":
			set[permission(r)] = true
			continue
		case "AWS::IAM::Role":
			for _, arn := range texts(r.Properties.Get("ManagedPolicyArns")) {
				if !a.known[arn] {
					set[grant{subject: r.ID, effect: allow, policy: arn}] = true
				}
			}
		}
		for _, document := range policies(r.Properties) {
			for _, subject := range a.subjects(r) {
				set.add(subject, document)
			}
		}
	}
	return set
}

// attachments tells which roles of a stack its policies belong to.
type attachments struct {
	known map[string]bool     // ARNs of managed policies of the stack
	roles map[string]string   // logical ids, by what !Ref gives
	by    map[string][]string // logical ids of roles, by the ARN of a policy that they name
}

func attached(s *estate.Stack) attachments {
	a := attachments{map[string]bool{}, map[string]string{}, map[string][]string{}}
	for _, r := range s.Resources {
		switch r.Type {
		case "AWS::IAM::ManagedPolicy":
			a.known[r.ARN] = true
		case "AWS::IAM::Role":
			a.roles[r.Ref] = r.ID
			for _, arn := range texts(r.Properties.Get("ManagedPolicyArns")) {
				a.by[arn] = append(a.by[arn], r.ID)
			}
		}
	}
	return a
}

// subjects are the roles that a resource's policy belongs to, or itself.
func (a attachments) subjects(r *estate.Resource) []string {
	var list []string
	for _, ref := range append(texts(r.Properties.Get("Roles")), text(r.Properties.Get("RoleName"))) {
		if id, ok := a.roles[ref]; ok && r.Type != "AWS::IAM::Role" {
			list = append(list, id)
		}
	}
	if r.Type == "AWS::IAM::ManagedPolicy" {
		list = append(list, a.by[r.ARN]...)
	}
	if len(list) == 0 {
		return []string{r.ID}
	}
	return list
}

// permission is the statement that a permission adds to a function's policy.
//
// https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
func permission(r *estate.Resource) grant {
	var conditions []string
	for _, name := range []string{"EventSourceToken", "FunctionUrlAuthType", "InvokedViaFunctionUrl", "PrincipalOrgID", "SourceAccount", "SourceArn"} {
		if r.Properties.Has(name) {
			conditions = append(conditions, name+" "+text(r.Properties.Get(name)))
		}
	}
	return grant{
		subject: r.ID, effect: allow, principal: text(r.Properties.Get("Principal")), action: text(r.Properties.Get("Action")),
		resource: text(r.Properties.Get("FunctionName")), condition: strings.Join(conditions, " and "),
	}
}

// policies are the policy documents in a tree.
func policies(x any) []cfn.Map {
	var list []cfn.Map
	switch x := x.(type) {
	case cfn.Map:
		if isPolicy(x) {
			return []cfn.Map{x}
		}
		for _, e := range x {
			list = append(list, policies(e.Value)...)
		}
	case []any:
		for _, item := range x {
			list = append(list, policies(item)...)
		}
	}
	return list
}

// add adds what a document grants.
func (set grantSet) add(subject string, document cfn.Map) {
	for _, item := range items(document.Get("Statement")) {
		statement, _ := item.(cfn.Map)
		g := grant{subject: subject, effect: cmp.Or(text(statement.Get("Effect")), allow), condition: conditionText(statement.Get("Condition"))}
		for _, g.principal = range principals(statement) {
			for _, g.action = range either(statement, "Action") {
				for _, g.resource = range either(statement, "Resource") {
					set[g] = true
				}
			}
		}
	}
}

// sameGrants reports whether two policies say the same, in whatever order and words.
func sameGrants(a, b any) bool {
	return maps.Equal(grantsIn(a), grantsIn(b))
}

func grantsIn(document any) grantSet {
	set := grantSet{}
	if m, ok := document.(cfn.Map); ok {
		set.add("", m)
	}
	return set
}

// either are the values of an element, or all of those of its opposite as one.
func either(statement cfn.Map, element string) []string {
	if not := texts(statement.Get("Not" + element)); len(not) > 0 {
		return []string{allBut(not)}
	}
	if list := texts(statement.Get(element)); len(list) > 0 {
		return list
	}
	return []string{""}
}

func allBut(list []string) string {
	list = slices.Sorted(slices.Values(list))
	return "all but " + strings.Join(list, ", ")
}

// principals are those of a statement, each with its kind where that is not AWS.
func principals(statement cfn.Map) []string {
	if not := statement.Get("NotPrincipal"); not != nil {
		return []string{allBut(principalsOf(not))}
	}
	if list := principalsOf(statement.Get("Principal")); len(list) > 0 {
		return list
	}
	return []string{""}
}

func principalsOf(x any) []string {
	kinds, isMap := x.(cfn.Map)
	if !isMap {
		return texts(x)
	}
	var list []string
	for _, kind := range kinds {
		list = append(list, texts(kind.Value)...)
	}
	return list
}

// conditionText is a condition block as text, the same for all that mean the same.
func conditionText(x any) string {
	operators, _ := x.(cfn.Map)
	var list []string
	for _, operator := range operators {
		keys, _ := operator.Value.(cfn.Map)
		for _, key := range keys {
			list = append(list, operator.Key+" "+key.Key+" "+strings.Join(slices.Sorted(slices.Values(texts(key.Value))), ", "))
		}
	}
	slices.Sort(list)
	return strings.Join(list, " and ")
}

// items are those of a list, or a value as the only one.
func items(x any) []any {
	switch x := x.(type) {
	case nil:
		return nil
	case []any:
		return x
	}
	return []any{x}
}

func texts(x any) []string {
	var list []string
	for _, item := range items(x) {
		list = append(list, text(item))
	}
	return list
}

func text(x any) string {
	t, _ := scalar(x)
	return t
}

// moved are the grants that came and went, folded where all is the same but the actions,
// then the resources, then the principals.
func moved(before, after grantSet) []Grant {
	var all []Grant
	list := func(from, to grantSet, action Action, more string) {
		for g := range from {
			if to[g] {
				continue
			}
			all = append(all, Grant{
				Subject: g.subject, Action: action, Widens: g.effect == more && !(action == Added && to.includes(g)), Effect: g.effect,
				Principals: one(g.principal), Actions: one(g.action), Resources: one(g.resource),
				Condition: shown(g.condition), Policy: shown(g.policy),
			})
		}
	}
	list(after, before, Added, allow)
	list(before, after, Removed, deny)
	for _, folded := range []func(*Grant) *[]string{
		func(g *Grant) *[]string { return &g.Actions },
		func(g *Grant) *[]string { return &g.Resources },
		func(g *Grant) *[]string { return &g.Principals },
	} {
		all = fold(all, folded)
	}
	slices.SortFunc(all, compareGrants)
	return all
}

func one(text string) []string {
	if text == "" {
		return []string{}
	}
	return []string{shown(text)}
}

// fold makes one grant of those that differ in one part only.
func fold(grants []Grant, part func(*Grant) *[]string) []Grant {
	folded := []Grant{}
	index := map[string]int{}
	for _, g := range grants {
		rest := g
		*part(&rest) = nil
		key := fmt.Sprintf("%#v", rest)
		n, ok := index[key]
		if !ok {
			n = len(folded)
			index[key] = n
			folded = append(folded, g)
			continue
		}
		*part(&folded[n]) = append(*part(&folded[n]), *part(&g)...)
	}
	for n := range folded {
		list := part(&folded[n])
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return folded
}

func compareGrants(a, b Grant) int {
	return cmp.Or(
		cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Action, b.Action), cmp.Compare(a.Effect, b.Effect), slices.Compare(a.Principals, b.Principals),
		slices.Compare(a.Resources, b.Resources), cmp.Compare(a.Condition, b.Condition), cmp.Compare(a.Policy, b.Policy), slices.Compare(a.Actions, b.Actions),
	)
}

// includes reports whether the set allows already what a grant allows.
func (set grantSet) includes(g grant) bool {
	for other := range set {
		wide := other
		wide.action, wide.resource = g.action, g.resource
		if wide == g && g.policy == "" && includes(strings.ToLower(other.action), strings.ToLower(g.action)) && includes(other.resource, g.resource) {
			return true
		}
	}
	return false
}

func includes(wide, narrow string) bool { return wide == narrow || authz.Includes(wide, narrow) }
