package endtoend

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cfn "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/stretchr/testify/require"
)

// bootstrap deploys the base stacks as docs/architecture.md tells a person to, under
// "Order of bootstrap".
func bootstrap(t *testing.T, m *mock, p *project) {
	t.Helper()
	deploy := func(account, region, stack, template string, values map[string]string) deployment {
		in := stacksOf(t, m, account, region)
		require.NoError(t, in.createOrUpdate(request{
			stack: stack, template: p.read(template), parameters: parameters(values), capabilities: []cfn.Capability{cfn.CapabilityCapabilityNamedIam},
		}))
		return in
	}
	key := output(t, deploy(tooling, home, "shop-tooling", "out/tooling.yaml", nil).describe("shop-tooling"), "KeyId")
	deploy(tooling, abroad, "shop-tooling-region", "out/tooling-region.yaml", map[string]string{"KeyId": key})
	deploy(dev, home, "shop-dev-target", "out/target.yaml", map[string]string{"KeyId": key, "Environment": "dev"})
	deploy(prod, home, "shop-prod-target", "out/target.yaml", map[string]string{"KeyId": key, "Environment": "prod"})
	deploy(tooling, home, "shop-pipeline", "out/pipeline.yaml", nil)
}

// teardown deletes the stacks, functions first and roles last.
func teardown(t *testing.T, m *mock) {
	t.Helper()
	for _, s := range []struct{ account, region, stack string }{
		{dev, home, "shop-dev"},
		{dev, abroad, "shop-dev"},
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
