package authz

import (
	"strings"
	"testing"

	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnExplanationTellsWhoWasAskedAndWhatIsMissing(t *testing.T) {
	pass := Request{
		Principal: Principal{ARN: theRole}, Action: "iam:PassRole", Resource: theTarget,
		Context: Context{"iam:passedtoservice": {"lambda.amazonaws.com"}},
	}
	key := symbol.New("key")
	for name, c := range map[string]struct {
		c    Case
		want string
	}{
		"a resource that differs": {
			Case{Request: reads(theRole, here), Identity: attached(t, `{'Sid':'Read','Effect':'Allow','Action':['s3:GetObject','s3:PutObject'],'Resource':'arn:aws:s3:::shop'}`, allowQueue)},
			`
arn:aws:iam::111111111111:role/app/reader may not s3:GetObject on arn:aws:s3:::shop/orders/1: allowed by no statement
  identity policy: the identity policy does not allow it
    nearest is statement 1 (Read) of the identity policy:
      its resource arn:aws:s3:::shop is not arn:aws:s3:::shop/orders/1; a bucket does not include its objects
    add a statement to the identity policy:
      Effect: Allow
      Action: s3:GetObject
      Resource: arn:aws:s3:::shop/orders/1
`,
		},
		"a passed role with another service": {
			Case{Request: pass, Identity: attached(t, `{'Effect':'Allow','Action':'iam:PassRole','Resource':'*','Condition':{'StringEquals':{'iam:PassedToService':'cloudformation.amazonaws.com'}}}`)},
			`
arn:aws:iam::111111111111:role/app/reader may not iam:PassRole on arn:aws:iam::111111111111:role/target: allowed by no statement
  identity policy: the identity policy does not allow it
    nearest is statement 1 of the identity policy:
      its condition StringEquals iam:PassedToService is cloudformation.amazonaws.com, the request has lambda.amazonaws.com
    add a statement to the identity policy:
      Effect: Allow
      Action: iam:PassRole
      Resource: arn:aws:iam::111111111111:role/target
      Condition:
        StringEquals:
          iam:PassedToService: lambda.amazonaws.com
`,
		},
		"a key that forgets the account, and an alias": {
			Case{
				Request:  Request{Principal: Principal{ARN: "arn:aws:iam::222222222222:role/deploy"}, Action: "kms:Decrypt", Resource: theKey},
				Resource: []*Policy{document(t, Resource, `{'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::111111111111:root'},'Action':'kms:*','Resource':'*'}`)},
				Identity: attached(t, `{'Effect':'Allow','Action':'kms:Decrypt','Resource':['arn:aws:kms:eu-central-1:111111111111:alias/shop','arn:aws:s3:::shop/*']}`),
			},
			`
arn:aws:iam::222222222222:role/deploy may not kms:Decrypt on arn:aws:kms:eu-central-1:111111111111:key/k1: allowed by no statement
  identity policy: the identity policy does not allow it
    nearest is statement 1 of the identity policy:
      none of its 2 resources is arn:aws:kms:eu-central-1:111111111111:key/k1; arn:aws:kms:eu-central-1:111111111111:alias/shop is the most alike; in a policy an alias does not stand for its key
    add a statement to the identity policy:
      Effect: Allow
      Action: kms:Decrypt
      Resource: arn:aws:kms:eu-central-1:111111111111:key/k1
  resource policy: the resource policy does not allow it
    nearest is statement 1 of the resource policy:
      its principal arn:aws:iam::111111111111:root is not arn:aws:iam::222222222222:role/deploy of the account 222222222222
    add a statement to the resource policy:
      Effect: Allow
      Principal:
        AWS: arn:aws:iam::222222222222:root
      Action: kms:Decrypt
      Resource: arn:aws:kms:eu-central-1:111111111111:key/k1
      Condition:
        ArnEquals:
          aws:PrincipalArn: arn:aws:iam::222222222222:role/deploy
`,
		},
		"a statement about the action is nearer than one about the rest": {
			Case{Request: reads(theRole, here), Identity: attached(t, allowQueue, `{'Effect':'Allow','Action':'s3:Get*','Resource':'arn:aws:s3:::other/*','Condition':{'Bool':{'aws:SecureTransport':'true'}}}`)},
			`
arn:aws:iam::111111111111:role/app/reader may not s3:GetObject on arn:aws:s3:::shop/orders/1: allowed by no statement
  identity policy: the identity policy does not allow it
    nearest is statement 2 of the identity policy:
      its resource arn:aws:s3:::other/* is not arn:aws:s3:::shop/orders/1
      its condition Bool aws:SecureTransport is true, the request has none
    add a statement to the identity policy:
      Effect: Allow
      Action: s3:GetObject
      Resource: arn:aws:s3:::shop/orders/1
`,
		},
		"an action that is missing, and no policy on the other side": {
			Case{Request: reads(theRole, elsewhere), Identity: attached(t, `{'Effect':'Allow','Action':['s3:PutObject','s3:List*','s3:a','s3:b','s3:c'],'Resource':'arn:aws:s3:::shop/*'}`)},
			`
arn:aws:iam::111111111111:role/app/reader may not s3:GetObject on arn:aws:s3:::shop/orders/1: allowed by no statement
  identity policy: the identity policy does not allow it
    nearest is statement 1 of the identity policy:
      none of its 5 actions is s3:GetObject
    add s3:GetObject to the actions of that statement
  resource policy: there is none
    add a policy with the statement:
      Effect: Allow
      Principal:
        AWS: arn:aws:iam::111111111111:root
      Action: s3:GetObject
      Resource: arn:aws:s3:::shop/orders/1
      Condition:
        ArnEquals:
          aws:PrincipalArn: arn:aws:iam::111111111111:role/app/reader
`,
		},
		"a denial": {
			Case{
				Request:  Request{Principal: Principal{ARN: theRole}, Action: "s3:PutObject", Resource: "arn:aws:s3:::b/" + key, Context: Context{"aws:securetransport": {"false"}}},
				Identity: attached(t, allowAll),
				Resource: onResource(t, `{'Sid':'Plain','Effect':'Deny','Principal':'*','Action':'s3:*','Resource':'*','Condition':{'Bool':{'aws:SecureTransport':'false'}}}`),
			},
			`
arn:aws:iam::111111111111:role/app/reader may not s3:PutObject on arn:aws:s3:::b/<key>: denied by a statement
  resource policy: denied by statement 1 (Plain) of the resource policy
      its principal * is arn:aws:iam::111111111111:role/app/reader
      its action s3:* includes s3:PutObject
      its resource * includes arn:aws:s3:::b/<key>
      its condition Bool aws:SecureTransport is false, the request has false
`,
		},
		"what is allowed": {
			Case{
				Request: reads(theRole, here), Identity: attached(t, allowRead), Boundary: []*Policy{document(t, Boundary, allowAll)},
				Organization: [][]*Policy{{document(t, Organization, allowAll)}}, Resource: onResource(t, grants(aws(elsewhere))),
			},
			`
arn:aws:iam::111111111111:role/app/reader may s3:GetObject on arn:aws:s3:::shop/orders/1: allowed
  service control policy: allowed by statement 1 of the service control policy
  permissions boundary: allowed by statement 1 of the permissions boundary
  identity policy: allowed by statement 1 of the identity policy
`,
		},
		"trust in a service": {
			Case{
				Request:  Request{Principal: Principal{Service: "codebuild.amazonaws.com", Account: here}, Action: "sts:AssumeRole", Resource: theTarget, Context: Context{"aws:sourceaccount": {here}}},
				Resource: []*Policy{document(t, Trust, trusts(aws("AROAEXAMPLEEXAMPLE12")))},
			},
			`
codebuild.amazonaws.com may not sts:AssumeRole on arn:aws:iam::111111111111:role/target: allowed by no statement
  trust policy: the trust policy does not allow it
    nearest is statement 1 of the trust policy:
      its principal AROAEXAMPLEEXAMPLE12 is not codebuild.amazonaws.com; AROAEXAMPLEEXAMPLE12 is the id of a role or user that was deleted, and one made again under its name is another
    add a statement to the trust policy:
      Effect: Allow
      Principal:
        Service: codebuild.amazonaws.com
      Action: sts:AssumeRole
      Condition:
        StringEquals:
          aws:SourceAccount: '111111111111'
`,
		},
		"one level of an organisation": {
			Case{
				Request: reads(theRole, here), Identity: attached(t, allowRead),
				Organization: [][]*Policy{{document(t, Organization, allowAll)}, {document(t, Organization, allowQueue), document(t, Organization, allowQueue)}},
			},
			`
arn:aws:iam::111111111111:role/app/reader may not s3:GetObject on arn:aws:s3:::shop/orders/1: allowed by no statement
  service control policy: allowed by statement 1 of the service control policy
  service control policy: none of 2 allows it
    nearest is statement 1 of the service control policy:
      its action sqs:* is not s3:GetObject
    add s3:GetObject to the actions of that statement
  identity policy: allowed by statement 1 of the identity policy
`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, strings.TrimPrefix(c.want, "\n"), Explain(&c.c).String())
		})
	}
}

func TestAReportSaysOfEachPartWhetherItIsMet(t *testing.T) {
	r := Request{
		Principal: Principal{ARN: theRole}, Action: "s3:GetObject", Resource: "arn:aws:s3:::shop/" + symbol.New("key"),
		Context: Context{"aws:tagkeys": {"a", "b"}, "aws:vpce": {symbol.New("vpce")}, "aws:age": {"old"}},
	}
	report := func(statement string) []Part {
		p := document(t, Resource, statement)
		report := p.Statements[0].Report(&r)
		assert.Same(t, &p.Statements[0], report.Statement)
		assert.Equal(t, p.Statements[0].Matches(&r), report.Matches())
		return report.Missed()
	}
	assert.Empty(t, report(`{'Effect':'Allow','Principal':'*','Action':'s3:Get*','Resource':'arn:aws:s3:::shop/*'}`))
	assert.Equal(t, []Part{
		{Name: "principal", Why: "its NotPrincipal " + theRole + " leaves out " + theRole},
		{Name: "action", Why: "its NotAction s3:* includes s3:GetObject"},
		{Name: "resource", Why: "its NotResource * includes arn:aws:s3:::shop/<key>"},
		{Name: "condition", Why: "its condition StringEquals aws:SourceVpc is x, the request has none"},
		{Name: "condition", Open: true, Why: "its condition StringEquals aws:TagKeys is a, the request has a, b: several values need ForAnyValue or ForAllValues"},
		{Name: "condition", Open: true, Why: "its condition StringNotEquals aws:Vpce is x, the request has <vpce>, and only a deployment tells"},
		{Name: "condition", Open: true, Why: "its condition NumericLessThan aws:Age is 9, the request has old, which cannot be compared"},
	}, report(`{'Effect':'Allow','NotPrincipal':{'AWS':'`+theRole+`'},'NotAction':'s3:*','NotResource':'*',
		'Condition':{'StringEquals':{'aws:SourceVpc':'x','aws:TagKeys':'a'},'StringNotEquals':{'aws:Vpce':'x'},'NumericLessThan':{'aws:Age':9}}}`))
}

// One more action in a statement on everything would be granted on everything.
func TestNoActionIsSuggestedForAStatementOnEverything(t *testing.T) {
	assume := func(resource string) Request {
		return Request{Principal: Principal{ARN: theRole}, Action: "sts:AssumeRole", Resource: resource}
	}
	list := Request{Principal: Principal{ARN: theRole}, Action: "s3:ListAllMyBuckets", Resource: "*"}
	deploy := "arn:aws:iam::222222222222:role/deploy"
	for name, tt := range map[string]struct {
		request  Request
		resource string
		extends  bool
	}{
		"on everything":                 {assume(deploy), `'Resource':'*'`, false},
		"on everything and more":        {assume(deploy), `'Resource':['*','` + deploy + `']`, false},
		"on all but something":          {assume(deploy), `'NotResource':'arn:aws:s3:::shop'`, false},
		"on the resource":               {assume(deploy), `'Resource':'` + deploy + `'`, true},
		"of an action without resource": {list, `'Resource':'*'`, true},
	} {
		t.Run(name, func(t *testing.T) {
			c := Case{Request: tt.request, Identity: attached(t, `{'Effect':'Allow','Action':'ec2:DescribeSubnets',`+tt.resource+`}`)}
			for _, a := range Explain(&c).Asked {
				if a.Kind == Identity {
					require.NotNil(t, a.Add)
					assert.Equal(t, tt.extends, a.Add.Extend != nil)
					assert.Equal(t, []string{tt.request.Resource}, a.Add.Statement.Resources)
				}
			}
		})
	}
}
