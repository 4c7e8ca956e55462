package proof_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/proof"
)

// delivery is a set as foldstack makes them: assets and images in the tooling account, a
// role that deploys in each target, and functions that read what they are deployed from.
type delivery struct {
	accounts  []string
	regions   []string
	admitted  []string // accounts that bucket and repository let in; all where nil
	functions int
	calls     int // that CloudFormation makes for a function beside its creation
}

func (d delivery) set(t testing.TB) *proof.Set {
	admitted := d.admitted
	if admitted == nil {
		admitted = d.accounts
	}
	var roots []estate.Root
	assets := document(t, "assets.yaml", storage(admitted))
	for _, r := range d.regions {
		roots = append(roots, place(assets, tools, r))
	}
	set := &proof.Set{Base: estateOf(t, roots...)}
	class := proof.Class{Name: "prod"}
	for _, a := range d.accounts {
		for _, r := range d.regions {
			class.Members = append(class.Members, proof.Member{Account: a, Region: r})
		}
	}
	stacks := []estate.Root{root(t, "deploy.yaml", account, region, roleWith("deploy", trustNobody,
		allow("s3:GetObject", "'arn:aws:s3:::assets-*'"), allow("["+strings.Join(d.actions(), ", ")+"]", "!Sub 'arn:aws:lambda:*:${AWS::AccountId}:function:shop-*'")))}
	for i := range d.functions {
		name := fmt.Sprintf("shop-f%d", i)
		stacks = append(stacks, root(t, name+".yaml", account, region, roleWith(name, trustNobody, allow("logs:PutLogEvents", "!Sub 'arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:"+name+":*'"))))
		class.Demands = append(class.Demands, deployed(i, name, d.actions())...)
	}
	class.Estate = estateOf(t, stacks...)
	set.Classes = []proof.Class{class}
	return set
}

// actions are what CloudFormation calls for each function.
func (d delivery) actions() []string {
	list := []string{"lambda:CreateFunction"}
	for i := range d.calls {
		list = append(list, fmt.Sprintf("lambda:Call%d", i))
	}
	return list
}

// deployed are the demands of one function.
func deployed(i int, name string, actions []string) []demand.Demand {
	here := region + ":" + account
	function := "arn:aws:lambda:" + here + ":function:" + name
	read := call(role(account, "deploy"), "s3:GetObject", fmt.Sprintf("arn:aws:s3:::assets-%s/functions/%064x.zip", region, i))
	read.Within = []string{"arn:aws:s3:::assets-*"}
	write := call(role(account, name), "logs:PutLogEvents", "arn:aws:logs:"+here+":log-group:"+name+":log-stream:x")
	write.Within = []string{"arn:aws:logs:" + here + ":log-group:" + name + ":*"}
	pull := narrowed(with(by("lambda.amazonaws.com", account, "ecr:BatchGetImage", "arn:aws:ecr:"+region+":"+tools+":repository/images"), "aws:sourcearn", function), "aws:sourcearn")
	pull.Leeway = authz.Context{"aws:sourcearn": {"arn:aws:lambda:" + here + ":function:shop-*"}}
	demands := []demand.Demand{read, write, pull}
	for _, action := range actions {
		d := call(role(account, "deploy"), action, function)
		d.Within = []string{"arn:aws:lambda:*:" + account + ":function:shop-*"}
		demands = append(demands, d)
	}
	for i := range demands {
		demands[i].Step = demand.Step{Environment: "prod", Stage: "prod"}
	}
	return demands
}

func storage(accounts []string) string {
	var sources []string
	for _, a := range accounts {
		sources = append(sources, "!Sub 'arn:aws:lambda:${AWS::Region}:"+a+":function:shop-*'")
	}
	quoted := "['" + strings.Join(accounts, "', '") + "']"
	return bucketWith("!Sub 'assets-${AWS::Region}'", allow("s3:GetObject", "!Sub '${Bucket.Arn}/*'", "Sid: Read", "Principal: {AWS: "+quoted+"}",
		"Condition: {ArnLike: {'aws:PrincipalArn': 'arn:aws:iam::*:role/deploy'}}")) + `
  Images:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: images
      RepositoryPolicyText: ` + policyOf("{Sid: Pull, Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'ecr:BatchGetImage', Condition: {ArnLike: {'aws:SourceArn': ["+strings.Join(sources, ", ")+"]}}}") + "\n"
}

func TestAClassIsProvedOnceAndWhatLeavesItForEachMember(t *testing.T) {
	p := proof.Prove(delivery{accounts: []string{first, second}, regions: []string{frank, virgin}, functions: 3}.set(t))
	assert.Equal(t, "", told(p))
	assert.Equal(t, []proof.Step{{Environment: "prod", Stage: "prod", Demands: 48, Met: 48}}, p.Steps, "three functions with four demands, in four targets")
	assert.Equal(t, 3*2+4*2, p.Questions(), "two for each function, and two for each target")
}

// Questions grow with functions plus targets, and not with their product.
func TestTheWorkGrowsWithTargetsPlusFunctions(t *testing.T) {
	ask := func(accounts, functions int) int {
		d := delivery{regions: []string{frank, virgin}, functions: functions}
		for i := range accounts {
			d.accounts = append(d.accounts, fmt.Sprintf("%012d", 200000000000+i))
		}
		return proof.Prove(d.set(t)).Questions()
	}
	few := ask(5, 10)
	assert.Equal(t, 5*2*2, ask(10, 10)-few, "five more accounts in two regions")
	assert.Equal(t, 10*2, ask(5, 20)-few, "ten more functions")
	assert.Equal(t, ask(10, 10)-few, ask(10, 20)-ask(5, 20), "an account costs the same beside more functions")
}

func TestTheSameHoleInManyTargetsIsOneChain(t *testing.T) {
	d := delivery{accounts: []string{first, second}, admitted: []string{first}, regions: []string{frank, virgin}, functions: 3}
	p := proof.Prove(d.set(t))
	require.Len(t, p.Unmet, 2, "reading the archive, pulling the image")
	read := p.Unmet[0]
	assert.Equal(t, "arn:aws:iam::333333333333:role/deploy may not s3:GetObject on arn:aws:s3:::assets-eu-central-1/functions/<digest>.zip", read.Sentence())
	assert.Equal(t, []proof.Member{{Account: second, Region: frank}, {Account: second, Region: virgin}}, read.Targets)
	assert.Equal(t, 6, read.Demands, "three functions in two targets")
	assert.Contains(t, told(p), ", and in 1 more target\n")
	pull := p.Unmet[1]
	assert.Equal(t, "lambda.amazonaws.com may not ecr:BatchGetImage on arn:aws:ecr:eu-central-1:111111111111:repository/images", pull.Sentence())
	assert.Contains(t, told(p), "function:shop-f0", "the hole is shown for a function that is there")
	assert.Equal(t, 36, p.Steps[0].Met)
	assert.Equal(t, 12, p.Steps[0].Unmet)
}

// What every target has by itself is grouped too.
func TestTheSameHoleInManyAccountsIsOneChain(t *testing.T) {
	d := document(t, "deploy.yaml", roleWith("deploy", trustNobody, allow("sqs:SendMessage", workQueue)))
	base := estateOf(t, place(d, first, frank), place(d, second, frank), place(document(t, "own.yaml", roleWith("own", trustNobody, allow("sqs:SendMessage", workQueue))), tools, frank))
	var demands []demand.Demand
	for _, a := range []string{first, second} {
		demands = append(demands, call(role(a, "deploy"), "cloudformation:CreateStack", "arn:aws:cloudformation:eu-central-1:"+a+":stack/x/1"))
	}
	demands = append(demands, call(role(tools, "own"), "cloudformation:CreateStack", "arn:aws:cloudformation:eu-central-1:111111111111:stack/x/1"))
	p := prove(base, demands...)
	require.Len(t, p.Unmet, 2, "the targets', and that of a template that stands alone")
	assert.Equal(t, []proof.Member{{Account: first, Region: frank}, {Account: second, Region: frank}}, p.Unmet[0].Targets)
	assert.Equal(t, "arn:aws:iam::111111111111:role/own", p.Unmet[1].Who)
}

// What one repository denies to one function is not lost among the others.
func TestADenyThatTellsFunctionsApartIsAskedAboutEach(t *testing.T) {
	d := delivery{accounts: []string{first}, regions: []string{frank}, functions: 3}
	set := d.set(t)
	set.Base = estateOf(t, root(t, "assets.yaml", tools, frank, strings.Replace(storage(d.accounts), "{Sid: Pull",
		"{Effect: Deny, Principal: '*', Action: 'ecr:*', Condition: {ArnLike: {'aws:SourceArn': 'arn:aws:lambda:*:*:function:shop-f1'}}}, {Sid: Pull", 1)))
	p := proof.Prove(set)
	require.Len(t, p.Unmet, 1)
	assert.Equal(t, authz.ExplicitDeny, p.Unmet[0].Verdict)
	assert.Equal(t, 1, p.Unmet[0].Demands)
	assert.Contains(t, told(p), "narrow statement 1 of repository policy of images, which denies it")
}

func TestAnOrganisationsPolicyForOneAccountIsAskedForItsTargetsOnly(t *testing.T) {
	set := delivery{accounts: []string{first, second}, regions: []string{frank}, functions: 1}.set(t)
	all, errs := authz.ParseJSON(authz.Organization, "FullAWSAccess", []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`), nil)
	require.Empty(t, errs)
	none, errs := authz.ParseJSON(authz.Organization, "NoFunctions", []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"lambda:*","Resource":"*"}}`), nil)
	require.Empty(t, errs)
	set.Levels = []proof.Level{{Policies: []*authz.Policy{all}}, {Accounts: []string{second}, Policies: []*authz.Policy{all, none}}}
	p := proof.Prove(set)
	require.Len(t, p.Unmet, 1)
	assert.Equal(t, "lambda:CreateFunction", p.Unmet[0].Action)
	assert.Equal(t, []proof.Member{{Account: second, Region: frank}}, p.Unmet[0].Targets)
	assert.Contains(t, told(p), "narrow statement 1 of NoFunctions, which denies it")
}

func BenchmarkProof(b *testing.B) {
	for _, size := range []struct{ accounts, functions int }{{10, 60}, {50, 60}, {10, 300}, {50, 300}} {
		b.Run(fmt.Sprintf("accounts=%d/functions=%d", size.accounts, size.functions), func(b *testing.B) {
			d := delivery{regions: []string{frank, virgin, "eu-west-1"}, functions: size.functions, calls: 80}
			for i := range size.accounts {
				d.accounts = append(d.accounts, fmt.Sprintf("%012d", 200000000000+i))
			}
			set := d.set(b)
			b.ReportAllocs()
			for b.Loop() {
				proof.Prove(set)
			}
		})
	}
}
