package stack_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/awslabs/goformation/v7/cloudformation/ecr"
	"github.com/awslabs/goformation/v7/cloudformation/iam"
	"github.com/awslabs/goformation/v7/cloudformation/kms"
	"github.com/awslabs/goformation/v7/cloudformation/s3"
	"github.com/awslabs/goformation/v7/cloudformation/sns"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/stack"
)

// baseStacks are the stacks of the tooling account by file name.
func baseStacks(t *testing.T, p *model.Project) map[string]*cfn.Template {
	t.Helper()
	var problems diag.Problems
	tooling, err := stack.Tooling(p, &problems)
	require.NoError(t, err)
	region, err := stack.Region(p, &problems)
	require.NoError(t, err)
	pipeline, err := stack.Pipeline(p, 1, &problems)
	require.NoError(t, err)
	require.Empty(t, problems.Sorted())
	stacks := map[string]*cfn.Template{"tooling": tooling, "pipeline": pipeline}
	if region != nil {
		stacks["region"] = region
	}
	return stacks
}

// written is a policy document, who holds it and what kind it is.
type written struct {
	holder   string
	kind     string // inline, managed, trust, key, bucket, repository or topic
	document policy.Document
}

func policiesOf(template *cfn.Template) []written {
	var list []written
	add := func(holder, kind string, document any) {
		list = append(list, written{holder, kind, document.(policy.Document)})
	}
	for _, r := range template.Resources {
		switch properties := r.Properties.(type) {
		case *iam.Role:
			add(r.ID, "trust", properties.AssumeRolePolicyDocument)
			for _, inline := range properties.Policies {
				add(r.ID, "inline", inline.PolicyDocument)
			}
		case *iam.ManagedPolicy:
			add(r.ID, "managed", properties.PolicyDocument)
		case *kms.Key:
			add(r.ID, "key", properties.KeyPolicy)
		case *kms.ReplicaKey:
			add(r.ID, "key", properties.KeyPolicy)
		case *s3.BucketPolicy:
			add(r.ID, "bucket", properties.PolicyDocument)
		case *ecr.Repository:
			add(r.ID, "repository", properties.RepositoryPolicyText)
		case *sns.TopicPolicy:
			add(r.ID, "topic", properties.PolicyDocument)
		}
	}
	return list
}

// allowed is what a role of the tooling stack is allowed, from all its policies.
func allowed(t *testing.T, template *cfn.Template, id string) []policy.Statement {
	t.Helper()
	var statements []policy.Statement
	for _, w := range policiesOf(template) {
		if (w.kind == "inline" || w.kind == "managed") && (w.holder == id || strings.HasPrefix(w.holder, id+"Policy")) {
			statements = append(statements, w.document.Statements...)
		}
	}
	require.NotEmpty(t, statements, id)
	return statements
}

func TestPoliciesKeepTheirLimitsWithAnyNumberOfAccounts(t *testing.T) {
	limits := map[string]int{
		"inline": policy.MaxInline, "managed": policy.MaxManaged, "trust": policy.MaxTrust, "key": policy.MaxKey,
		"bucket": policy.MaxBucket, "repository": policy.MaxRepository, "topic": 30000,
	}
	for _, accounts := range []int{1, 50, 120, 300} {
		p := many(accounts)
		p.Name = strings.Repeat("p", model.MaxProjectName)
		p.Environments[1].Name = strings.Repeat("e", model.MaxEnvironmentName)
		for name, template := range baseStacks(t, p) {
			for _, w := range policiesOf(template) {
				assert.LessOrEqual(t, policy.Size(w.document), limits[w.kind], "%d accounts: the %s policy of %s in %s", accounts, w.kind, w.holder, name)
			}
			for _, r := range template.Resources {
				if role, ok := r.Properties.(*iam.Role); ok {
					assert.LessOrEqual(t, len(role.ManagedPolicyArns), 10, "%d accounts: %s", accounts, r.ID)
				}
			}
		}
	}
}

func TestTheAssumedRolesAreTheSameHoweverManyPoliciesHoldThem(t *testing.T) {
	for _, accounts := range []int{1, 50, 300} {
		template := baseStacks(t, many(accounts))["tooling"]
		var assumed []string
		for _, s := range allowed(t, template, "PipelineRole") {
			if slices.Contains(s.Actions, "sts:AssumeRole") {
				assumed = append(assumed, s.Resources...)
			}
		}
		// The update role, dev's one account and prod's.
		assert.Len(t, slices.Compact(slices.Sorted(slices.Values(assumed))), 2+accounts)
	}
}

func TestMoreAccountsThanAPolicyHoldsAreReported(t *testing.T) {
	var problems diag.Problems
	_, err := stack.Tooling(many(900), &problems)
	require.NoError(t, err)
	_, err = stack.Region(many(900), &problems)
	require.NoError(t, err)
	found := map[string]bool{}
	for _, p := range problems.Sorted() {
		assert.Equal(t, "policy-size", p.Rule)
		assert.NotEmpty(t, p.Hint)
		found[regexp.MustCompile(`^the (policy of the (key|bucket \w+|image repository)|role \S+)`).FindString(p.Text)] = true
	}
	assert.Equal(t, []string{
		"the policy of the bucket ArtifactBucket", "the policy of the bucket AssetBucket", "the policy of the image repository",
		"the policy of the key", "the role notifications-pipeline",
	}, slices.Sorted(maps.Keys(found)))
}

// Every wildcard of an action or a resource that is allowed, with its reason.
var reviewedWildcards = map[string]string{
	"Key: kms:*":      "the account administers its own key, else nobody could change its policy",
	"Key: * in a key": "in a key policy * is the key itself",
	"ArtifactBucketPolicy: ${ArtifactBucket.Arn}/*":                                                                                  "CodePipeline chooses the keys of artifacts",
	"AssetBucketPolicy: ${AssetBucket.Arn}/functions/*":                                                                              "an archive is named by the digest of its inputs",
	"AssetBucketPolicy: ${AssetBucket.Arn}/templates/*":                                                                              "a child template is named by its digest",
	"PipelineRole: arn:${AWS::Partition}:s3:::notifications-artifacts-${AWS::AccountId}-REGION/*":                                    "CodePipeline chooses the keys of artifacts",
	"PipelineRole: arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:notifications-pipeline-ApprovalProd-*":                 "CloudFormation chooses the names of topics, behind the stack's",
	"PipelineRole: ${ArtifactBucket.Arn}/*":                                                                                          "CodePipeline chooses the keys of artifacts; their tags are the source's",
	"UpdateRole: ${ArtifactBucket.Arn}/*":                                                                                            "CodePipeline chooses the keys of artifacts",
	"UpdateRole: * for cloudformation:ValidateTemplate":                                                                              "IAM knows no resource for it",
	"UpdateRole: arn:${AWS::Partition}:cloudformation:${AWS::Region}:${AWS::AccountId}:stack/notifications-pipeline/*":               "CloudFormation puts an id behind the stack's name",
	"CloudFormationRole: * for logs:DescribeIndexPolicies logs:DescribeLogGroups logs:DescribeResourcePolicies":                      "IAM knows no resource for them",
	"CloudFormationRole: arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/codebuild/notifications-build:*": "most calls name a log group with this suffix",
	"CloudFormationRole: arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:notifications-pipeline-*":                        "CloudFormation chooses the names of topics, behind the stack's",
	"CloudFormationRole: arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/notifications-pipeline-*":                "CloudFormation chooses the names of rules, behind the stack's",
	"BuildRole: * for ecr:GetAuthorizationToken":                                                                                     "IAM knows no resource for it",
	"BuildRole: ${ArtifactBucket.Arn}/*":                                                                                             "CodePipeline chooses the keys of artifacts",
	"BuildRole: arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/codebuild/notifications-build:*":          "each build names its log stream",
	"BuildRole: arn:${AWS::Partition}:s3:::notifications-assets-${AWS::AccountId}-REGION/functions/*":                                "an archive is named by the digest of its inputs",
	"BuildRole: arn:${AWS::Partition}:s3:::notifications-assets-${AWS::AccountId}-REGION/templates/*":                                "a child template is named by its digest",
}

func TestEveryWildcardOfTheToolingAccountIsReviewed(t *testing.T) {
	region := regexp.MustCompile(`(eu|us|cn)-[a-z]+-[0-9]`)
	found := map[string]bool{}
	for _, p := range []*model.Project{usual(), bucketed()} {
		for _, template := range baseStacks(t, p) {
			for _, w := range policiesOf(template) {
				for _, s := range w.document.Statements {
					if s.Effect == policy.Deny {
						continue
					}
					for _, action := range s.Actions {
						if strings.Contains(action, "*") {
							found[w.holder+": "+action] = true
						}
					}
					for _, resource := range s.Resources {
						text := region.ReplaceAllString(readable(resource), "REGION")
						switch {
						case text == "*" && w.kind == "key":
							found[w.holder+": * in a key"] = true
						case text == "*":
							found[w.holder+": * for "+strings.Join(s.Actions, " ")] = true
						case strings.Contains(text, "*"):
							found[w.holder+": "+text] = true
						}
					}
				}
			}
		}
	}
	for wildcard := range found {
		assert.Contains(t, reviewedWildcards, wildcard, "a wildcard without a reason")
	}
	for wildcard := range reviewedWildcards {
		assert.True(t, found[wildcard], "nothing holds the reviewed wildcard %q", wildcard)
	}
}

func TestTheBuildRoleReachesNoTargetAndOverwritesNoAsset(t *testing.T) {
	template := baseStacks(t, usual())["tooling"]
	for _, s := range allowed(t, template, "BuildRole") {
		for _, action := range s.Actions {
			assert.NotRegexp(t, `^(sts|iam|cloudformation|lambda|codepipeline|codebuild):`, action)
			assert.NotRegexp(t, `^s3:(Delete|Put.*(Acl|Policy|Configuration|Versioning))`, action)
			assert.NotRegexp(t, `^ecr:(Delete|BatchDelete|Put(Image.+|Lifecycle|Registry)|Set)`, action)
		}
		for _, resource := range s.Resources {
			if strings.Contains(readable(resource), "-assets-") {
				assert.Subset(t, []string{"s3:AbortMultipartUpload", "s3:ListBucket", "s3:PutObject"}, s.Actions)
			}
		}
	}
}

func TestAssetsAreWrittenOnceAndNeverExpire(t *testing.T) {
	for name, template := range baseStacks(t, usual()) {
		if name == "pipeline" {
			continue
		}
		buckets := map[string]*s3.Bucket{}
		for _, r := range template.Resources {
			if bucket, ok := r.Properties.(*s3.Bucket); ok {
				buckets[r.ID] = bucket
				assert.EqualValues(t, "RetainExceptOnCreate", r.DeletionPolicy, r.ID)
			}
		}
		for _, rule := range buckets["AssetBucket"].LifecycleConfiguration.Rules {
			assert.Nil(t, rule.ExpirationInDays, "%s: an asset that expires breaks a rollback", name)
		}
		expires := slices.ContainsFunc(buckets["ArtifactBucket"].LifecycleConfiguration.Rules, func(r s3.Bucket_Rule) bool { return r.ExpirationInDays != nil && *r.ExpirationInDays > 60 })
		assert.True(t, expires, "%s: artifacts expire, after the longest approval", name)

		i := slices.IndexFunc(policiesOf(template), func(w written) bool { return w.holder == "AssetBucketPolicy" })
		once := slices.IndexFunc(policiesOf(template)[i].document.Statements, func(s policy.Statement) bool { return s.Sid == "WrittenOnce" })
		require.GreaterOrEqual(t, once, 0)
		s := policiesOf(template)[i].document.Statements[once]
		assert.Equal(t, policy.Deny, s.Effect)
		assert.Equal(t, []string{"s3:PutObject"}, s.Actions)
		assert.Equal(t, []string{"*"}, s.Principal.AWS)
	}
}

func TestEveryBucketIsPrivateVersionedEncryptedAndByTLSOnly(t *testing.T) {
	for _, p := range []*model.Project{usual(), bucketed()} {
		for _, template := range baseStacks(t, p) {
			policies := policiesOf(template)
			for _, r := range template.Resources {
				bucket, ok := r.Properties.(*s3.Bucket)
				if !ok {
					continue
				}
				block := bucket.PublicAccessBlockConfiguration
				for _, flag := range []*bool{block.BlockPublicAcls, block.BlockPublicPolicy, block.IgnorePublicAcls, block.RestrictPublicBuckets} {
					assert.True(t, *flag, r.ID)
				}
				assert.Equal(t, "Enabled", bucket.VersioningConfiguration.Status, r.ID)
				rule := bucket.BucketEncryption.ServerSideEncryptionConfiguration[0]
				assert.Equal(t, "aws:kms", rule.ServerSideEncryptionByDefault.SSEAlgorithm, r.ID)
				assert.True(t, *rule.BucketKeyEnabled, r.ID)
				assert.Equal(t, "BucketOwnerEnforced", *bucket.OwnershipControls.Rules[0].ObjectOwnership, r.ID)
				tls := slices.ContainsFunc(policies, func(w written) bool {
					return w.holder == r.ID+"Policy" && slices.ContainsFunc(w.document.Statements, func(s policy.Statement) bool {
						return s.Effect == policy.Deny && slices.Equal(s.Actions, []string{"s3:*"}) && len(s.Resources) == 2 &&
							s.Conditions[0].Key == "aws:SecureTransport" && s.Conditions[0].Values[0] == "false"
					})
				})
				assert.True(t, tls, "%s takes requests without TLS", r.ID)
			}
		}
	}
}

// Who is named by account only would be everybody in that account.
func TestAnotherAccountIsAlwaysNarrowedToRoles(t *testing.T) {
	for _, p := range []*model.Project{usual(), many(300)} {
		for name, template := range baseStacks(t, p) {
			for _, w := range policiesOf(template) {
				for _, s := range w.document.Statements {
					if s.Effect == policy.Deny || len(s.Principal.AWS) == 0 || w.holder == "Key" && s.Sid == "AccountAdministers" {
						continue
					}
					narrowed := slices.ContainsFunc(s.Conditions, func(c policy.Condition) bool {
						return c.Key == "aws:PrincipalArn" && (c.Operator == "ArnLike" || c.Operator == "ArnEquals")
					})
					assert.True(t, narrowed, "%s: %s of %s", name, s.Sid, w.holder)
				}
			}
		}
	}
}

func TestEveryServiceIsNarrowedToThisProject(t *testing.T) {
	// EventBridge sends no context to a topic: the topic's policy cannot narrow it.
	open := map[string]bool{"FailureTopicPolicy": true}
	for _, p := range []*model.Project{usual(), bucketed(), many(300)} {
		for name, template := range baseStacks(t, p) {
			for _, w := range policiesOf(template) {
				for _, s := range w.document.Statements {
					if len(s.Principal.Services) > 0 {
						assert.Equal(t, open[w.holder], len(s.Conditions) == 0, "%s: %v in %s", name, s.Principal.Services, w.holder)
					}
				}
			}
		}
	}
}

func TestAssetsAreReadByTheCloudFormationRolesAlone(t *testing.T) {
	for name, template := range baseStacks(t, usual()) {
		for _, w := range policiesOf(template) {
			if w.holder != "AssetBucketPolicy" {
				continue
			}
			i := slices.IndexFunc(w.document.Statements, func(s policy.Statement) bool { return s.Effect == policy.Allow })
			require.GreaterOrEqual(t, i, 0, name)
			for _, arn := range w.document.Statements[i].Conditions[0].Values {
				assert.Regexp(t, "-cloudformation$", readable(arn), name)
			}
		}
	}
}

// A condition on what a service is not documented to send must hold without it.
func TestATrustAsksOnlyForWhatIsDocumented(t *testing.T) {
	documented := map[string]bool{"codebuild.amazonaws.com": true}
	for _, p := range []*model.Project{usual(), bucketed()} {
		for _, w := range policiesOf(baseStacks(t, p)["tooling"]) {
			if w.kind != "trust" || len(w.document.Statements[0].Principal.Services) == 0 {
				continue
			}
			s := w.document.Statements[0]
			require.NotEmpty(t, s.Conditions, w.holder)
			for _, c := range s.Conditions {
				assert.Equal(t, !documented[s.Principal.Services[0]], strings.HasSuffix(c.Operator, "IfExists"), w.holder)
			}
		}
	}
}

func TestThePipelineMayBeKnownByItselfOrByAnActionInIt(t *testing.T) {
	for _, w := range policiesOf(baseStacks(t, usual())["tooling"]) {
		if w.holder != "PipelineRole" || w.kind != "trust" {
			continue
		}
		var sources []string
		for _, value := range w.document.Statements[0].Conditions[0].Values {
			sources = append(sources, readable(value))
		}
		const pipeline = "arn:${AWS::Partition}:codepipeline:${AWS::Region}:${AWS::AccountId}:notifications"
		assert.Equal(t, []string{pipeline, pipeline + "/*"}, sources)
	}
}

func TestTagsOfAnUploadedSourceReachTheArtifact(t *testing.T) {
	tags := func(p *model.Project) bool {
		return slices.ContainsFunc(allowed(t, baseStacks(t, p)["tooling"], "PipelineRole"), func(s policy.Statement) bool {
			return slices.Contains(s.Actions, "s3:PutObjectTagging")
		})
	}
	assert.True(t, tags(bucketed()))
	assert.False(t, tags(usual()), "a Git host has no object tags")
}

// The suffix in kms:ViaService is documented for the commercial partition only.
func TestTheKeyIsUsedThroughS3WhateverItsHost(t *testing.T) {
	for name, template := range baseStacks(t, bucketed()) {
		for _, w := range policiesOf(template) {
			for _, s := range w.document.Statements {
				for _, c := range s.Conditions {
					if c.Key == "kms:ViaService" {
						assert.Equal(t, "StringLike", c.Operator, name)
						assert.Equal(t, "s3.${AWS::Region}.*", readable(c.Values[0]), name)
					}
				}
			}
		}
	}
}

func TestARoleIsPassedToOneServiceOnly(t *testing.T) {
	for _, p := range []*model.Project{usual(), bucketed()} {
		for _, w := range policiesOf(baseStacks(t, p)["tooling"]) {
			for _, s := range w.document.Statements {
				if !slices.Contains(s.Actions, "iam:PassRole") {
					continue
				}
				assert.Equal(t, []string{"iam:PassRole"}, s.Actions)
				require.Len(t, s.Resources, 1)
				assert.NotContains(t, readable(s.Resources[0]), "*")
				require.Len(t, s.Conditions, 1)
				assert.Equal(t, "iam:PassedToService", s.Conditions[0].Key)
				assert.Len(t, s.Conditions[0].Values, 1)
			}
		}
	}
}

// statementsOn are those of a role that allow an action.
func statementsOn(t *testing.T, template *cfn.Template, id, action string) []policy.Statement {
	t.Helper()
	return slices.DeleteFunc(allowed(t, template, id), func(s policy.Statement) bool { return !slices.Contains(s.Actions, action) })
}

func TestThePipelineStackIsChangedWithTheRoleOfCloudFormationOnly(t *testing.T) {
	template := baseStacks(t, usual())["tooling"]
	for _, action := range []string{"cloudformation:CreateStack", "cloudformation:UpdateStack"} {
		statements := statementsOn(t, template, "UpdateRole", action)
		require.Len(t, statements, 1)
		require.Len(t, statements[0].Conditions, 1)
		c := statements[0].Conditions[0]
		assert.Equal(t, "cloudformation:RoleArn", c.Key)
		require.Len(t, c.Values, 1)
		assert.Regexp(t, "role/foldstack-base/notifications/notifications-cloudformation$", readable(c.Values[0]))
	}
}

func TestTheBuildEncryptsArtifactsAtHomeAndOnlyPublishesAbroad(t *testing.T) {
	uses := map[string][]string{}
	for _, s := range allowed(t, baseStacks(t, usual())["tooling"], "BuildRole") {
		for _, resource := range s.Resources {
			if key := readable(resource); strings.Contains(key, ":kms:") {
				uses[strings.Split(key, ":")[5]] = append(uses[strings.Split(key, ":")[5]], s.Actions...)
			}
		}
	}
	assert.Contains(t, uses["eu-central-1"], "kms:ReEncryptFrom")
	assert.Equal(t, []string{"kms:Decrypt", "kms:GenerateDataKey"}, uses["us-east-1"])
}

func TestOnlyWhoTellsApproversSubscribesThem(t *testing.T) {
	for name, c := range map[string]struct {
		project *model.Project
		topics  int
	}{"nobody is told": {bucketed(), 0}, "one environment": {usual(), 1}} {
		template := baseStacks(t, c.project)["tooling"]
		for role, action := range map[string]string{"PipelineRole": "sns:Publish", "CloudFormationRole": "sns:Subscribe"} {
			statements := statementsOn(t, template, role, action)
			assert.Len(t, statements, c.topics, "%s: %s", name, action)
			for _, s := range statements {
				assert.Regexp(t, ":notifications-pipeline-(ApprovalProd-)?\\*$", readable(s.Resources[0]))
			}
		}
	}
}

func TestALogGroupIsNamedAsEachCallNamesIt(t *testing.T) {
	template := baseStacks(t, usual())["tooling"]
	for action, suffix := range map[string]string{"logs:TagResource": "", "logs:CreateLogGroup": ":*", "logs:DeleteLogGroup": ":*"} {
		statements := statementsOn(t, template, "CloudFormationRole", action)
		require.Len(t, statements, 1, action)
		require.Len(t, statements[0].Resources, 1, action)
		assert.Regexp(t, ":log-group:/aws/codebuild/notifications-build"+regexp.QuoteMeta(suffix)+"$", readable(statements[0].Resources[0]))
	}
}

// The stacks know each other by names alone.
func TestWhatThePipelineStackNamesTheToolingStackMakes(t *testing.T) {
	reference := regexp.MustCompile(`arn:\$\{AWS::Partition\}:iam::\$\{AWS::AccountId\}:role(/[^\s'"]+)`)
	imported := regexp.MustCompile(`!ImportValue (\S+)`)
	for _, p := range []*model.Project{usual(), bucketed(), given()} {
		made := files(t, p, 1)
		roles := map[string]bool{}
		exports := map[string]bool{}
		tooling := baseStacks(t, p)["tooling"]
		for _, r := range tooling.Resources {
			if role, ok := r.Properties.(*iam.Role); ok {
				roles[*role.Path+*role.RoleName] = true
			}
		}
		for _, o := range tooling.Outputs {
			exports[o.Export] = true
		}
		used := reference.FindAllStringSubmatch(string(made["pipeline.yaml"]), -1)
		require.NotEmpty(t, used)
		for _, match := range used {
			assert.True(t, roles[match[1]], "%s is made by nobody", match[1])
		}
		for _, match := range imported.FindAllStringSubmatch(string(made["pipeline.yaml"]), -1) {
			assert.True(t, exports[match[1]], "%s is exported by nobody", match[1])
		}
	}
}

func TestOneCreateRequestHoldsTheToolingStackOfFiftyAccounts(t *testing.T) {
	const templateBody = 51200 // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
	for file, text := range files(t, many(50), 1) {
		if strings.HasPrefix(file, "tooling") {
			assert.LessOrEqual(t, len(text), templateBody, file)
		}
	}
}

func TestASeedIsAsLargeForAnyNumberOfAccounts(t *testing.T) {
	one := files(t, many(1), 1)["seed.yaml"]
	assert.Equal(t, string(one), string(files(t, many(300), 1)["seed.yaml"]))
	assert.Less(t, len(one), 2000)
}

func TestTheDigestOutputIsThatOfTheTemplateWithoutIt(t *testing.T) {
	for name, template := range baseStacks(t, usual()) {
		if name == "pipeline" {
			continue
		}
		last := len(template.Outputs) - 1
		digest := template.Outputs[last]
		require.Equal(t, stack.DigestOutput, digest.Name)
		template.Outputs = template.Outputs[:last]
		text, err := template.Render()
		require.NoError(t, err)
		sum := sha256.Sum256(text)
		assert.Equal(t, hex.EncodeToString(sum[:]), digest.Value, name)
	}
}

func TestASelfHostedGitNeedsAGivenConnection(t *testing.T) {
	for _, provider := range []model.SourceProvider{model.GitHubEnterprise, model.GitLabSelf} {
		p := usual()
		p.Source.Provider = provider
		var problems diag.Problems
		_, err := stack.Tooling(p, &problems)
		require.NoError(t, err)
		require.Len(t, problems.Sorted(), 1)
		assert.Equal(t, "connection-needed", problems.Sorted()[0].Rule)
	}
}

func TestAGivenConnectionIsTheOnlyOneUsed(t *testing.T) {
	p := given()
	tooling := string(files(t, p, 1)["tooling.yaml"])
	assert.NotContains(t, tooling, "AWS::CodeConnections::Connection")
	assert.Equal(t, 3, strings.Count(tooling, p.Source.Connection), "used once by the pipeline, passed under two prefixes")
}

// CodePipeline's own policies name a connection by both names of its service.
func TestAConnectionIsNamedByBothNamesOfItsService(t *testing.T) {
	const id = ":us-gov-east-1:111111111111:connection/6a9b1f6c-0000-4000-8000-000000000000"
	one, other := "arn:aws-us-gov:codeconnections"+id, "arn:aws-us-gov:codestar-connections"+id
	for connection, want := range map[string][]string{
		"": {readable(cfn.Ref("Connection")), readable(cfn.Sub("arn:${AWS::Partition}:codestar-connections:${AWS::Region}:${AWS::AccountId}:connection/${Id}",
			cfn.Entry{Key: "Id", Value: cfn.Select(1, cfn.Split("/", cfn.Ref("Connection")))}))},
		one:   {one, other},
		other: {one, other},
	} {
		p := usual()
		p.Source.Connection = connection
		template := baseStacks(t, p)["tooling"]
		for role, action := range map[string]string{"PipelineRole": "codeconnections:UseConnection", "CloudFormationRole": "codestar-connections:PassConnection"} {
			statements := allowed(t, template, role)
			i := slices.IndexFunc(statements, func(s policy.Statement) bool { return slices.Contains(s.Actions, action) })
			require.GreaterOrEqual(t, i, 0, action)
			var on []string
			for _, r := range statements[i].Resources {
				on = append(on, readable(r))
			}
			assert.ElementsMatch(t, want, on, "%s of %q", action, connection)
		}
	}
}

// A user's key of the source object is text, also where it looks like a variable.
func TestTheSourceKeyStaysText(t *testing.T) {
	p := bucketed()
	p.Source.Key = "builds/${branch}.zip"
	assert.Contains(t, string(files(t, p, 1)["tooling.yaml"]), "/builds/${!branch}.zip")
}

func ExampleTooling() {
	var problems diag.Problems
	template, err := stack.Tooling(usual(), &problems)
	if err != nil || !problems.Empty() {
		fmt.Println(err, problems.Sorted())
		return
	}
	for _, o := range template.Outputs {
		fmt.Println(o.Name)
	}
	// Output:
	// KeyId
	// ConnectionArn
	// TemplateDigest
}
