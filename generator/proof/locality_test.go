package proof_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/proof"
)

// sending is a class in two accounts and two regions of which a role may send to queues.
func sending(t *testing.T, regions []string, demands ...demand.Demand) *proof.Set {
	return sendingTo(t, "jobs", regions, demands...)
}

func sendingTo(t *testing.T, queue string, regions []string, demands ...demand.Demand) *proof.Set {
	resources := "!Sub 'arn:aws:sqs:" + strings.Join(regions, ":${AWS::AccountId}:"+queue+"', !Sub 'arn:aws:sqs:") + ":${AWS::AccountId}:" + queue + "'"
	class := proof.Class{Name: "prod", Demands: demands, Estate: estateOf(t, root(t, "roles.yaml", account, frank, roleWith("sender", trustNobody, allow("sqs:SendMessage", "["+resources+"]"))))}
	for _, a := range []string{first, second} {
		class.Members = append(class.Members, proof.Member{Account: a, Region: frank}, proof.Member{Account: a, Region: virgin})
	}
	return &proof.Set{Classes: []proof.Class{class}}
}

func send() demand.Demand {
	return call(role(account, "sender"), "sqs:SendMessage", "arn:aws:sqs:"+region+":"+account+":jobs")
}

func TestAGrantThatNamesTheRegionsOfItsTargetsServesAll(t *testing.T) {
	p := proof.Prove(sending(t, []string{frank, virgin}, send()))
	assert.Equal(t, "", told(p))
	assert.Equal(t, "", surplus(p))
	assert.Equal(t, 2, p.Questions(), "one for each region, not for each target")
	assert.Equal(t, 4, p.Steps[0].Met)
}

func TestAGrantThatForgetsARegionIsFoundForTheTargetsThere(t *testing.T) {
	p := proof.Prove(sending(t, []string{frank}, send()))
	require.Len(t, p.Unmet, 1)
	assert.Equal(t, []proof.Member{{Account: first, Region: virgin}, {Account: second, Region: virgin}}, p.Unmet[0].Targets)
	assert.Equal(t, 2, p.Steps[0].Met)
	assert.Equal(t, 2, p.Steps[0].Unmet)
}

func TestAGrantInARegionThatNothingNeedsIsSurplus(t *testing.T) {
	needed := call(role(account, "sender"), "sqs:SendMessage", "arn:aws:sqs:"+frank+":"+account+":jobs")
	assert.Contains(t, surplus(proof.Prove(sending(t, []string{frank, virgin}, needed))), "nothing needs sqs:SendMessage on arn:aws:sqs:us-east-1:<account>:jobs")
}

func TestWhatMustBeRefusedIsAskedInEachRegionThatAGrantNames(t *testing.T) {
	p := proof.Prove(sending(t, []string{virgin}, forbidden(send())))
	require.Len(t, p.Breached, 1)
	assert.Equal(t, []proof.Member{{Account: first, Region: virgin}, {Account: second, Region: virgin}}, p.Breached[0].Targets)
}

func TestWhatNoGrantTiesToARegionIsAskedOnce(t *testing.T) {
	other := call(role(account, "sender"), "sqs:ReceiveMessage", "arn:aws:sqs:"+region+":"+account+":jobs")
	p := proof.Prove(sending(t, []string{frank}, other))
	assert.Equal(t, 1, p.Questions())
	require.Len(t, p.Unmet, 1)
	assert.Len(t, p.Unmet[0].Targets, 4)
}

// Whoever asks names a target, and is told what holds there.
func TestAGrantThatNamesARegionIsExplainedForEachRegion(t *testing.T) {
	p := proof.Prove(sending(t, []string{frank}, send()))
	for region, verdict := range map[string]string{frank: "allowed", virgin: "allowed by no statement"} {
		c, err := p.Explain(role(first, "sender"), "sqs:SendMessage", "arn:aws:sqs:"+region+":"+first+":jobs")
		require.NoError(t, err)
		assert.Equal(t, verdict, string(c.Verdict), region)
	}
}

// A family that a grant treats by region is asked once for each, and each demand where
// that is not enough.
func TestAFamilyIsAskedInEachRegionThatAGrantNames(t *testing.T) {
	for _, c := range []struct {
		regions   []string
		questions int
	}{
		{[]string{frank, virgin}, 2},
		{[]string{frank}, 1 + 2},
	} {
		one, other := send(), send()
		other.Resource += "-late"
		for _, d := range []*demand.Demand{&one, &other} {
			d.Within = []string{"arn:aws:sqs:*:" + account + ":jobs*"}
		}
		together := one
		together.Family, together.Alike = "arn:aws:sqs:"+region+":"+account+":jobs*", []demand.Alike{{Called: &demand.Called{Resource: other.Resource, Within: other.Within}, Reason: &demand.Reason{Why: other.Why}}}
		a, b := proof.Prove(sendingTo(t, "jobs*", c.regions, one, other)), proof.Prove(sendingTo(t, "jobs*", c.regions, together))
		assert.Equal(t, c.questions, b.Questions())
		assert.Equal(t, a.Steps, b.Steps)
		assert.Equal(t, told(a), told(b))
		assert.Equal(t, surplus(a), surplus(b))
	}
}

// A policy of the organisation may name any target by its account or region.
func TestWhatAnOrganisationDeniesInOnePlaceIsFoundThere(t *testing.T) {
	for name, c := range map[string]struct {
		denied string
		want   []proof.Member
	}{
		"an account":           {`"Resource":"arn:aws:sqs:*:222222222222:*"`, []proof.Member{{Account: first, Region: frank}, {Account: first, Region: virgin}}},
		"a region":             {`"Resource":"arn:aws:sqs:us-east-1:*:*"`, []proof.Member{{Account: first, Region: virgin}, {Account: second, Region: virgin}}},
		"all but a region":     {`"NotResource":"arn:aws:sqs:us-east-1:*:*"`, []proof.Member{{Account: first, Region: frank}, {Account: second, Region: frank}}},
		"a role in an account": {`"Resource":"*","Condition":{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::333333333333:role/sender"}}`, []proof.Member{{Account: second, Region: frank}, {Account: second, Region: virgin}}},
	} {
		t.Run(name, func(t *testing.T) {
			set := sending(t, []string{frank, virgin}, send())
			level, errs := authz.ParseJSON(authz.Organization, "Limits", []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
				{"Effect":"Deny","Action":"sqs:*",`+c.denied+`}]}`), nil)
			require.Empty(t, errs)
			set.Levels = []proof.Level{{Policies: []*authz.Policy{level}}}
			p := proof.Prove(set)
			require.Len(t, p.Unmet, 1)
			assert.Equal(t, authz.ExplicitDeny, p.Unmet[0].Verdict)
			assert.Equal(t, c.want, p.Unmet[0].Targets)
		})
	}
}
