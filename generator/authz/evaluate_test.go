package authz

import (
	"testing"

	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/stretchr/testify/assert"
)

// cases is a table of cases and how they end.
type cases []struct {
	name string
	c    Case
	want Verdict
}

func (all cases) run(t *testing.T) {
	t.Helper()
	for _, c := range all {
		t.Run(c.name, func(t *testing.T) {
			got := Evaluate(&c.c)
			assert.Equal(t, c.want, got.Verdict, "%s", Explain(&c.c))
			switch got.Verdict {
			case ImplicitDeny:
				assert.Empty(t, got.By)
				assert.NotEmpty(t, got.Missing)
			default:
				assert.Empty(t, got.Missing)
			}
		})
	}
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
func TestCarlosMayDoWhatTheGuideSays(t *testing.T) {
	policies := attached(t,
		`{'Sid':'AllowS3ListRead','Effect':'Allow','Action':['s3:GetBucketLocation','s3:GetAccountPublicAccessBlock','s3:ListAccessPoints','s3:ListAllMyBuckets'],'Resource':'arn:aws:s3:::*'}`,
		`{'Sid':'AllowS3Self','Effect':'Allow','Action':'s3:*','Resource':['arn:aws:s3:::shop-carlos/*','arn:aws:s3:::shop-carlos']}`,
		`{'Sid':'DenyS3Logs','Effect':'Deny','Action':'s3:*','Resource':'arn:aws:s3:::*log*'}`)
	bucket := onResource(t, `{'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::111111111111:user/carlos'},'Action':'s3:*','Resource':['arn:aws:s3:::shop-carlos-logs/*','arn:aws:s3:::shop-carlos-logs']}`)
	ask := func(action, on string) Case {
		return Case{Request: Request{Principal: Principal{ARN: theUser}, Action: action, Resource: on}, Identity: policies}
	}
	logs := ask("s3:PutObject", "arn:aws:s3:::shop-carlos-logs/1")
	logs.Resource = bucket
	cases{
		{"his own bucket", ask("s3:PutObject", "arn:aws:s3:::shop-carlos/1"), Allowed},
		{"the list of buckets", ask("s3:ListAllMyBuckets", "arn:aws:s3:::*"), Allowed},
		{"another bucket", ask("s3:PutObject", "arn:aws:s3:::shop/1"), ImplicitDeny},
		{"logs, which the bucket allows and he is denied", logs, ExplicitDeny},
	}.run(t)
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
func TestWithinAnAccountItMattersWhomTheResourceNames(t *testing.T) {
	limited := func(c Case) Case {
		c.Boundary = []*Policy{document(t, Boundary, allowQueue)}
		return c
	}
	inSession := func(c Case) Case {
		c.Principal.Session = "s1"
		c.Session = []*Policy{document(t, Session, allowQueue)}
		return c
	}
	by := func(who, principal string) Case {
		return Case{Request: reads(who, here), Resource: onResource(t, grants(principal))}
	}
	session := aws("arn:aws:sts::111111111111:assumed-role/reader/s1")
	cases{
		{"identity alone", Case{Request: reads(theRole, here), Identity: attached(t, allowRead)}, Allowed},
		{"the role by its ARN", by(theRole, aws(theRole)), Allowed},
		{"the role, limited by a boundary", limited(by(theRole, aws(theRole))), ImplicitDeny},
		{"the role, limited by a session policy", inSession(by(theRole, aws(theRole))), ImplicitDeny},
		{"the session, which nothing limits", inSession(limited(by(theRole, session))), Allowed},
		{"another session", func() Case { c := inSession(by(theRole, session)); c.Principal.Session = "s2"; return c }(), ImplicitDeny},
		{"an ARN of a session that names none", by(theRole, aws("arn:aws:sts::111111111111:assumed-role/reader")), ImplicitDeny},
		{"a session, where any is meant", by(theRole, session), ImplicitDeny},
		{"the user, whom no boundary limits", limited(by(theUser, aws(theUser))), Allowed},
		{"everybody, whom no boundary limits", limited(by(theRole, `'*'`)), Allowed},
		{"everybody of AWS", by(theRole, aws("*")), Allowed},
		{"the account, which leaves it to identity policies", by(theRole, aws(theRoot)), ImplicitDeny},
		{"the account by its id", by(theRole, aws(here)), ImplicitDeny},
		{"the account, and identity allows", func() Case { c := by(theRole, aws(here)); c.Identity = attached(t, allowRead); return c }(), Allowed},
		{"another account", by(theRole, aws(elsewhere)), ImplicitDeny},
		{"another role", by(theRole, aws("arn:aws:iam::111111111111:role/reader")), ImplicitDeny},
		{"a service", by(theRole, `{'Service':'s3.amazonaws.com'}`), ImplicitDeny},
		{"a role that was deleted", by(theRole, aws("AROAEXAMPLEEXAMPLE12")), ImplicitDeny},
		{"somebody federated", by(theRole, `{'Federated':'cognito-identity.amazonaws.com'}`), ImplicitDeny},
		{"the root user, who may do everything", Case{Request: reads(theRoot, here)}, Allowed},
	}.run(t)
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
func TestAcrossAccountsBothSidesMustAllow(t *testing.T) {
	both := func(principal string, statements ...string) Case {
		c := Case{Request: reads(theRole, elsewhere), Resource: onResource(t, grants(principal))}
		if len(statements) > 0 {
			c.Identity = attached(t, statements...)
		}
		return c
	}
	limited := both(aws(theRole), allowRead)
	limited.Boundary = []*Policy{document(t, Boundary, allowQueue)}
	cases{
		{"the role and its policy", both(aws(theRole), allowRead), Allowed},
		{"the account and the role's policy", both(aws(here), allowRead), Allowed},
		{"everybody and the role's policy", both(`'*'`, allowRead), Allowed},
		{"the role without a policy", both(aws(theRole)), ImplicitDeny},
		{"everybody without a policy", both(`'*'`), ImplicitDeny},
		{"a policy where the resource names another", both(aws("333333333333"), allowRead), ImplicitDeny},
		{"the resource's account, which is not the caller's", both(aws(elsewhere), allowRead), ImplicitDeny},
		{"a resource without a policy", Case{Request: reads(theRole, elsewhere), Identity: attached(t, allowRead)}, ImplicitDeny},
		{"a boundary that does not", limited, ImplicitDeny},
		{"a denial on the other side", func() Case {
			c := both(aws(theRole), allowRead)
			c.Resource = append(c.Resource, onResource(t, `{'Effect':'Deny','Principal':'*','Action':'s3:*','Resource':'*'}`)...)
			return c
		}(), ExplicitDeny},
		{"the root user of the caller's account", func() Case { c := both(aws(here)); c.Principal.ARN = theRoot; return c }(), Allowed},
	}.run(t)
}

func TestADenyWinsWhereverItStands(t *testing.T) {
	deniedByResource := `{'Effect':'Deny','Principal':'*','Action':'s3:*','Resource':'*'}`
	base := func(change func(*Case)) Case {
		c := Case{
			Request: reads(theRole, here), Identity: attached(t, allowAll), Resource: onResource(t, grants(`'*'`)),
			Organization: [][]*Policy{{document(t, Organization, allowAll)}},
		}
		change(&c)
		return c
	}
	cases{
		{"nowhere", base(func(*Case) {}), Allowed},
		{"in an identity policy", base(func(c *Case) { c.Identity = append(c.Identity, attached(t, denyRead)...) }), ExplicitDeny},
		{"in the resource's", base(func(c *Case) { c.Resource = append(c.Resource, onResource(t, deniedByResource)...) }), ExplicitDeny},
		{"in the boundary", base(func(c *Case) { c.Boundary = []*Policy{document(t, Boundary, allowAll, denyRead)} }), ExplicitDeny},
		{"in a session policy", base(func(c *Case) { c.Session = []*Policy{document(t, Session, allowAll, denyRead)} }), ExplicitDeny},
		{"in an organisation's", base(func(c *Case) { c.Organization[0] = append(c.Organization[0], document(t, Organization, denyRead)) }), ExplicitDeny},
	}.run(t)
}

// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
func TestEachLevelOfAnOrganisationMustAllow(t *testing.T) {
	level := func(statements ...string) []*Policy { return []*Policy{document(t, Organization, statements...)} }
	c := func(levels ...[]*Policy) Case {
		return Case{Request: reads(theRole, here), Identity: attached(t, allowRead), Organization: levels}
	}
	called := Case{
		Request:  Request{Principal: Principal{Service: "events.amazonaws.com"}, Action: "sqs:SendMessage", Resource: "arn:aws:sqs:eu-central-1:111111111111:q"},
		Resource: onResource(t, `{'Effect':'Allow','Principal':{'Service':'events.amazonaws.com'},'Action':'sqs:SendMessage','Resource':'*'}`), Organization: [][]*Policy{level(allowRead)},
	}
	cases{
		{"root, unit and account do", c(level(allowAll), level(allowAll), level(allowRead)), Allowed},
		{"the unit does not", c(level(allowAll), level(allowQueue), level(allowAll)), ImplicitDeny},
		{"the account has none", c(level(allowAll), []*Policy{}), ImplicitDeny},
		{"there is no organisation", c(), Allowed},
		{"a service calls, which is in no account", called, Allowed},
	}.run(t)
}

// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
func TestOnlyWhomTheTrustPolicyNamesAssumesARole(t *testing.T) {
	assume := func(who Principal, principal string, statements ...string) Case {
		c := Case{
			Request:  Request{Principal: who, Action: "sts:AssumeRole", Resource: theTarget},
			Resource: []*Policy{document(t, Trust, trusts(principal))},
		}
		if len(statements) > 0 {
			c.Identity = attached(t, statements...)
		}
		return c
	}
	role, foreign := Principal{ARN: theRole}, Principal{ARN: "arn:aws:iam::222222222222:role/pipeline"}
	conditioned := func(who Principal) Case {
		c := assume(who, aws("*"), allowAll)
		c.Resource = []*Policy{document(t, Trust, `{'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::222222222222:root'},'Action':'sts:AssumeRole',
			'Condition':{'ArnEquals':{'aws:PrincipalArn':'arn:aws:iam::222222222222:role/pipeline'}}}`)}
		return c
	}
	cases{
		{"the role by name needs no policy of its own", assume(role, aws(theRole)), Allowed},
		{"the account and a policy", assume(role, aws(theRoot), allowAll), Allowed},
		{"the account without a policy", assume(role, aws(theRoot)), ImplicitDeny},
		{"a policy without trust", assume(role, aws(elsewhere), allowAll), ImplicitDeny},
		{"another account and a policy", assume(foreign, aws(elsewhere), allowAll), Allowed},
		{"another account without a policy", assume(foreign, aws(elsewhere)), ImplicitDeny},
		{"another account's role, by name, without a policy", assume(foreign, aws(foreign.ARN)), ImplicitDeny},
		{"the account under a condition on the role", conditioned(foreign), Allowed},
		{"the account under a condition on another role", conditioned(Principal{ARN: "arn:aws:iam::222222222222:role/other"}), ImplicitDeny},
		{"a service", assume(Principal{Service: "lambda.amazonaws.com"}, `{'Service':'lambda.amazonaws.com'}`), Allowed},
		{"another service", assume(Principal{Service: "events.amazonaws.com"}, `{'Service':'lambda.amazonaws.com'}`), ImplicitDeny},
	}.run(t)
}

// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
func TestAKeyIsUsedByWhomItsPolicyLetsIn(t *testing.T) {
	decrypt := func(who, principal string, statements ...string) Case {
		c := Case{Request: Request{Principal: Principal{ARN: who}, Action: "kms:Decrypt", Resource: theKey}}
		if principal != "" {
			c.Resource = onResource(t, grants(principal))
		}
		if len(statements) > 0 {
			c.Identity = attached(t, statements...)
		}
		return c
	}
	foreign := "arn:aws:iam::222222222222:role/deploy"
	create := decrypt(theRole, "", allowAll)
	create.Action, create.Request.Resource = "kms:CreateKey", "*"
	cases{
		{"the account is open and identity allows", decrypt(theRole, aws(theRoot), allowAll), Allowed},
		{"the account is open and identity does not", decrypt(theRole, aws(theRoot)), ImplicitDeny},
		{"the account is not open: identity policies do not count", decrypt(theRole, aws(elsewhere), allowAll), ImplicitDeny},
		{"the key has no policy that anybody knows", decrypt(theRole, "", allowAll), ImplicitDeny},
		{"the role is named", decrypt(theRole, aws(theRole)), Allowed},
		{"the root user is not above the key's policy", decrypt(theRoot, aws(theRole)), ImplicitDeny},
		{"the root user of an open account", decrypt(theRoot, aws(theRoot)), Allowed},
		{"the other account is let in and its role allowed", decrypt(foreign, aws(elsewhere), allowAll), Allowed},
		{"the other account was forgotten", decrypt(foreign, aws(theRoot), allowAll), ImplicitDeny},
		{"the other account's role is not allowed there", decrypt(foreign, aws(foreign)), ImplicitDeny},
		{"what is not about a key is not the key's to say", create, Allowed},
	}.run(t)
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
func TestNotPrincipalLeavesOutWhomItNamesWithTheAccount(t *testing.T) {
	denies := func(named string) Case {
		return Case{
			Request: reads(theRole, here), Identity: attached(t, allowRead),
			Resource: onResource(t, `{'Effect':'Deny','NotPrincipal':{'AWS':[`+named+`]},'Action':'s3:*','Resource':'*'}`),
		}
	}
	bounded := denies(`'` + theRole + `','` + theRoot + `'`)
	bounded.Boundary = []*Policy{document(t, Boundary, allowAll)}
	allows := func(named string) Case {
		return Case{Request: reads(theRole, here), Resource: onResource(t, `{'Effect':'Allow','NotPrincipal':`+named+`,'Action':'s3:*','Resource':'*'}`)}
	}
	called := denies(`'` + theRole + `'`)
	called.Principal = Principal{Service: "s3.amazonaws.com"}
	cases{
		{"role and account", denies(`'` + theRole + `','` + theRoot + `'`), Allowed},
		{"role and account by its id", denies(`'` + theRole + `','` + here + `'`), Allowed},
		{"the role alone", denies(`'` + theRole + `'`), ExplicitDeny},
		{"the account alone", denies(`'` + theRoot + `'`), ExplicitDeny},
		{"another role of the account", denies(`'` + theTarget + `','` + theRoot + `'`), ExplicitDeny},
		{"role and account of one that has a boundary", bounded, ExplicitDeny},
		{"a service that is not named", called, ExplicitDeny},
		{"all but another account are allowed", allows(aws(elsewhere)), Allowed},
		{"all but the role are allowed", allows(aws(theRole)), ImplicitDeny},
		{"all but its account are allowed", allows(aws(here)), ImplicitDeny},
	}.run(t)
}

func TestAServiceIsAskedByTheResourceAlone(t *testing.T) {
	call := func(principal, condition string) Case {
		return Case{
			Request: Request{
				Principal: Principal{Service: "s3.amazonaws.com", Account: here}, Action: "lambda:InvokeFunction",
				Resource: "arn:aws:lambda:eu-central-1:222222222222:function:f", Context: Context{"aws:sourcearn": {"arn:aws:s3:::shop"}},
			},
			Resource: onResource(t, `{'Effect':'Allow','Principal':`+principal+`,'Action':'lambda:InvokeFunction','Resource':'*','Condition':`+condition+`}`),
		}
	}
	cases{
		{"named", call(`{'Service':'s3.amazonaws.com'}`, `{}`), Allowed},
		{"among others", call(`{'Service':['sns.amazonaws.com','s3.amazonaws.com']}`, `{}`), Allowed},
		{"everybody", call(`'*'`, `{}`), Allowed},
		{"the account for which it calls", call(aws(here), `{}`), ImplicitDeny},
		{"for its bucket", call(`{'Service':'s3.amazonaws.com'}`, `{'ArnLike':{'aws:SourceArn':'arn:aws:s3:::shop'},'StringEquals':{'aws:SourceAccount':'111111111111'}}`), Allowed},
		{"for another's bucket", call(`{'Service':'s3.amazonaws.com'}`, `{'StringEquals':{'aws:SourceAccount':'222222222222'}}`), ImplicitDeny},
		{"as the service that it is", call(`'*'`, `{'StringEquals':{'aws:PrincipalServiceName':'s3.amazonaws.com'},'Bool':{'aws:PrincipalIsAWSService':'true'}}`), Allowed},
	}.run(t)
}

func TestStatementsMayNameWhatTheyAreNotAbout(t *testing.T) {
	c := func(statements ...string) Case {
		return Case{Request: reads(theRole, here), Identity: attached(t, statements...)}
	}
	cases{
		// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
		{"all but deletion", c(`{'Effect':'Allow','NotAction':'s3:DeleteBucket','Resource':'arn:aws:s3:::*'}`), Allowed},
		{"all but reading", c(`{'Effect':'Allow','NotAction':['S3:get*','iam:*'],'Resource':'*'}`), ImplicitDeny},
		{"denied but for IAM", c(allowRead, `{'Effect':'Deny','NotAction':'iam:*','Resource':'*'}`), ExplicitDeny},
		// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html
		{"denied outside of the bucket", c(allowRead, `{'Effect':'Deny','Action':'s3:*','NotResource':['arn:aws:s3:::shop','arn:aws:s3:::shop/*']}`), Allowed},
		{"denied outside of another", c(allowRead, `{'Effect':'Deny','Action':'s3:*','NotResource':'arn:aws:s3:::other/*'}`), ExplicitDeny},
	}.run(t)
}

func TestASymbolIsWhatItIsAndNothingElse(t *testing.T) {
	account := symbol.New("account")
	role := "arn:aws:iam::" + account + ":role/deploy"
	ask := func(statements ...Statement) Case {
		return Case{
			Request:  Request{Principal: Principal{ARN: role}, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/" + symbol.New("key"), Owner: account},
			Identity: []*Policy{New(Identity, "", "2012-10-17", statements, nil)},
		}
	}
	read := func(effect, on string, conditions ...Condition) Statement {
		s := Statement{Actions: []string{"s3:GetObject"}, Resources: []string{on}, Conditions: conditions, Effect: "Allow"}
		if effect == "Deny" {
			s.Effect = "Deny"
		}
		return s
	}
	cond := func(operator, key, value string) Condition { return Condition{operator, key, []string{value}} }
	cases{
		{"an asterisk stands for it", ask(read("Allow", "arn:aws:s3:::b/*")), Allowed},
		{"it stands for itself", ask(read("Allow", "arn:aws:s3:::b/"+symbol.New("key"))), Allowed},
		{"another does not", ask(read("Allow", "arn:aws:s3:::b/"+symbol.New("other"))), ImplicitDeny},
		{"it equals itself", ask(read("Allow", "*", cond("StringEquals", "aws:PrincipalAccount", account))), Allowed},
		{"it equals no id", ask(read("Allow", "*", cond("StringEquals", "aws:PrincipalAccount", here))), ImplicitDeny},
		{"it differs from no id", ask(read("Allow", "*", cond("StringNotEquals", "aws:PrincipalAccount", here))), ImplicitDeny},
		{"it does not differ from itself", ask(read("Allow", "*", cond("StringNotEquals", "aws:PrincipalAccount", account))), ImplicitDeny},
		{"nor does a denial", ask(read("Allow", "*"), read("Deny", "*", cond("StringNotEquals", "aws:PrincipalAccount", here))), Allowed},
		{"a negated pattern for it is not met", ask(read("Allow", "*"), read("Deny", "*", cond("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/deploy"))), Allowed},
		{"it is no number", ask(read("Allow", "*", cond("NumericGreaterThan", "aws:PrincipalAccount", "1"))), ImplicitDeny},
		{"a variable stands for it", ask(read("Allow", "arn:aws:s3:::b/*", cond("ArnLike", "aws:PrincipalArn", "arn:aws:iam::${aws:PrincipalAccount}:role/*"))), Allowed},
	}.run(t)
}

func TestADecisionNamesWhatItRestsOn(t *testing.T) {
	c := Case{
		Request: reads(theRole, elsewhere), Identity: attached(t, allowQueue, allowRead), Resource: onResource(t, grants(aws(here))),
		Boundary: []*Policy{document(t, Boundary, allowAll)}, Organization: [][]*Policy{{document(t, Organization, allowAll)}},
	}
	assert.Equal(t, []Match{
		{Organization, &c.Organization[0][0].Statements[0]},
		{Resource, &c.Resource[0].Statements[0]},
		{Identity, &c.Identity[0].Statements[1]},
		{Boundary, &c.Boundary[0].Statements[0]},
	}, Evaluate(&c).By)
	c.Identity, c.Resource = nil, nil
	assert.Equal(t, []Kind{Resource, Identity}, Evaluate(&c).Missing)
	c.Identity = attached(t, denyRead)
	assert.Equal(t, []Match{{Identity, &c.Identity[0].Statements[0]}}, Evaluate(&c).By)
}

func TestTheOwnerOfAResourceIsReadFromItsARN(t *testing.T) {
	queue := Request{Principal: Principal{ARN: theRole}, Action: "sqs:SendMessage", Resource: "arn:aws:sqs:eu-central-1:222222222222:q"}
	cases{
		{"another account's", Case{Request: queue, Identity: attached(t, allowQueue)}, ImplicitDeny},
		{"where the ARN has none, the caller's", Case{Request: reads(theRole, ""), Identity: attached(t, allowRead)}, Allowed},
		{"where it is told, that", Case{Request: reads(theRole, elsewhere), Identity: attached(t, allowRead)}, ImplicitDeny},
	}.run(t)
}

func TestAStatementPutTogetherByHandIsReadWhenItIsAsked(t *testing.T) {
	r := reads(theRole, here)
	s := Statement{Effect: "Allow", Actions: []string{"s3:Get*"}, Resources: []string{"arn:aws:s3:::shop/*"}}
	assert.True(t, s.Matches(&r))
	s.Resources = []string{"arn:aws:s3:::other/*"}
	assert.False(t, s.Matches(&r))
	p := &Policy{Kind: Identity, Statements: []Statement{{Effect: "Allow", Actions: []string{"s3:Get*"}, Resources: []string{"*"}}}}
	assert.Equal(t, Allowed, Evaluate(&Case{Request: r, Identity: []*Policy{p}}).Verdict)
}
