package generator

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/proof"
	"github.com/foldstack/foldstack/generator/symbol"
)

// openProjects open in foldstack.yaml as much as what is denied holds back.
var openProjects = map[string]map[string]string{
	"an account of two environments": {
		"foldstack.yaml": `
project: shop
tooling: {account: "111111111111", region: eu-central-1}
source: {provider: github, repository: acme/shop}
environments:
  dev: {accounts: ["222222222222"]}
  prod: {accounts: ["222222222222"], regions: [eu-central-1, us-east-1]}
boundary: ["account:*", "iam:*", "organizations:*", "s3:*", "sso:*", "sts:*"]
deployment:
  - {allow: "cloudformation:*", on: !Sub "arn:aws:cloudformation:*:${AWS::AccountId}:stack/shop-*-target/*"}
  - allow: ["iam:CreatePolicyVersion", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "kms:*", "s3:*"]
`,
		"functions/f/index.mjs": "export const handler = async () => 1;\n",
		"functions/f/function.yaml": `
permissions:
  - {allow: "iam:PassRole", on: !Sub "arn:aws:iam::${AWS::AccountId}:role/foldstack/shop/${Environment}/*"}
`,
	},
	"the account of the tooling": {
		"foldstack.yaml": `
project: shop
tooling: {account: "111111111111", region: eu-central-1}
source: {provider: s3, key: project.zip}
environments:
  ops: {accounts: ["111111111111"], regions: [eu-central-1, us-east-1]}
boundary: ["iam:*", "s3:*", "sts:*"]
deployment: ["cloudformation:*", "iam:DeleteRolePermissionsBoundary", "kms:*", "s3:PutObject"]
`,
		"functions/f/index.mjs": "export const handler = async () => 1;\n",
	},
}

// unneeded are exceptions of denials that nothing which is proved makes use of, each with
// its reason.
var unneeded = map[string]string{
	"out/target.yaml: CloudFormationRole.Policies.0.PolicyDocument, all but iam:Get*, iam:List*, iam:PassRole: the exception iam:Get*":  "reading changes nothing, and users may open it",
	"out/target.yaml: CloudFormationRole.Policies.0.PolicyDocument, all but iam:Get*, iam:List*, iam:PassRole: the exception iam:List*": "reading changes nothing, and users may open it",

	// https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
	"out/tooling.yaml: Key.KeyPolicy, OnlyServicesGrant: the condition kms:GrantIsForAWSResource":        "the repository makes grants when a person bootstraps",
	"out/tooling.yaml: Key.KeyPolicy, OnlyServicesGrant: the condition aws:PrincipalIsAWSService":        "services make grants, and not those of a delivery",
	"out/tooling-region.yaml: Key.KeyPolicy, OnlyServicesGrant: the condition kms:GrantIsForAWSResource": "the repository makes grants when a person bootstraps",
	"out/tooling-region.yaml: Key.KeyPolicy, OnlyServicesGrant: the condition aws:PrincipalIsAWSService": "services make grants, and not those of a delivery",
}

// A denial without which nothing more would pass protects nothing, and one without whose
// exceptions nothing more would be refused is less than it could be.
func TestEveryPartOfADenialIsThereForSomething(t *testing.T) {
	roots := map[string]string{}
	for _, p := range provedProjects {
		roots[p.name] = p.root
	}
	for name, files := range openProjects {
		roots[name] = written(t, files)
	}
	needed := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(roots)) {
		p, err := putToTheProof(roots[name])
		require.NoError(t, err, name)
		assert.Empty(t, sentences(p.proof.Breached), name)
		denials := 0
		for _, d := range p.proof.Documents() {
			for _, s := range d.Statements() {
				if s.Effect == policy.Deny && bootstrapped(d) {
					denials++
					takeResourcesOut(t, name, p.proof, d, &s)
					takeExceptionsOut(p.proof, d, &s, needed)
				}
			}
		}
		assert.Positive(t, denials, name)
	}
	for what, use := range needed {
		_, excused := unneeded[what]
		assert.True(t, use != excused, "%s: of use: %t, with a reason although of none: %t", what, use, excused)
	}
	for what := range unneeded {
		assert.Contains(t, needed, what)
	}
}

// bootstrapped reports whether people deploy the template of a document.
func bootstrapped(d *proof.Document) bool {
	return slices.Contains([]string{toolingPath, regionPath, targetPath}, path.Base(d.Template))
}

func sentences(chains []proof.Chain) []string {
	var list []string
	for i := range chains {
		list = append(list, chains[i].Sentence())
	}
	return list
}

// takeResourcesOut takes one resource after the other out of a denial, and the denial
// itself with the last. That of actions is package proof's own to tell.
func takeResourcesOut(t *testing.T, project string, p *proof.Proof, d *proof.Document, s *authz.Statement) {
	for n, resource := range s.Resources {
		found := rewritten(p, d, s.Index, func(s *authz.Statement) { s.Resources = without(s.Resources, n, "arn:aws:none:::") })
		assert.NotEmpty(t, found.Breached, "%s: %s, %s: nothing passes without %s", project, d, nameOf(s), symbol.Show(resource))
	}
	for _, surplus := range p.Surplus {
		assert.NotEqual(t, proof.OfDeny, surplus.What, "%s: %s: %s", project, surplus.Statement, surplus.Text)
	}
}

// takeExceptionsOut takes one exception after the other out of a denial, conditions among
// them, and notes whether something more is refused then.
func takeExceptionsOut(p *proof.Proof, d *proof.Document, s *authz.Statement, needed map[string]bool) {
	refused := sentences(rewritten(p, d, s.Index, func(*authz.Statement) {}).Unmet)
	try := func(what string, change func(s *authz.Statement)) {
		name := fmt.Sprintf("%s, %s: the %s", d, nameOf(s), what)
		if needed[name] {
			return
		}
		found := rewritten(p, d, s.Index, change)
		needed[name] = slices.ContainsFunc(sentences(found.Unmet), func(text string) bool { return !slices.Contains(refused, text) })
	}
	for n, action := range s.NotActions {
		try("exception "+action, func(s *authz.Statement) { s.NotActions = without(s.NotActions, n, "service:NoAction") })
	}
	for n := range s.NotResources {
		try("exception of resources", func(s *authz.Statement) { s.NotResources = without(s.NotResources, n, "arn:aws:none:::") })
	}
	for n, c := range s.Conditions {
		try("condition "+c.Key, func(s *authz.Statement) { s.Conditions = slices.Delete(s.Conditions, n, n+1) })
	}
}

// rewritten is what is found when a statement of a document reads otherwise.
func rewritten(p *proof.Proof, d *proof.Document, index int, change func(s *authz.Statement)) proof.Findings {
	return p.With(d, func(statements []authz.Statement) []authz.Statement {
		if index < len(statements) {
			change(&statements[index])
		}
		return statements
	})
}

// nameOf is what tells a denial from the others of its document in every project.
func nameOf(s *authz.Statement) string {
	switch {
	case s.Sid != "":
		return s.Sid
	case len(s.NotActions) > 0:
		return "all but " + strings.Join(s.NotActions, ", ")
	}
	return s.Actions[0]
}

// without is a list without one item, and with another where that was the last.
func without(list []string, n int, other string) []string {
	if n >= len(list) {
		return list
	}
	list = slices.Delete(list, n, n+1)
	if len(list) == 0 {
		return []string{other}
	}
	return list
}

// What foldstack.yaml opens is what users want. What would let a deployment or a function
// be more than that is not generated.
func TestWhatOpensTheDeliveryItselfIsRefused(t *testing.T) {
	const (
		apart = `environments: {dev: {accounts: ["222222222222"]}}`
		near  = `environments: {dev: {accounts: ["222222222222"]}, prod: {accounts: ["222222222222"]}}`
		same  = `environments: {ops: {accounts: ["111111111111"]}}`
	)
	for name, tt := range map[string]struct{ environments, open, why string }{
		"a deployment makes users":                       {apart, `deployment: ["iam:CreateUser"]`, "somebody without a boundary is made or changed"},
		"a deployment changes another environment":       {near, `deployment: ["cloudformation:UpdateStack"]`, "a stack of another environment is changed"},
		"a deployment reads the sources":                 {same, `deployment: ["s3:GetObject"]`, "an artifact is read"},
		"a deployment pushes images":                     {same, `deployment: ["ecr:*"]`, "the images of the delivery are changed"},
		"a function deploys with the role of a stack":    {apart, `boundary: ["cloudformation:*"]`, "a function deploys with the role of the stack"},
		"a function opens the key of its own deliveries": {same, `boundary: ["kms:*"]`, "a function opens the key of the delivery"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := putToTheProof(written(t, map[string]string{
				"foldstack.yaml": "project: shop\ntooling: {account: \"111111111111\", region: eu-central-1}\n" +
					"source: {provider: github, repository: acme/shop}\n" + tt.environments + "\n" + tt.open + "\n",
				"functions/f/index.mjs": "export const handler = async () => 1;\n",
			}))
			require.NoError(t, err)
			assert.True(t, slices.ContainsFunc(p.proof.Breached, func(c proof.Chain) bool { return strings.HasPrefix(c.Why, tt.why) }), "%v", sentences(p.proof.Breached))
		})
	}
}
