package generator

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/policy/handler"
)

// TestATypeOfUsersIsGrantedWhatItNeedsAndNoMore puts the permissions for each type to the
// proof by itself, so that no other type needs what this one should not have.
func TestATypeOfUsersIsGrantedWhatItNeedsAndNoMore(t *testing.T) {
	for _, typ := range handler.Known() {
		t.Run(typ, func(t *testing.T) {
			t.Parallel()
			p, err := putToTheProof(projectWith(t, typ))
			require.NoError(t, err)
			for _, c := range p.proof.Unmet {
				assert.Fail(t, "unmet", "%s: %s", c.Why, c.Sentence())
			}
			for _, s := range p.proof.Surplus {
				if document := fmt.Sprint(s.Document); strings.HasPrefix(document, "out/target.yaml") {
					assert.Fail(t, "surplus", "%s: %s", document, s.Text)
				}
			}
		})
	}
}

// projectWith is a project of one function that has one resource beside it.
func projectWith(t *testing.T, typ string) string {
	t.Helper()
	root := t.TempDir()
	for path, text := range map[string]string{
		"foldstack.yaml":                 "project: hello\ntooling: {account: \"111111111111\", region: eu-west-1}\nenvironments:\n  live: {accounts: [\"222222222222\"]}\n",
		"functions/hello/index.mjs":      "export const handler = async () => 'hello';\n",
		"functions/hello/resources.yaml": "Resources:\n  Thing:\n    Type: " + typ + "\n    Properties:\n      " + propertiesOf(typ) + "\n",
	} {
		file := filepath.Join(root, path)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o666))
	}
	return root
}

// propertiesOf are those by which it is known whose a resource is.
func propertiesOf(typ string) string {
	const path = "Path: !Sub /foldstack/hello/${Environment}/"
	switch typ {
	case "AWS::CloudFormation::CustomResource":
		return "ServiceToken: !Sub arn:aws:lambda:eu-west-1:222222222222:function:hello-${Environment}-made"
	case "AWS::IAM::ManagedPolicy":
		return path
	case "AWS::IAM::Role":
		return path + "\n      PermissionsBoundary: !Sub arn:aws:iam::222222222222:policy/foldstack-base/hello/hello-${Environment}-boundary"
	case "AWS::KMS::Alias":
		return "AliasName: !Sub alias/hello-${Environment}-thing"
	case "AWS::Lambda::Alias", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::Permission", "AWS::Lambda::Version":
		return "FunctionName: !Sub hello-${Environment}-hello"
	}
	if property := handler.NameProperty(typ); property != "" {
		return property + ": !Sub hello-${Environment}-thing"
	}
	return "Description: a thing"
}
