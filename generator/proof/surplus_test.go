package proof_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/proof"
)

const (
	logGroup  = "arn:aws:logs:eu-central-1:222222222222:log-group:work"
	workQueue = "arn:aws:sqs:eu-central-1:222222222222:work"
	function  = "arn:aws:lambda:eu-central-1:222222222222:function:work"
)

// texts are what surplus consists of, without where it stands.
func texts(list []proof.Surplus) []string {
	var all []string
	for _, s := range list {
		all = append(all, string(s.What)+": "+s.Text)
	}
	return all
}

func TestAGrantThatNoDemandNeedsIsSurplus(t *testing.T) {
	worker := role(first, "work")
	send := call(worker, "sqs:SendMessage", workQueue)
	write := call(worker, "logs:PutLogEvents", logGroup+":log-stream:x")
	write.Within = []string{logGroup + ":*"}
	pass := narrowed(with(call(worker, "iam:PassRole", role(first, "other")), "iam:passedtoservice", "lambda.amazonaws.com"), "iam:passedtoservice")
	for name, c := range map[string]struct {
		statement string
		demands   []demand.Demand
		want      []string
	}{
		"just enough":                 {allow("sqs:SendMessage", workQueue), []demand.Demand{send}, nil},
		"a statement nobody needs":    {allow("sqs:DeleteQueue", workQueue), []demand.Demand{send}, []string{"statement: nothing needs sqs:DeleteQueue on " + workQueue}},
		"an action too many":          {allow("[sqs:SendMessage, sqs:DeleteQueue]", workQueue), []demand.Demand{send}, []string{"action: nothing needs sqs:DeleteQueue on " + workQueue}},
		"a resource too many":         {allow("sqs:SendMessage", "['"+workQueue+"', '"+workQueue+"2']"), []demand.Demand{send}, []string{"resource: nothing needs sqs:SendMessage on " + workQueue + "2"}},
		"a resource too wide":         {allow("sqs:SendMessage", "'"+workQueue+"*'"), []demand.Demand{send}, []string{"resource: " + workQueue + "* is wider than what sqs:SendMessage is needed on"}},
		"every resource":              {allow("sqs:SendMessage", "'*'"), []demand.Demand{send}, []string{"resource: * is wider than what sqs:SendMessage is needed on"}},
		"a wildcard among actions":    {allow("sqs:Send*", workQueue), []demand.Demand{send}, []string{"action: sqs:Send* is wider than the actions that are needed"}},
		"all actions but one":         {"{Effect: Allow, NotAction: iam:*, Resource: " + workQueue + "}", []demand.Demand{send}, []string{"action: it allows everything but iam:*"}},
		"all resources but one":       {"{Effect: Allow, Action: sqs:SendMessage, NotResource: " + workQueue + "2}", []demand.Demand{send}, []string{"resource: * is wider than what sqs:SendMessage is needed on"}},
		"what only may come asks for": {allow("[sqs:SendMessage, sqs:DeleteQueue]", workQueue), []demand.Demand{send, spare(call(worker, "sqs:DeleteQueue", workQueue)), spare(call(worker, "sqs:PurgeQueue", workQueue))}, nil},
		"as wide as a demand says":    {allow("logs:PutLogEvents", "'"+logGroup+":*'"), []demand.Demand{write}, nil},
		"wider than a demand says":    {allow("logs:PutLogEvents", "'"+logGroup+"*'"), []demand.Demand{write}, []string{"resource: " + logGroup + "* is wider than what logs:PutLogEvents is needed on"}},
		"two that do not go together": {
			allow("[sqs:SendMessage, sqs:ReceiveMessage]", "['"+workQueue+"', '"+workQueue+"2']"),
			[]demand.Demand{send, call(worker, "sqs:ReceiveMessage", workQueue+"2")},
			[]string{"action: nothing needs sqs:ReceiveMessage on " + workQueue, "action: nothing needs sqs:SendMessage on " + workQueue + "2"},
		},
		"two kinds of resource in one": {
			allow("[s3:GetObject, s3:ListBucket]", "['arn:aws:s3:::b', 'arn:aws:s3:::b/k']"),
			[]demand.Demand{call(worker, "s3:GetObject", "arn:aws:s3:::b/k"), call(worker, "s3:ListBucket", "arn:aws:s3:::b")},
			nil,
		},
		"a role for its service":  {allow("iam:PassRole", role(first, "other"), "Condition: {StringEquals: {'iam:PassedToService': lambda.amazonaws.com}}"), []demand.Demand{pass}, nil},
		"a role for two services": {allow("iam:PassRole", role(first, "other"), "Condition: {StringEquals: {'iam:PassedToService': [lambda.amazonaws.com, ec2.amazonaws.com]}}"), []demand.Demand{pass}, []string{"condition: no request that it serves has the iam:PassedToService ec2.amazonaws.com"}},
		"a role for any service":  {allow("iam:PassRole", role(first, "other"), "Condition: {StringLike: {'iam:PassedToService': '*.amazonaws.com'}}"), []demand.Demand{pass}, []string{"condition: its condition on iam:PassedToService lets pass more than is needed: *.amazonaws.com"}},
		"a condition that only refuses one": {
			allow("iam:PassRole", role(first, "other"), "Condition: {StringNotEquals: {'iam:PassedToService': ec2.amazonaws.com}}"),
			[]demand.Demand{pass},
			[]string{"condition: without a condition on iam:PassedToService it serves more than what needs it"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := prove(estateOf(t, root(t, "work.yaml", first, frank, roleWith("work", trustNobody, c.statement))), c.demands...)
			assert.ElementsMatch(t, c.want, texts(p.Surplus))
		})
	}
}

func TestWhatOnlyMayComeIsNotMissed(t *testing.T) {
	worker := role(first, "work")
	base := estateOf(t, root(t, "work.yaml", first, frank, roleWith("work", trustNobody, allow("sqs:SendMessage", workQueue))))
	p := prove(base, call(worker, "sqs:SendMessage", workQueue), spare(call(worker, "sqs:PurgeQueue", workQueue)))
	assert.Equal(t, "", told(p)+surplus(p))
	assert.Equal(t, 1, p.Steps[0].Demands)
}

func TestAResourcePolicyMayLetInOnlyWhoDemands(t *testing.T) {
	arn := "arn:aws:s3:::assets/x"
	read := call(role(first, "deploy"), "s3:GetObject", arn)
	reads := func(principal, condition string) string {
		return allow("s3:GetObject", arn, "Principal: "+principal, "Condition: {"+condition+"}")
	}
	const deploy = "ArnLike: {'aws:PrincipalArn': 'arn:aws:iam::*:role/deploy'}"
	for name, c := range map[string]struct {
		statement string
		want      []string
	}{
		"a role of an account":   {reads("{AWS: '222222222222'}", deploy), nil},
		"the role itself":        {reads("{AWS: 'arn:aws:iam::222222222222:role/deploy'}", ""), nil},
		"the whole account":      {reads("{AWS: 'arn:aws:iam::222222222222:root'}", ""), []string{"principal: it lets everybody in who is arn:aws:iam::222222222222:root"}},
		"an account too many":    {reads("{AWS: ['222222222222', '333333333333']}", deploy), []string{"principal: nobody who is 333333333333 needs s3:GetObject"}},
		"roles by a wider name":  {reads("{AWS: '222222222222'}", "ArnLike: {'aws:PrincipalArn': 'arn:aws:iam::*:role/dep*'}"), []string{"condition: its condition on aws:PrincipalArn lets pass more than is needed: arn:aws:iam::*:role/dep*"}},
		"a role that never asks": {reads("{AWS: '222222222222'}", "ArnLike: {'aws:PrincipalArn': ['arn:aws:iam::*:role/deploy', 'arn:aws:iam::*:role/x']}"), []string{"condition: no request that it serves has the aws:PrincipalArn arn:aws:iam::*:role/x"}},
		"everybody":              {reads("'*'", ""), []string{"principal: it lets everybody in"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := prove(estateOf(t, root(t, "assets.yaml", tools, frank, bucketWith("assets", c.statement))), read)
			assert.ElementsMatch(t, c.want, texts(p.Surplus))
		})
	}
}

const invoked = `
Resources:
  Function: {Type: AWS::Lambda::Function, Properties: {FunctionName: work, Role: x, Code: {ZipFile: x}}}
  Permission: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Function, Action: lambda:InvokeFunction, Principal: sns.amazonaws.com MORE}}
`

func TestAPermissionOfAFunctionIsAStatementOfItsPolicy(t *testing.T) {
	topic := "arn:aws:sns:eu-central-1:222222222222:news"
	invoke := narrowed(with(by("sns.amazonaws.com", first, "lambda:InvokeFunction", function), "aws:sourcearn", topic), "aws:sourcearn")
	ask := func(more string, d demand.Demand) *proof.Proof {
		return prove(estateOf(t, root(t, "work.yaml", first, frank, strings.ReplaceAll(invoked, " MORE", more))), d)
	}
	p := ask(", SourceArn: '"+topic+"'", invoke)
	assert.Equal(t, "", told(p)+surplus(p))
	p = ask("", invoke)
	assert.Equal(t, []string{"condition: without a condition on aws:SourceArn it serves more than what needs it"}, texts(p.Surplus))
	live := invoke
	live.Resource += ":live"
	assert.Contains(t, told(ask(", SourceArn: '"+topic+"'", live)), "sns.amazonaws.com may not lambda:InvokeFunction on "+function+":live", "a permission is for the version or alias that it names")
}

func TestTheWildcardOfAKeysAccountStaysForAReason(t *testing.T) {
	own := keyWith(allow("kms:*", "'*'", "Principal: {AWS: 'arn:aws:iam::222222222222:root'}"))
	base := estateOf(t, root(t, "key.yaml", first, frank, own), root(t, "work.yaml", first, frank, roleWith("work", trustNobody, allow("kms:Decrypt", "'*'"))))
	d := call(role(first, "work"), "kms:Decrypt", base.OfType("AWS::KMS::Key")[0].ARN)
	d.Within = []string{"*"}
	p := prove(base, d)
	assert.Equal(t, "", told(p)+surplus(p))
	require.Len(t, p.Kept, 2)
	assert.Equal(t, "*", p.Kept[0].What)
	assert.Equal(t, "kms:Decrypt asks for it: a test calls kms:Decrypt", p.Kept[0].Why)
	assert.Equal(t, "kms:*", p.Kept[1].What)
	assert.Contains(t, p.Kept[1].Page, "https://docs.aws.amazon.com/kms/")

	foreign := strings.ReplaceAll(own, first, second)
	d.Resource = "arn:aws:kms:eu-central-1:222222222222:key/x"
	p = prove(estateOf(t, root(t, "key.yaml", first, frank, foreign)), call(role(second, "work"), "kms:Decrypt", base.OfType("AWS::KMS::Key")[0].ARN))
	assert.Equal(t, []string{"action: kms:* is wider than the actions that are needed", "principal: it lets everybody in who is arn:aws:iam::333333333333:root"}, texts(p.Surplus))
	assert.Empty(t, p.Kept, "another account has no such reason")
}

// Without it KMS refuses the policy, or nobody can change the key any more.
func TestTheStatementOfAKeysAccountStaysThoughNothingNeedsIt(t *testing.T) {
	own := allow("kms:*", "'*'", "Principal: {AWS: 'arn:aws:iam::222222222222:root'}")
	p := prove(estateOf(t, root(t, "key.yaml", first, frank, keyWith(own, allow("kms:Decrypt", "'*'", "Principal: {AWS: '333333333333'}")))))
	assert.Equal(t, []string{"statement: nothing needs kms:Decrypt on *"}, texts(p.Surplus), "another statement does not stay")
	require.Len(t, p.Kept, 1)
	assert.Equal(t, "kms:*", p.Kept[0].What)
	assert.Equal(t, proof.Count{Of: 2, Carry: 1}, p.Load.Statements)
	assert.Equal(t, proof.Count{Of: 2, Carry: 1}, p.Load.Grants)
}

func TestADenyCarriesLoadWhereNothingElseRefuses(t *testing.T) {
	worker := role(first, "work")
	plain := forbidden(with(call(worker, "sqs:SendMessage", workQueue), "aws:securetransport", "false"))
	sent := with(call(worker, "sqs:SendMessage", workQueue), "aws:securetransport", "true")
	deny := "{Effect: Deny, Action: 'sqs:*', Resource: '*', Condition: {Bool: {'aws:SecureTransport': 'false'}}}"
	ask := func(statements []string, demands ...demand.Demand) *proof.Proof {
		return prove(estateOf(t, root(t, "work.yaml", first, frank, roleWith("work", trustNobody, statements...))), demands...)
	}
	p := ask([]string{allow("sqs:SendMessage", workQueue), deny}, sent, plain)
	assert.Equal(t, "", told(p)+surplus(p))
	assert.Equal(t, proof.Count{Of: 1, Carry: 1}, p.Load.Denies)

	p = ask([]string{allow("sqs:SendMessage", workQueue)}, sent, plain)
	assert.Equal(t, `work.yaml:7:81: permission-forbidden: arn:aws:iam::222222222222:role/work may sqs:SendMessage on arn:aws:sqs:eu-central-1:222222222222:work: nobody may do this
- narrow statement 1 of policy own of the role work (work.yaml, Role), or deny the call there
- work.yaml:7:81: statement 1 of policy own of the role work (work.yaml, Role) allows it
`, told(p))

	p = ask([]string{allow("sqs:SendMessage", workQueue), deny}, sent)
	assert.Equal(t, []string{"deny: without its Deny of sqs:* nothing would be allowed that must be refused"}, texts(p.Surplus))

	declared := plain
	declared.Opened = []authz.Kind{authz.Identity}
	assert.Empty(t, ask([]string{deny}, declared).Surplus, "what users may declare is refused by a Deny only")
	assert.Len(t, ask(nil, declared).Breached, 1)
}

const boundedRole = `
Resources:
  Ceiling:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: ceiling
      PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: [sqs:SendMessage, sqs:DeleteQueue], Resource: '*'}]}
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: work
      PermissionsBoundary: !Ref Ceiling
      ManagedPolicyArns: [MANAGED]
      Policies: [{PolicyName: own, PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: [sqs:SendMessage, sns:Publish], Resource: 'arn:aws:sqs:eu-central-1:222222222222:work'}]}}]
`

func bounded(t testing.TB, managed string) *estate.Estate {
	return estateOf(t, root(t, "work.yaml", first, frank, strings.Replace(boundedRole, "MANAGED", managed, 1)))
}

func TestABoundaryIsACeilingAndNoGrant(t *testing.T) {
	worker := role(first, "work")
	p := prove(bounded(t, ""), call(worker, "sqs:SendMessage", workQueue), call(worker, "sns:Publish", workQueue))
	assert.Empty(t, p.Surplus, "nothing needs sqs:DeleteQueue, but the boundary does not grant it")
	require.Len(t, p.Unmet, 1)
	assert.Contains(t, told(p), "add sns:Publish to the actions of statement 1 of boundary ceiling")
}

func TestWhatIsNotKnownIsSaid(t *testing.T) {
	worker := role(first, "work")
	p := prove(bounded(t, "'arn:aws:iam::aws:policy/AmazonSQSFullAccess'"), call(worker, "sqs:DeleteQueue", workQueue), call(worker, "sqs:SendMessage", workQueue))
	assert.Empty(t, p.Unmet)
	assert.Equal(t, 1, p.Steps[0].Unproved)
	assert.Contains(t, told(p), "permission-unproved: a test calls sqs:DeleteQueue: whether arn:aws:iam::222222222222:role/work may sqs:DeleteQueue on arn:aws:sqs:eu-central-1:222222222222:work cannot be proved\n"+
		"- the content of arn:aws:iam::aws:policy/AmazonSQSFullAccess is not known here\n")
	require.Len(t, p.Notes, 1)
	assert.Equal(t, "the content of arn:aws:iam::aws:policy/AmazonSQSFullAccess is not known here, so that work may do more than what was proved", p.Notes[0].Text)

	d := call(worker, "sqs:SendMessage", "arn:aws:sqs:eu-central-1:333333333333:theirs")
	var problems diag.Problems
	prove(bounded(t, ""), d).Report(&problems)
	assert.Len(t, problems.Sorted(), 1, "the role's own policy does not name it")
}

// One more action in a statement on everything would be granted on everything.
func TestNobodyIsToldToGrantAnActionOnEverything(t *testing.T) {
	ask := func(resource string) string {
		base := estateOf(t, root(t, "pipeline.yaml", tools, frank, roleWith("pipeline", trustNobody, allow("ec2:DescribeSubnets", resource))))
		return told(prove(base, call(role(tools, "pipeline"), "iam:PassRole", role(tools, "deploy"))))
	}
	assert.Contains(t, ask("'*'"), "let the policy own of the role pipeline allow iam:PassRole on arn:aws:iam::111111111111:role/deploy;")
	assert.Contains(t, ask("'arn:aws:iam::111111111111:role/*'"), "add iam:PassRole to the actions of statement 1 of policy own of the role pipeline;")
}
