package demand_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/proof"
)

// breached are the prohibitions that the shipped templates do not keep once texts of
// theirs are replaced by others.
func breached(t testing.TB, replacements ...string) []string {
	t.Helper()
	s := newShop(t, replacements...)
	base, dev := s.base(), s.deployed("dev", development)
	set := &proof.Set{Base: base, Demands: demand.Prohibitions(base, base), Classes: []proof.Class{{
		Name: "dev", Estate: dev, Members: []proof.Member{{Account: development, Region: home}}, Demands: demand.Prohibitions(dev, base),
	}}}
	var whys []string
	for _, chain := range proof.Prove(set).Breached {
		whys = append(whys, chain.Why)
	}
	slices.Sort(whys)
	return slices.Compact(whys)
}

func TestTheShippedTemplatesRefuseWhatTheyMust(t *testing.T) {
	assert.Empty(t, breached(t))
}

// guards are texts of the shipped templates, what takes their place, and the prohibition
// that is not kept then.
var guards = map[string]struct {
	edit []string
	want string
}{
	"a role has any boundary": {
		[]string{
			"iam:PermissionsBoundary: !Sub arn:" + account + "policy/foldstack-base/acme-shop/acme-shop-${Environment}-boundary", "iam:PermissionsBoundary: '*'",
			"StringNotEquals", "StringNotLike",
		},
		"a role has a boundary that allows everything",
	},
	"a boundary can be taken off": {
		[]string{"Action: iam:DeleteRolePermissionsBoundary", "Action: iam:DeleteRolePolicy"},
		"a role loses its boundary",
	},
	"base roles lie in the open": {
		[]string{"- !Sub arn:" + account + "role/foldstack-base/*", "- !Sub arn:" + account + "role/elsewhere/*"},
		"a role of the delivery is changed",
	},
	"base policies lie in the open": {
		[]string{"- !Sub arn:" + account + "policy/foldstack-base/*", "- !Sub arn:" + account + "policy/elsewhere/*"},
		"a policy of the delivery is changed",
	},
	"the target stack is like any other": {
		[]string{"stack/acme-shop-${Environment}-target/*", "stack/elsewhere/*", "stack/acme-shop-*-target/*", "stack/elsewhere/*"},
		"the stack acme-shop-dev-target of the delivery is changed",
	},
	"a base role is passed to a function": {
		[]string{"StringNotEquals:\n                    iam:PassedToService: cloudformation", "StringNotEquals:\n                    iam:PassedToService: lambda"},
		"a role of the delivery is passed to code",
	},
	"functions attach policies": {
		[]string{"              - iam:Attach*\n", ""},
		"a function changes who may do what",
	},
	"functions pass any role": {
		[]string{"NotResource: !Sub arn:" + account + "role/foldstack/acme-shop/${Environment}/*", "NotResource: '*'"},
		"a function passes a role that no deployment made",
	},
	"an asset is written again": {
		[]string{writtenOnce + "s3:PutObject\n", writtenOnce + "s3:PutObjectAcl\n"},
		"an asset is written a second time",
	},
	"everybody makes grants": {
		[]string{"Action: kms:CreateGrant", "Action: kms:RetireGrant"},
		"somebody gives the key away by a grant",
	},
	"objects are sent in plain text": {
		[]string{"- !Join ['', [!GetAtt AssetBucket.Arn, '/*']]", "- !Join ['', [!GetAtt AssetBucket.Arn, '/a']]"},
		"something is reached without TLS",
	},
	"every account may read": {
		[]string{"- '222222222222'", "- '*'"},
		"an outsider reaches the bucket acme-shop-assets-111111111111-eu-central-1",
	},
	"every role may read": {
		[]string{"- !Sub arn:${AWS::Partition}:iam::*:role/foldstack-base/acme-shop/acme-shop-dev-deploy", "- arn:*:iam::*:role/*"},
		"an outsider uses the key",
	},
	"every role may take the deploy role": {
		[]string{"aws:PrincipalArn: !Sub arn:${AWS::Partition}:iam::111111111111:role/foldstack-base/acme-shop/acme-shop-pipeline", "aws:PrincipalArn: arn:*:iam::*:role/*"},
		"an outsider takes a role of the delivery",
	},
	"every function may run the images": {
		[]string{":222222222222:function:acme-shop-dev-*", ":*:function:*"},
		"somebody else's function runs an image",
	},
	"EventBridge uses the key for all": {
		[]string{":acme-shop-pipeline-FailureTopic-*\n          - Sid: DeployRolesDescribe", ":*\n          - Sid: DeployRolesDescribe"},
		"events.amazonaws.com uses the key for something else",
	},
	"anybody tells of failures": {
		[]string{"Service: events.amazonaws.com\n            Action: sns:Publish", "AWS: '*'\n            Action: sns:Publish"},
		"an outsider tells or hears of deliveries",
	},
	"CloudFormation serves all accounts": {
		[]string{"StringEqualsIfExists:\n                aws:SourceAccount: !Ref AWS::AccountId", "StringLike:\n                aws:SourceAccount: '*'"},
		"cloudformation.amazonaws.com takes a role for another account",
	},
	"the build writes wherever it likes": {
		[]string{"-eu-central-1/functions/*", "-eu-central-1/*"},
		"something is written that is no asset",
	},
	"the pipeline takes any role": {
		[]string{"role/foldstack-base/acme-shop/acme-shop-update\n                  -", "role/*\n                  -"},
		"a role of somebody else is taken",
	},
	"deploying needs no role": {
		[]string{"ArnEquals:\n                    cloudformation:RoleArn", "ArnLikeIfExists:\n                    cloudformation:RoleArn"},
		"a stack is deployed without its role",
	},
	"artifacts are for everything": {
		[]string{
			"acme-shop-dev-deploy\n                  - !Sub arn:${AWS::Partition}:iam::*:role/foldstack-base/acme-shop/acme-shop-prod-deploy\n          - Sid: OnlyByTLS",
			"*\n          - Sid: OnlyByTLS",
			"acme-shop-assets-111111111111-eu-central-1/functions/*", "acme-shop-*",
		},
		"an artifact is read",
	},
}

const (
	account     = "${AWS::Partition}:iam::${AWS::AccountId}:"
	writtenOnce = "Sid: WrittenOnce\n            Effect: Deny\n            Principal: '*'\n            Action: "
)

func TestAGuardThatIsTakenAwayLetsThroughWhatItIsThereToRefuse(t *testing.T) {
	for name, guard := range guards {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Contains(t, breached(t, guard.edit...), guard.want)
		})
	}
}

// What refuses a request must be what stands there for it, and not that nobody has been
// permitted it yet.
func TestWhatProjectsMayOpenIsRefusedWhateverTheyOpen(t *testing.T) {
	base := everywhere(t)
	e := deployed(t, "dev", development)
	for _, c := range []struct {
		demands []demand.Demand
		action  string
		who     string
		want    []authz.Kind
	}{
		{demand.Prohibitions(base, base), "iam:CreateRole", "acme-shop-dev-cloudformation", []authz.Kind{authz.Identity}},
		{demand.Prohibitions(base, base), "sts:AssumeRole", "acme-shop-build", nil},
		{demand.Prohibitions(e, base), "iam:CreateUser", "role/foldstack/acme-shop/dev/", []authz.Kind{authz.Identity, authz.Boundary}},
		{demand.Prohibitions(e, base), "cloudformation:UpdateStack", "role/foldstack/acme-shop/dev/", []authz.Kind{authz.Identity}},
	} {
		found := matching(c.demands, c.action, c.who)
		require.NotEmpty(t, found, c.action)
		assert.Equal(t, c.want, found[0].Opened, c.action)
	}
}

// The documents of these tests are read as a user's own would be.
func TestUsersMayLetInPlainTextBesideTheDelivery(t *testing.T) {
	base, e := everywhere(t), deployed(t, "dev", development)
	for what, c := range map[string]struct {
		demands []demand.Demand
		action  string
		spare   bool
	}{
		"of what is delivered":        {demand.Prohibitions(e, base), "sqs:SendMessage", true},
		"of the delivery":             {demand.Prohibitions(base, base), "s3:GetObject", false},
		"of templates that are given": {demand.Prohibitions(e, e), "sqs:SendMessage", false},
	} {
		found := slices.DeleteFunc(matching(c.demands, c.action), func(d demand.Demand) bool { return d.Context["aws:securetransport"][0] != "false" })
		require.NotEmpty(t, found, what)
		for _, d := range found {
			assert.Equal(t, c.spare, d.Spare, what)
		}
	}
}

// A role that another account takes, a key and a bucket are no delivery by themselves.
func TestWithoutAPipelineNothingIsTakenForADelivery(t *testing.T) {
	e := of(t, `
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {}}}
  Site: {Type: AWS::S3::Bucket}
  Auditor:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {AWS: "222222222222"}, Action: "sts:AssumeRole"}}}
`)
	assert.Empty(t, demand.Prohibitions(e, e))
}

func TestEveryProhibitionSaysWhyAndWhere(t *testing.T) {
	base := everywhere(t)
	for _, d := range append(demand.Prohibitions(base, base), demand.Prohibitions(deployed(t, "dev", development), base)...) {
		assert.True(t, d.Forbidden, d.Why)
		assert.NotEmpty(t, d.Why, d.Action)
		assert.NotZero(t, d.Cause, d.Action)
		assert.NotEmpty(t, d.Resource, d.Action)
		assert.Equal(t, "Never", d.Step.Stage)
		assert.True(t, strings.HasPrefix(d.Page, "https://docs.aws.amazon.com/"), "%s: %s", d.Action, d.Page)
	}
}

func TestOneRoleStandsForAllUnderABoundary(t *testing.T) {
	e := deployed(t, "dev", development)
	who := map[string]bool{}
	for _, d := range matching(demand.Prohibitions(e, everywhere(t)), "iam:CreateUser") {
		who[d.Principal.ARN] = true
	}
	assert.Len(t, who, 1)
}

func TestProhibitionsGrowWithTargetsAndNotWithTheirSquare(t *testing.T) {
	count := func(accounts int) int {
		e := many(t, accounts)
		return len(demand.Prohibitions(e, e))
	}
	two, four, eight := count(2), count(4), count(8)
	assert.Greater(t, four, two)
	assert.Equal(t, (four-two)*2, eight-four, "four more targets are twice what two more are")
}

// A class is asked for each of its members: what it is asked must not grow with them.
func TestAFunctionIsAskedForWhatItsOwnTargetCanReach(t *testing.T) {
	e := deployed(t, "dev", development)
	assert.Len(t, demand.Prohibitions(e, many(t, 8)), len(demand.Prohibitions(e, many(t, 2))))
}

// What the boundary denies by its first letters is asked for by name, so that no letter
// stands there for nothing.
func TestEveryPatternThatTheBoundaryDeniesIsAskedFor(t *testing.T) {
	boundary := deployed(t, "dev", development).OfType("AWS::IAM::ManagedPolicy")[0]
	policy, errs := authz.Parse(authz.Boundary, "boundary", boundary.Properties.Get("PolicyDocument"), nil)
	require.Empty(t, errs)
	denied := policy.Statements[1].Actions
	require.Contains(t, denied, "iam:Attach*")
	for _, pattern := range denied {
		assert.True(t, slices.ContainsFunc(demand.IdentityWrites(), func(action string) bool { return authz.MatchesAction(pattern, action) }), pattern)
	}
}
