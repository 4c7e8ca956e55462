package demand_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/template"
)

// Two targets of the shipped project.
const (
	development = "222222222222"
	production  = "333333333333"
)

// nested are the templates that the shipped orchestration nests, by logical id.
var nested = map[string]string{
	"Api": "api.yaml", "CertificateWatch": "functions/certificate-watch.yaml", "Orders": "stacks/orders.yaml",
	"OrdersApi": "functions/orders-api.yaml", "Receipts": "functions/receipts.yaml",
	"RequiredTags": "functions/required-tags.yaml", "Thumbnail": "functions/thumbnail.yaml",
}

// deployed is the orchestration of the shipped project in an environment, beside the
// roles that deploy it.
func deployed(t testing.TB, environment, account string) *estate.Estate {
	t.Helper()
	return instantiate(t, target(t, environment, account), orchestration(t, environment, account))
}

func target(t testing.TB, environment, account string) estate.Root {
	t.Helper()
	roles := root(t, "acme-shop-"+environment+"-target", home, output(t, "target.yaml"), map[string]string{"Environment": environment, "KeyId": keyID(t)})
	roles.Account = account
	return roles
}

func orchestration(t testing.TB, environment, account string) estate.Root {
	t.Helper()
	all := root(t, "acme-shop-"+environment, home, output(t, "orchestration.yaml"), map[string]string{
		"Environment": environment, "AssetBucket": "acme-shop-assets-" + tooling + "-" + home,
	})
	all.Account = account
	all.Document.Children = map[string]*template.Document{}
	for id, path := range nested {
		all.Document.Children[id] = root(t, id, home, output(t, path), nil).Document
	}
	return all
}

func keyID(t testing.TB) string {
	t.Helper()
	id := instantiate(t, root(t, "acme-shop-tooling", home, output(t, "tooling.yaml"), nil)).Stacks[0].Outputs["KeyId"]
	require.NotEmpty(t, id)
	return id
}

// everywhere is the base of the shipped project: its tooling and the roles of two
// targets.
func everywhere(t testing.TB) *estate.Estate {
	t.Helper()
	return instantiate(
		t,
		root(t, "acme-shop-tooling", home, output(t, "tooling.yaml"), nil),
		root(t, "acme-shop-tooling-region", abroad, output(t, "tooling-region.yaml"), map[string]string{"KeyId": keyID(t)}),
		root(t, "acme-shop-pipeline", home, output(t, "pipeline.yaml"), nil),
		target(t, "dev", development),
		target(t, "prod", production),
	)
}
