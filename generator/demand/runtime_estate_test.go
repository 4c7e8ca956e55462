package demand_test

import (
	"fmt"
	"strings"
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

// shop is the shipped output with some of its texts replaced.
type shop struct {
	t     testing.TB
	edit  *strings.Replacer
	keyID string
}

func newShop(t testing.TB, replacements ...string) *shop {
	t.Helper()
	s := &shop{t: t, edit: strings.NewReplacer(replacements...)}
	s.keyID = instantiate(t, s.root("acme-shop-tooling", "tooling.yaml", nil)).Stacks[0].Outputs["KeyId"]
	require.NotEmpty(t, s.keyID)
	return s
}

func (s *shop) root(stack, path string, parameters map[string]string) estate.Root {
	s.t.Helper()
	return root(s.t, stack, home, s.edit.Replace(output(s.t, path)), parameters)
}

// base is the tooling account with the roles of two targets.
func (s *shop) base() *estate.Estate {
	s.t.Helper()
	further := s.root("acme-shop-tooling-region", "tooling-region.yaml", map[string]string{"KeyId": s.keyID})
	further.Region = abroad
	return instantiate(
		s.t, s.root("acme-shop-tooling", "tooling.yaml", nil), further, s.root("acme-shop-pipeline", "pipeline.yaml", nil),
		s.target("dev", development), s.target("prod", production),
	)
}

func (s *shop) target(environment, account string) estate.Root {
	s.t.Helper()
	r := s.root("acme-shop-"+environment+"-target", "target.yaml", map[string]string{"Environment": environment, "KeyId": s.keyID})
	r.Account = account
	return r
}

// nested are the templates that the shipped orchestration nests, by logical id.
var nested = map[string]string{
	"Api": "api.yaml", "CertificateWatch": "functions/certificate-watch.yaml", "Orders": "stacks/orders.yaml",
	"OrdersApi": "functions/orders-api.yaml", "Receipts": "functions/receipts.yaml",
	"RequiredTags": "functions/required-tags.yaml", "Thumbnail": "functions/thumbnail.yaml",
}

// orchestration is what is deployed to an environment.
func (s *shop) orchestration(environment, account string) estate.Root {
	s.t.Helper()
	all := s.root("acme-shop-"+environment, "orchestration.yaml", map[string]string{
		"Environment": environment, "AssetBucket": "acme-shop-assets-" + tooling + "-" + home,
	})
	all.Account = account
	all.Document.Children = map[string]*template.Document{}
	for id, path := range nested {
		all.Document.Children[id] = s.root(id, path, nil).Document
	}
	return all
}

// deployed is the orchestration beside the roles that deploy it.
func (s *shop) deployed(environment, account string) *estate.Estate {
	s.t.Helper()
	return instantiate(s.t, s.target(environment, account), s.orchestration(environment, account))
}

func deployed(t testing.TB, environment, account string) *estate.Estate {
	t.Helper()
	return newShop(t).deployed(environment, account)
}

func everywhere(t testing.TB) *estate.Estate {
	t.Helper()
	return newShop(t).base()
}

// many is a delivery to a number of accounts.
func many(t testing.TB, accounts int) *estate.Estate {
	t.Helper()
	s := newShop(t)
	var actions strings.Builder
	roots := []estate.Root{s.root("acme-shop-tooling", "tooling.yaml", nil)}
	for n := range accounts {
		account := fmt.Sprintf("9%011d", n)
		role := "arn:aws:iam::" + account + ":role/foldstack-base/acme-shop/acme-shop-dev-"
		fmt.Fprintf(&actions, `
            - Name: prepare-%[1]s
              ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CloudFormation, Version: '1'}
              RoleArn: %[2]sdeploy
              Configuration: {ActionMode: CHANGE_SET_REPLACE, StackName: acme-shop-dev, ChangeSetName: foldstack, RoleArn: %[2]scloudformation}
              InputArtifacts: [{Name: Source}]`, account, role)
		roots = append(roots, s.target("dev", account))
	}
	pipeline := `
Resources:
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Name: acme-shop
      RoleArn: arn:aws:iam::111111111111:role/foldstack-base/acme-shop/acme-shop-pipeline
      ArtifactStore: {Type: S3, Location: acme-shop-artifacts-111111111111-eu-central-1}
      Stages:
        - Name: dev
          Actions:` + actions.String() + "\n"
	return instantiate(t, append(roots, root(t, "acme-shop-pipeline", home, pipeline, nil))...)
}
