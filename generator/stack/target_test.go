package stack

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/awslabs/goformation/v7/cloudformation/iam"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/policy/ceiling"
	"github.com/foldstack/foldstack/generator/source"
)

func init() {
	if flag.Lookup("update") == nil {
		flag.Bool("update", false, "rewrite the golden files")
	}
}

func updatingTargets() bool { return flag.Lookup("update").Value.String() == "true" }

// targetProject is a project of some environments in some regions; foldstack.yaml
// adds `boundary:`, `deployment:` and the like as a user writes them.
func targetProject(environments ...model.Environment) *model.Project {
	return &model.Project{
		Place:        diag.Place{File: "foldstack.yaml"},
		Name:         "shop",
		Tooling:      model.Location{Account: "111111111111", Region: "eu-central-1"},
		Environments: environments,
	}
}

func targetEnvironment(name string, accounts int, regions ...string) model.Environment {
	e := model.Environment{Name: name}
	for i := range accounts {
		e.Accounts = append(e.Accounts, source.Field[string]{Value: fmt.Sprintf("%012d", 222222222222+i), Set: true})
	}
	for _, region := range regions {
		e.Regions = append(e.Regions, source.Field[string]{Value: region, Set: true})
	}
	return e
}

// withResources gives the project a function with that resources.yaml.
func withResources(t *testing.T, p *model.Project, yaml string) *model.Project {
	t.Helper()
	root := parseTarget(t, "functions/jobs/resources.yaml", yaml)
	p.Functions = append(p.Functions, model.Function{Name: "jobs", Resources: &model.Resources{File: "functions/jobs/resources.yaml", Root: root}})
	return p
}

func parseTarget(t *testing.T, file, yaml string) *source.Node {
	t.Helper()
	var problems diag.Problems
	root := source.Parse(file, []byte(yaml), &problems)
	require.True(t, problems.Empty(), "%v", problems.Sorted())
	return root
}

// allowances reads a list as it stands under `boundary:` or `deployment:`.
func allowances(t *testing.T, yaml string) []model.Allowance {
	t.Helper()
	var list []model.Allowance
	for _, item := range parseTarget(t, "foldstack.yaml", yaml).Items {
		a := model.Allowance{Place: item.Place}
		for _, action := range item.Get("allow").Items {
			a.Allow = append(a.Allow, source.Field[string]{Value: action.Text, Place: action.Place, Set: true})
		}
		if on := item.Get("on"); on != nil {
			a.On = []*source.Node{on}
			if on.Kind == source.Sequence && on.Tag == "" {
				a.On = on.Items
			}
		}
		list = append(list, a)
	}
	return list
}

// made builds the stack and asks for no problem.
func made(t *testing.T, p *model.Project) (*cfn.Template, string) {
	t.Helper()
	var problems diag.Problems
	template, err := Target(p, &problems)
	require.NoError(t, err)
	require.True(t, problems.Empty(), "%v", problems.Sorted())
	data, err := template.Render()
	require.NoError(t, err)
	return template, string(data)
}

const userResourcesYAML = `
Resources:
  Table:
    Type: AWS::DynamoDB::Table
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      StateMachineName: !Sub shop-${Environment}-flow
  Bucket:
    Type: AWS::S3::Bucket
  Certificate:
    Type: Custom::Certificate
`

var targetCases = map[string]func(t *testing.T) *model.Project{
	"one-account": func(t *testing.T) *model.Project {
		return targetProject(targetEnvironment("prod", 1, "eu-central-1"))
	},
	"fifty-accounts-two-regions": func(t *testing.T) *model.Project {
		return targetProject(targetEnvironment("dev", 1, "eu-central-1"), targetEnvironment("prod", 50, "eu-central-1", "us-east-1"))
	},
	"own-resources": func(t *testing.T) *model.Project {
		p := withResources(t, targetProject(targetEnvironment("prod", 1, "eu-central-1")), userResourcesYAML)
		p.Boundary = allowances(t, `
- allow: [dynamodb:*, rekognition:DetectLabels]
- allow: [s3:GetObject]
  on: !Sub arn:${AWS::Partition}:s3:::shop-${Environment}-*/*
`)
		p.Deployment = allowances(t, `
- allow: [rds:CreateDBInstance, rds:DeleteDBInstance, rds:DescribeDBInstances]
  on: !Sub arn:${AWS::Partition}:rds:*:${AWS::AccountId}:db:shop-${Environment}-*
`)
		return p
	},
	"long-name": func(t *testing.T) *model.Project {
		p := targetProject(targetEnvironment("development", 1, "eu-central-1"), targetEnvironment("production", 1, "eu-central-1"))
		p.Name = "customer-notifications"
		return p
	},
}

func TestTheTargetStack(t *testing.T) {
	var names []string
	for name, project := range targetCases {
		names = append(names, name+".yaml")
		t.Run(name, func(t *testing.T) {
			_, got := made(t, project(t))
			file := filepath.Join("testdata", "target", name+".yaml")
			if updatingTargets() {
				require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
				require.NoError(t, os.WriteFile(file, []byte(got), 0o666))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Equal(t, string(want), got)
		})
	}
	files, err := os.ReadDir(filepath.Join("testdata", "target"))
	require.NoError(t, err)
	for _, f := range files {
		assert.Contains(t, names, f.Name(), "no test makes this golden file")
	}
}

func TestAnotherFunctionLeavesTheTargetStackAlone(t *testing.T) {
	p := targetProject(targetEnvironment("prod", 1, "eu-central-1"))
	_, before := made(t, p)
	p.Functions = append(p.Functions, model.Function{Name: "another"})
	_, after := made(t, p)
	assert.Equal(t, before, after)

	withResources(t, p, "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n")
	_, queue := made(t, p)
	assert.Equal(t, before, queue, "a type of foldstack's own vocabulary is allowed from the start")

	withResources(t, p, "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n")
	_, table := made(t, p)
	assert.NotEqual(t, before, table)
}

func TestMoreAccountsLeaveTheTargetStackAlone(t *testing.T) {
	_, one := made(t, targetProject(targetEnvironment("prod", 1, "eu-central-1")))
	_, fifty := made(t, targetProject(targetEnvironment("prod", 50, "eu-central-1")))
	assert.Equal(t, one, fifty)
}

// documents lists every policy of the template by resource and name.
func documents(template *cfn.Template) map[string]policy.Document {
	all := map[string]policy.Document{}
	for _, r := range template.Resources {
		switch r := r.Properties.(type) {
		case *iam.ManagedPolicy:
			all[cfnText(*r.ManagedPolicyName)] = r.PolicyDocument.(policy.Document)
		case *iam.Role:
			all[cfnText(*r.RoleName)+"/trust"] = r.AssumeRolePolicyDocument.(policy.Document)
			for _, p := range r.Policies {
				all[cfnText(*r.RoleName)+"/"+p.PolicyName] = p.PolicyDocument.(policy.Document)
			}
		}
	}
	return all
}

// cfnText is an Fn::Sub or Ref as its author wrote it, or the text itself.
func cfnText(s string) string {
	i, ok := cfn.Decode(s)
	if !ok {
		return s
	}
	if list, ok := i.Argument.([]any); ok {
		return list[0].(string)
	}
	return i.Argument.(string)
}

func TestThePoliciesOfATargetKeepTheQuotasOfIAM(t *testing.T) {
	for name, project := range targetCases {
		t.Run(name, func(t *testing.T) {
			template, _ := made(t, project(t))
			for _, r := range template.Resources {
				switch r := r.Properties.(type) {
				case *iam.ManagedPolicy:
					size := policy.Size(r.PolicyDocument.(policy.Document))
					assert.LessOrEqual(t, size, policy.MaxManaged)
					t.Logf("%s: %d of %d characters", cfnText(*r.ManagedPolicyName), size, policy.MaxManaged)
				case *iam.Role:
					assert.LessOrEqual(t, len(r.ManagedPolicyArns), policy.MaxAttached)
					inline := 0
					for _, p := range r.Policies {
						inline += policy.Size(p.PolicyDocument.(policy.Document))
					}
					assert.LessOrEqual(t, inline, policy.MaxInline)
					trust := policy.Size(r.AssumeRolePolicyDocument.(policy.Document))
					assert.LessOrEqual(t, trust, policy.MaxTrust)
					t.Logf("%s: %d policies, %d of %d inline, trust %d", cfnText(*r.RoleName), len(r.ManagedPolicyArns), inline, policy.MaxInline, trust)
				}
			}
		})
	}
}

func TestThirtyRegionsFitIntoTheDeployRole(t *testing.T) {
	var regions []string
	for i := range 30 {
		regions = append(regions, fmt.Sprintf("ap-southeast-%d", i+1))
	}
	template, _ := made(t, targetProject(targetEnvironment("prod", 1, regions...)))
	inline := 0
	for name, d := range documents(template) {
		if strings.HasPrefix(name, "shop-${Environment}-deploy/") && !strings.HasSuffix(name, "/trust") {
			inline += policy.Size(d)
		}
	}
	assert.Positive(t, inline)
	assert.LessOrEqual(t, inline, policy.MaxInline)
}

// TestEveryWildcardOfATargetIsReviewed names each resource and action of the
// shipped form that is wider than one thing, with the reason.
func TestEveryWildcardOfATargetIsReviewed(t *testing.T) {
	const (
		region = "one role deploys to all regions of its account"
		names  = "what is behind project and environment is a name"
		id     = "the ARN holds an id that the service chooses"
		files  = "the objects of a bucket are many"
		denies = "a denial is as wide as can be"
	)
	reasons := map[string]string{
		"*": "IAM knows no resource for the action (tested in policy/handler), or the statement is a ceiling or a denial",

		"arn:${AWS::Partition}:apigateway:*::/apis":                                                         "every API of the account: " + id,
		"arn:${AWS::Partition}:apigateway:*::/apis/*":                                                       id,
		"arn:${AWS::Partition}:apigateway:*::/apis/*/integrations":                                          id,
		"arn:${AWS::Partition}:apigateway:*::/apis/*/routes":                                                id,
		"arn:${AWS::Partition}:apigateway:*::/apis/*/stages":                                                id,
		"arn:${AWS::Partition}:apigateway:*::/apis/*/stages/*":                                              id,
		"arn:${AWS::Partition}:apigateway:*::/tags/arn%3A${AWS::Partition}%3Aapigateway%3A*%2Fapis%2F*":     id,
		"arn:${AWS::Partition}:cloudformation:*:${AWS::AccountId}:stack/shop-${Environment}-*/*":            names,
		"arn:${AWS::Partition}:cloudformation:*:${AWS::AccountId}:stack/shop-${Environment}-target/*":       region,
		"arn:${AWS::Partition}:cloudformation:*:${AWS::AccountId}:stack/shop-*-target/*":                    "an account may serve several environments",
		"arn:${AWS::Partition}:cloudformation:*:${AWS::AccountId}:stack/shop-${Environment}/*":              "an id follows a stack's name",
		"arn:${AWS::Partition}:cloudformation:*:${AWS::AccountId}:changeSet/foldstack/*":                    "an id follows a change set's name",
		"arn:${AWS::Partition}:config:*:${AWS::AccountId}:config-rule/*":                                    id,
		"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/ops.apigateway.amazonaws.com/*": "the service names its role",
		"arn:${AWS::Partition}:ecr:*:111111111111:repository/foldstack/shop":                                region,
		"arn:${AWS::Partition}:events:*:${AWS::AccountId}:rule/*/shop-${Environment}-*":                     "a bus of any name: the rule's tells whose it is",
		"arn:${AWS::Partition}:events:*:${AWS::AccountId}:rule/shop-${Environment}-*":                       names,
		"arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/foldstack-base/*":                              denies,
		"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/foldstack-base/*":                                denies,
		"arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/foldstack/shop/${Environment}/*":               "generated names under a path of the project and environment",
		"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/foldstack/shop/${Environment}/*":                 "generated names under a path of the project and environment",
		"arn:${AWS::Partition}:kms:*:111111111111:key/${KeyId}":                                             region,
		"arn:${AWS::Partition}:lambda:*:${AWS::AccountId}:event-source-mapping:*":                           id,
		"arn:${AWS::Partition}:lambda:*:${AWS::AccountId}:function:shop-${Environment}-*":                   names,
		"arn:${AWS::Partition}:logs:*:${AWS::AccountId}:log-group:/aws/lambda/shop-${Environment}-*":        names,
		"arn:${AWS::Partition}:logs:*:${AWS::AccountId}:log-group:/aws/vendedlogs/shop-${Environment}-*":    names,
		"arn:${AWS::Partition}:scheduler:*:${AWS::AccountId}:schedule/default/shop-${Environment}-*":        names,
		"arn:${AWS::Partition}:s3:::shop-assets-111111111111-eu-central-1/functions/*":                      files,
		"arn:${AWS::Partition}:s3:::shop-assets-111111111111-eu-central-1/templates/*":                      files,
		"arn:${AWS::Partition}:s3:::shop-artifacts-111111111111-eu-central-1/*":                             files,
		"arn:${AWS::Partition}:sns:*:${AWS::AccountId}:shop-${Environment}-*":                               names,
		"arn:${AWS::Partition}:sns:*:*:*":                                                                   "a topic may be another project's or account's; a condition says who is subscribed",
		"arn:${AWS::Partition}:sqs:*:${AWS::AccountId}:shop-${Environment}-*":                               names,

		"account:*":        denies,
		"cloudformation:*": denies,
		"organizations:*":  denies,
		"sso-directory:*":  denies,
		"sso:*":            denies,
		"iam:Get*":         "what a denial of all the rest leaves open",
		"iam:List*":        "what a denial of all the rest leaves open",
	}
	for _, action := range ceiling.Never("")[0].Actions {
		reasons[action] = denies
	}
	template, _ := made(t, targetProject(targetEnvironment("prod", 1, "eu-central-1")))
	used := map[string]bool{}
	review := func(where, pattern string) {
		if !strings.Contains(pattern, "*") {
			return
		}
		used[pattern] = true
		_, ok := reasons[pattern]
		assert.True(t, ok, "%s: %s has no reason", where, pattern)
	}
	for name, document := range documents(template) {
		for _, s := range document.Statements {
			for _, list := range [][]string{s.Actions, s.NotActions, s.Resources, s.NotResources} {
				for _, pattern := range list {
					review(name, cfnText(pattern))
				}
			}
			if s.Effect == policy.Allow {
				for _, action := range s.Actions {
					assert.NotContains(t, action, "*", name)
				}
			}
		}
	}
	for pattern := range reasons {
		assert.True(t, used[pattern] || !strings.Contains(pattern, "*"), "nothing uses %s any more", pattern)
	}
}

func TestATargetNamesNoPartition(t *testing.T) {
	for name, project := range targetCases {
		_, got := made(t, project(t))
		assert.NotContains(t, got, "arn:aws:", name)
		for _, line := range strings.Split(got, "\n") {
			if strings.Contains(line, "amazonaws.com") {
				assert.Regexp(t, `(: |- |role/aws-service-role/)[a-z0-9.-]+\.amazonaws\.com(/\*)?$`, line, "a host, and not a service principal")
			}
		}
	}
}

// grantedTo lists the statements of a role's policies, the guard included.
func grantedTo(template *cfn.Template, prefix string) []policy.Statement {
	var all []policy.Statement
	for name, d := range documents(template) {
		if strings.HasPrefix(name, prefix) && !strings.HasSuffix(name, "/trust") {
			all = append(all, d.Statements...)
		}
	}
	return all
}

func statementsWith(statements []policy.Statement, effect policy.Effect, action string) []policy.Statement {
	return slices.DeleteFunc(slices.Clone(statements), func(s policy.Statement) bool {
		return s.Effect != effect || !slices.Contains(s.Actions, action)
	})
}

func TestTheDeployRoleIsForThePipelineAlone(t *testing.T) {
	template, _ := made(t, targetProject(targetEnvironment("prod", 1, "eu-central-1")))
	trust := documents(template)["shop-${Environment}-deploy/trust"]
	require.Len(t, trust.Statements, 1)
	s := trust.Statements[0]
	assert.Equal(t, "arn:${AWS::Partition}:iam::111111111111:root", cfnText(s.Principal.AWS[0]))
	require.Len(t, s.Conditions, 1)
	assert.Equal(t, "aws:PrincipalArn", s.Conditions[0].Key)
	assert.Equal(t, "arn:${AWS::Partition}:iam::111111111111:role/foldstack-base/shop/shop-pipeline", cfnText(s.Conditions[0].Values[0]))
}

// What else it got hold of that is encrypted by the key, it could read.
func TestTheDeployRoleDecryptsOnlyWhatS3HandsOver(t *testing.T) {
	template, _ := made(t, targetProject(targetEnvironment("prod", 1, "cn-north-1")))
	statements := statementsWith(grantedTo(template, "shop-${Environment}-deploy/"), policy.Allow, "kms:Decrypt")
	require.Len(t, statements, 1)
	assert.Equal(t, []string{"kms:Decrypt"}, statements[0].Actions, "to describe the key is no service's request")
	assert.Equal(t, []policy.Condition{{Operator: "StringLike", Key: "kms:ViaService", Values: []string{"s3.*"}}}, statements[0].Conditions)
}

func TestTheDeployRolePassesOnlyTheCloudFormationRole(t *testing.T) {
	template, _ := made(t, targetProject(targetEnvironment("prod", 1, "eu-central-1")))
	role := "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/foldstack-base/shop/shop-${Environment}-cloudformation"
	deploy := grantedTo(template, "shop-${Environment}-deploy/")

	pass := statementsWith(deploy, policy.Allow, "iam:PassRole")
	require.Len(t, pass, 1)
	require.Len(t, pass[0].Resources, 1)
	assert.Equal(t, role, cfnText(pass[0].Resources[0]))
	assert.Equal(t, []policy.Condition{{Operator: "StringEqualsIfExists", Key: "iam:PassedToService", Values: []string{cloudFormation}}}, pass[0].Conditions)

	create := statementsWith(deploy, policy.Allow, "cloudformation:CreateChangeSet")
	require.Len(t, create, 1)
	require.Len(t, create[0].Conditions, 2)
	conditions := map[string]string{}
	for _, c := range create[0].Conditions {
		conditions[c.Key] = cfnText(c.Values[0])
	}
	assert.Equal(t, map[string]string{"cloudformation:RoleArn": role, "cloudformation:ChangeSetName": ChangeSetName}, conditions)
}

func TestTheDeployRoleReachesNoStackOfAnEnvironmentThatBeginsAlike(t *testing.T) {
	template, _ := made(t, targetProject(targetEnvironment("prod", 1, "eu-central-1")))
	for _, s := range statementsWith(grantedTo(template, "shop-${Environment}-deploy/"), policy.Allow, "cloudformation:ExecuteChangeSet") {
		for _, resource := range s.Resources {
			assert.NotContains(t, cfnText(resource), "${Environment}*", "prod* would hold production")
		}
	}
}

func TestTheDeployRoleTagsTheStackAndItsChangeSet(t *testing.T) {
	template, _ := made(t, targetProject(targetEnvironment("prod", 1, "eu-central-1")))
	tags := statementsWith(grantedTo(template, "shop-${Environment}-deploy/"), policy.Allow, "cloudformation:TagResource")
	require.Len(t, tags, 1)
	var on []string
	for _, r := range tags[0].Resources {
		on = append(on, strings.TrimPrefix(cfnText(r), "arn:${AWS::Partition}:cloudformation:*:${AWS::AccountId}:"))
	}
	assert.ElementsMatch(t, []string{"changeSet/" + ChangeSetName + "/*", "stack/shop-${Environment}/*", "stack/shop-${Environment}-*/*"}, on)
}

// The ARN that CloudFormation would send for a stack, its nested stacks and its
// change sets is not documented; the account is what all have in common.
func TestTheCloudFormationRoleIsForThisAccountsStacks(t *testing.T) {
	template, _ := made(t, targetProject(targetEnvironment("prod", 1, "eu-central-1")))
	trust := documents(template)["shop-${Environment}-cloudformation/trust"].Statements
	require.Len(t, trust, 1)
	assert.Equal(t, []string{cloudFormation}, trust[0].Principal.Services)
	assert.Equal(t, []policy.Condition{{Operator: "StringEqualsIfExists", Key: "aws:SourceAccount", Values: []string{cfn.AccountID}}}, trust[0].Conditions)
}

// The suffix in kms:ViaService is documented for the commercial partition only.
func TestTheKeyIsUsedThroughAServiceWhateverItsHost(t *testing.T) {
	p := withResources(t, targetProject(targetEnvironment("prod", 1, "cn-north-1")), "Resources:\n  Key:\n    Type: AWS::KMS::Key\n")
	template, _ := made(t, p)
	found := 0
	for _, s := range grantedTo(template, "shop-${Environment}-cloudformation-") {
		for _, c := range s.Conditions {
			if c.Key != "kms:ViaService" {
				continue
			}
			found++
			assert.Equal(t, "StringLike", c.Operator)
			for _, value := range c.Values {
				assert.Regexp(t, `^[a-z0-9]+\.\*$`, value)
			}
		}
	}
	assert.Equal(t, 2, found, "the project's key through S3, and the users' keys through what they encrypt")
}

func TestACloudFormationRoleCannotWidenItself(t *testing.T) {
	template, _ := made(t, targetProject(targetEnvironment("prod", 1, "eu-central-1")))
	guard := documents(template)["shop-${Environment}-cloudformation/guard"].Statements
	base := []string{"arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/foldstack-base/*", "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/foldstack-base/*"}
	found := false
	for _, s := range guard {
		assert.Equal(t, policy.Deny, s.Effect)
		if slices.Contains(s.NotActions, "iam:PassRole") {
			found = true
			var on []string
			for _, r := range s.Resources {
				on = append(on, cfnText(r))
			}
			assert.ElementsMatch(t, base, on)
			assert.ElementsMatch(t, []string{"iam:Get*", "iam:List*", "iam:PassRole"}, s.NotActions)
		}
	}
	assert.True(t, found, "nothing protects the base roles")
	for _, action := range []string{"iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary"} {
		denied := statementsWith(guard, policy.Deny, action)
		require.Len(t, denied, 1, action)
		assert.Equal(t, []string{"*"}, denied[0].Resources)
		assert.Equal(t, "StringNotEquals", denied[0].Conditions[0].Operator)
		assert.Equal(t, "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/foldstack-base/shop/shop-${Environment}-boundary",
			cfnText(denied[0].Conditions[0].Values[0]))
	}
	assert.Len(t, statementsWith(guard, policy.Deny, "iam:DeleteRolePermissionsBoundary"), 1)
}

func TestTheBoundaryIsWhatTheProjectSays(t *testing.T) {
	standard, _ := made(t, targetProject(targetEnvironment("prod", 1, "eu-central-1")))
	boundary := grantedTo(standard, "shop-${Environment}-boundary")
	assert.NotEmpty(t, statementsWith(boundary, policy.Allow, "dynamodb:PutItem"))
	assert.NotEmpty(t, statementsWith(boundary, policy.Deny, "organizations:*"))

	p := targetProject(targetEnvironment("prod", 1, "eu-central-1"))
	p.Boundary = allowances(t, "- allow: [rekognition:DetectLabels]\n")
	own, _ := made(t, p)
	boundary = grantedTo(own, "shop-${Environment}-boundary")
	assert.NotEmpty(t, statementsWith(boundary, policy.Allow, "rekognition:DetectLabels"))
	assert.NotEmpty(t, statementsWith(boundary, policy.Allow, "logs:PutLogEvents"), "foldstack's own needs stay")
	assert.Empty(t, statementsWith(boundary, policy.Allow, "dynamodb:PutItem"), "an own boundary takes the default's place")
	assert.NotEmpty(t, statementsWith(boundary, policy.Deny, "organizations:*"))
}

func TestTheDigestIsThatOfTheTemplateWithoutIt(t *testing.T) {
	template, _ := made(t, targetProject(targetEnvironment("prod", 1, "eu-central-1")))
	last := template.Outputs[len(template.Outputs)-1]
	require.Equal(t, DigestOutput, last.Name)
	require.Len(t, last.Value, 64)

	again := *template
	again.Outputs = template.Outputs[:len(template.Outputs)-1]
	require.NoError(t, addDigest(&again))
	assert.Equal(t, last.Value, again.Outputs[len(again.Outputs)-1].Value)

	again.Description = "another"
	again.Outputs = nil
	require.NoError(t, addDigest(&again))
	assert.NotEqual(t, last.Value, again.Outputs[0].Value)
}

func TestWhatATargetCannotAllowIsReportedWhereItStands(t *testing.T) {
	for _, tt := range []struct {
		what string
		edit func(t *testing.T, p *model.Project)
		rule string
		at   string
	}{
		{"a type that nobody knows", func(t *testing.T, p *model.Project) {
			withResources(t, p, "Resources:\n  Db:\n    Type: AWS::RDS::DBInstance\n")
		}, "unknown-type-permissions", "functions/jobs/resources.yaml:3:11"},
		{"a type in a loop", func(t *testing.T, p *model.Project) {
			withResources(t, p, "Resources:\n  Fn::ForEach::Dbs:\n    - Name\n    - [a, b]\n    - Db${Name}:\n        Type: AWS::RDS::DBInstance\n")
		}, "unknown-type-permissions", "functions/jobs/resources.yaml:6:15"},
		{"a resource whose generated name tells nothing", func(t *testing.T, p *model.Project) {
			withResources(t, p, "Resources:\n  Flow:\n    Type: AWS::StepFunctions::StateMachine\n    Properties: {}\n")
		}, "unnamed-resource", "functions/jobs/resources.yaml:3:11"},
		{"a name of nobody's", func(t *testing.T, p *model.Project) {
			withResources(t, p, "Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n    Properties: {QueueName: jobs}\n")
		}, "foreign-name", "functions/jobs/resources.yaml:4:29"},
		{"passing any role", func(t *testing.T, p *model.Project) {
			p.Deployment = allowances(t, "- allow: [iam:Pass*]\n")
		}, "bare-pass-role", "foldstack.yaml:1:11"},
		{"a resource of a deployment", func(t *testing.T, p *model.Project) {
			p.Deployment = allowances(t, "- allow: [rds:CreateDBInstance]\n  on: !GetAtt Db.Arn\n")
		}, "unknown-reference", "foldstack.yaml:2:7"},
		{"an output", func(t *testing.T, p *model.Project) {
			p.Deployment = allowances(t, "- allow: [rds:CreateDBInstance]\n  on: !Output orders.TableArn\n")
		}, "unknown-reference", "foldstack.yaml:2:7"},
		{"a boundary that no policy holds", func(t *testing.T, p *model.Project) {
			var b strings.Builder
			b.WriteString("- allow:\n")
			for i := range 400 {
				fmt.Fprintf(&b, "    - service:ActionWithALongName%03d\n", i)
			}
			p.Boundary = allowances(t, b.String())
		}, "policy-size", "foldstack.yaml:1:3"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			p := targetProject(targetEnvironment("prod", 1, "eu-central-1"))
			tt.edit(t, p)
			var problems diag.Problems
			_, err := Target(p, &problems)
			require.NoError(t, err)
			list := problems.Sorted()
			require.Len(t, list, 1, "%v", list)
			assert.Equal(t, tt.rule, list[0].Rule)
			assert.Equal(t, tt.at, list[0].Place.String())
			assert.NotEmpty(t, list[0].Hint)
		})
	}
}

func TestADeploymentEntryAnswersForATypeThatNobodyKnows(t *testing.T) {
	for _, tt := range []struct{ typ, action string }{
		{"AWS::RDS::DBInstance", "rds:CreateDBInstance"},
		{"AWS::Cognito::UserPool", "cognito-idp:CreateUserPool"},
		{"AWS::ElasticLoadBalancingV2::LoadBalancer", "elasticloadbalancing:*"},
		{"AWS::StepFunctions::StateMachine", "states:CreateStateMachine"},
	} {
		p := withResources(t, targetProject(targetEnvironment("prod", 1, "eu-central-1")), "Resources:\n  X:\n    Type: "+tt.typ+"\n")
		p.Deployment = allowances(t, "- allow: [\""+tt.action+"\"]\n")
		template, _ := made(t, p)
		assert.NotEmpty(t, statementsWith(grantedTo(template, "shop-${Environment}-cloudformation-"), policy.Allow, tt.action), tt.typ)
	}
}

func TestTheVocabularyIsKnownAndHoldsWhatEventsAdd(t *testing.T) {
	types := Vocabulary()
	assert.True(t, slices.IsSorted(types))
	for _, typ := range []string{"AWS::Scheduler::Schedule", "AWS::Config::ConfigRule", "AWS::CloudFormation::Stack", "AWS::Lambda::Function"} {
		assert.Contains(t, types, typ)
	}
	var problems diag.Problems
	p := targetProject(targetEnvironment("prod", 1, "eu-central-1"))
	var yaml strings.Builder
	yaml.WriteString("Resources:\n")
	for i, typ := range types {
		fmt.Fprintf(&yaml, "  R%d:\n    Type: %s\n    Properties: {Name: shop-prod-x}\n", i, typ)
	}
	withResources(t, p, yaml.String())
	assert.Equal(t, types, userTypes(p, &problems))
	assert.True(t, problems.Empty(), "%v", problems.Sorted())
}

func TestANoteOfCDKNeedsNoPermission(t *testing.T) {
	var problems diag.Problems
	p := withResources(t, targetProject(targetEnvironment("prod", 1, "eu-central-1")),
		"Resources:\n  CDKMetadata:\n    Type: AWS::CDK::Metadata\n    Properties: {Analytics: v2}\n")
	assert.Empty(t, userTypes(p, &problems))
	assert.Empty(t, problems.Sorted())
}
