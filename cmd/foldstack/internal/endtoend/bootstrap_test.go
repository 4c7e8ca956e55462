package endtoend

import (
	"context"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cfn "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"
)

// bootstrap deploys the base stacks as docs/architecture.md tells a person to, under
// "Order of bootstrap".
func bootstrap(t *testing.T, m *mock, p *project) {
	t.Helper()
	in := func(account, region string) deployment { return stacksOf(t, m, account, region) }
	base := func(stack, template string, values map[string]string, capabilities ...cfn.Capability) request {
		return request{stack: stack, template: p.read(template), parameters: parameters(values), capabilities: capabilities}
	}
	in(tooling, home).createOrUpdate(base("shop-tooling", "out/tooling.yaml", nil, cfn.CapabilityCapabilityNamedIam))
	key := output(t, in(tooling, home).describe("shop-tooling"), "KeyId")
	in(tooling, abroad).createOrUpdate(base("shop-tooling-region", "out/tooling-region.yaml", map[string]string{"KeyId": key}))
	for _, target := range []struct{ environment, account string }{{"dev", dev}, {"prod", prod}} {
		in(target.account, home).createOrUpdate(base("shop-"+target.environment+"-target", "out/target.yaml",
			map[string]string{"KeyId": key, "Environment": target.environment}, cfn.CapabilityCapabilityNamedIam))
	}
	in(tooling, home).createOrUpdate(base("shop-pipeline", "out/pipeline.yaml", nil))
}

// teardown deletes the stacks from the last one made to the first.
func teardown(t *testing.T, m *mock) {
	t.Helper()
	for _, s := range []struct{ account, region, stack string }{
		{dev, home, "shop-dev"},
		{prod, home, "shop-prod"},
		{prod, abroad, "shop-prod"},
		{tooling, home, "shop-pipeline"},
		{dev, home, "shop-dev-target"},
		{prod, home, "shop-prod-target"},
		{tooling, abroad, "shop-tooling-region"},
		{tooling, home, "shop-tooling"},
	} {
		stacksOf(t, m, s.account, s.region).delete(s.stack)
	}
}

// sweep removes what outlives its stack: buckets with all versions, repositories, keys.
func sweep(t *testing.T, m *mock, left census) {
	t.Helper()
	admin := m.administrator(t, tooling)
	for _, region := range []string{abroad, home} { // a primary key goes after its replicas
		for name := range left.of(place(tooling, region), "bucket") {
			empty(t, objects(admin, region), name)
		}
		for name := range left.of(place(tooling, region), "repository") {
			_, err := ecr.NewFromConfig(admin.config(region)).DeleteRepository(t.Context(), &ecr.DeleteRepositoryInput{RepositoryName: &name})
			require.NoError(t, err)
		}
		for id := range left.of(place(tooling, region), "key") {
			_, err := kms.NewFromConfig(admin.config(region)).ScheduleKeyDeletion(t.Context(), &kms.ScheduleKeyDeletionInput{KeyId: &id, PendingWindowInDays: aws.Int32(7)})
			require.NoError(t, err)
		}
	}
}

func empty(t *testing.T, client *s3.Client, bucket string) {
	t.Helper()
	pages := s3.NewListObjectVersionsPaginator(client, &s3.ListObjectVersionsInput{Bucket: &bucket})
	for pages.HasMorePages() {
		page, err := pages.NextPage(context.WithoutCancel(t.Context()))
		require.NoError(t, err)
		var all []s3types.ObjectIdentifier
		for _, v := range page.Versions {
			all = append(all, s3types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
		}
		for some := range slices.Chunk(all, 1000) {
			_, err := client.DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: &bucket, Delete: &s3types.Delete{Objects: some}})
			require.NoError(t, err)
		}
	}
	_, err := client.DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: &bucket})
	require.NoError(t, err)
}

func stacksOf(t *testing.T, m *mock, account, region string) deployment {
	t.Helper()
	return deployment{t, cloudformation.NewFromConfig(m.administrator(t, account).config(region))}
}

func output(t *testing.T, stack *cfn.Stack, key string) string {
	t.Helper()
	require.NotNil(t, stack)
	for _, o := range stack.Outputs {
		if *o.OutputKey == key {
			return *o.OutputValue
		}
	}
	require.Fail(t, "there is no output "+key)
	return ""
}
