package proof_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/proof"
	"github.com/foldstack/foldstack/generator/template"
)

func where(condition string) string { return "Condition: {" + condition + "}" }

// reading asks whether a role may read from a bucket of its account.
func reading(t *testing.T, statements ...string) *proof.Proof {
	t.Helper()
	base := estateOf(t, root(t, "bucket.yaml", first, frank, bucketWith("assets", statements...)),
		root(t, "work.yaml", first, frank, roleWith("work", trustNobody, allow("sqs:SendMessage", workQueue))))
	d := call(role(first, "work"), "s3:GetObject", "arn:aws:s3:::assets/x")
	d.Within = []string{"arn:aws:s3:::assets/*"}
	return prove(base, with(d, "aws:securetransport", "true"))
}

func bucketStatement(effect string, more ...string) string {
	return "{" + strings.Join(append([]string{"Effect: " + effect, "Principal: {AWS: 'arn:aws:iam::222222222222:role/work'}", "Action: s3:GetObject", "Resource: 'arn:aws:s3:::assets/*'"}, more...), ", ") + "}"
}

func TestWhatDependsOnAKeyThatNobodyHereKnowsIsUnproved(t *testing.T) {
	allowed := bucketStatement("Allow")
	for name, tt := range map[string]struct {
		statements []string
		remark     string
	}{
		"an Allow":                     {[]string{bucketStatement("Allow", where("StringEquals: {'aws:PrincipalOrgID': o-1}"))}, "it depends on aws:PrincipalOrgID, which is not known here"},
		"a Deny by a negated operator": {[]string{allowed, bucketStatement("Deny", where("StringNotEquals: {'aws:PrincipalOrgID': o-1}"))}, "it depends on aws:PrincipalOrgID, which is not known here"},
		"a Deny that asks IfExists":    {[]string{allowed, bucketStatement("Deny", where("StringNotEqualsIfExists: {'aws:SourceVpce': vpce-1}"))}, "it depends on aws:SourceVpce, which is not known here"},
		"a Deny that asks for absence": {[]string{allowed, bucketStatement("Deny", where("'Null': {'aws:SourceVpc': true}"))}, "it depends on aws:SourceVpc, which is not known here"},
		"an Allow that asks Bool":      {[]string{bucketStatement("Allow", where("Bool: {'aws:ViaAWSService': true}"))}, "it depends on aws:ViaAWSService, which is not known here"},
		"a key on which nothing depends beside": {
			[]string{
				bucketStatement("Allow", where("StringEquals: {'aws:PrincipalOrgID': o-1}")),
				bucketStatement("Deny", where("StringEquals: {'aws:SourceVpc': vpc-1}")),
				strings.Replace(bucketStatement("Allow", where("StringEquals: {'aws:SourceVpce': vpce-1}")), "GetObject", "PutObject", 1),
			},
			"it depends on aws:PrincipalOrgID, which is not known here",
		},
		"two keys": {
			[]string{bucketStatement("Allow", where("StringEquals: {'aws:PrincipalOrgID': o-1}, Bool: {'aws:SecureTransport': true}")), bucketStatement("Deny", where("StringNotEquals: {'aws:PrincipalTag/team': shop}"))},
			"it depends on aws:PrincipalOrgID, aws:PrincipalTag/team, which are not known here",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := reading(t, tt.statements...)
			assert.Empty(t, p.Unmet)
			require.Len(t, p.Unproved, 1)
			assert.Equal(t, []string{tt.remark}, p.Unproved[0].Remarks)
			assert.Equal(t, 1, p.Steps[0].Unproved)
			assert.Contains(t, told(p), "permission-unproved")
		})
	}
}

func TestWhatIsRefusedWhateverUnknownKeysSayIsUnmet(t *testing.T) {
	member := where("StringEquals: {'aws:PrincipalOrgID': o-1}")
	for name, statements := range map[string][]string{
		"another action":               {strings.Replace(bucketStatement("Allow", member), "s3:GetObject", "s3:PutObject", 1)},
		"another principal":            {strings.Replace(bucketStatement("Allow", member), "role/work", "role/other", 1)},
		"a known key beside":           {bucketStatement("Allow", where("StringEquals: {'aws:PrincipalOrgID': o-1}, Bool: {'aws:SecureTransport': false}"))},
		"a Deny of its own":            {bucketStatement("Allow", member), bucketStatement("Deny")},
		"a key that the caller misses": {bucketStatement("Allow", where("StringEquals: {'aws:username': carlos}"))},
		"what is known to differ":      {bucketStatement("Allow", member), bucketStatement("Deny", where("StringEquals: {'aws:PrincipalAccount': '222222222222'}"))},
	} {
		t.Run(name, func(t *testing.T) {
			p := reading(t, statements...)
			assert.Empty(t, p.Unproved)
			assert.Len(t, p.Unmet, 1)
		})
	}
}

func TestADenialUnderAKeyThatTheRequestDoesNotHaveLeavesItMet(t *testing.T) {
	p := reading(t, bucketStatement("Allow"), bucketStatement("Deny", where("StringEquals: {'aws:PrincipalOrgID': o-1}")))
	assert.Equal(t, "", told(p), "a request without the key is not denied")
}

func TestAnOrganisationsConditionOnAnUnknownKeyLeavesDemandsUnproved(t *testing.T) {
	policy, errs := authz.ParseJSON(authz.Organization, "Perimeter", []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
		{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:ResourceOrgID":"o-1"}}}]}`), nil)
	require.Empty(t, errs)
	set := creating(t, 20, true, []string{allow("lambda:UpdateFunctionCode", functions)})
	set.Levels = []proof.Level{{Policies: []*authz.Policy{policy}}}
	alone := creating(t, 20, false, []string{allow("lambda:UpdateFunctionCode", functions)})
	alone.Levels = set.Levels
	together := proof.Prove(set)
	assert.Empty(t, together.Unmet)
	require.Len(t, together.Unproved, 1)
	assert.Equal(t, 20, together.Unproved[0].Demands)
	assert.Equal(t, []string{"it depends on aws:ResourceOrgID, which is not known here"}, together.Unproved[0].Remarks)
	assert.Equal(t, told(proof.Prove(alone)), told(together), "a family is split as its members are")
}

// One member may be refused while the others depend on a key.
func TestAFamilyIsSplitByWhatDependsOnAKey(t *testing.T) {
	statements := []string{allow("lambda:UpdateFunctionCode", functions, where("StringEquals: {'aws:ResourceTag/team': shop}")), denyOne}
	p := proof.Prove(creating(t, 20, true, statements))
	require.Len(t, p.Unproved, 1)
	require.Len(t, p.Unmet, 1)
	assert.Equal(t, 19, p.Unproved[0].Demands)
	assert.Equal(t, 1, p.Unmet[0].Demands)
}

// What foldstack generates rests on keys that demands carry: one that is missing there is
// a defect.
func TestWhatFoldstackGeneratesGetsNoBenefitOfTheDoubt(t *testing.T) {
	d := document(t, "work.yaml", roleWith("work", trustNobody, allow("sqs:SendMessage", workQueue, where("StringEquals: {'aws:PrincipalOrgID': o-1}"))))
	for i, e := range d.Resources {
		d.Resources[i] = template.Entry{Name: e.Name, Value: e.Value, Place: diag.Place{File: "shop.yaml", Line: 1, Column: 1}}
	}
	p := prove(estateOf(t, place(d, first, frank)), call(role(first, "work"), "sqs:SendMessage", "arn:aws:sqs:eu-central-1:222222222222:work"))
	assert.Empty(t, p.Unproved)
	assert.Len(t, p.Unmet, 1)
}

func TestAPolicyOfAResourceHasNoSayInTheCallThatMakesIt(t *testing.T) {
	ask := func(action string) *proof.Proof {
		base := estateOf(t, root(t, "bucket.yaml", first, frank, bucketWith("assets", "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::assets'}")),
			root(t, "deploy.yaml", first, frank, roleWith("deploy", trustNobody, allow("['s3:CreateBucket', 's3:PutBucketTagging']", "'arn:aws:s3:::assets'"))))
		return prove(base, call(role(first, "deploy"), action, "arn:aws:s3:::assets"))
	}
	assert.Equal(t, "", told(ask("s3:CreateBucket")))
	assert.Len(t, ask("s3:PutBucketTagging").Unmet, 1, "later it has")
}
