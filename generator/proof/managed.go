package proof

import (
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/policy"
)

// managedPolicies are policies of AWS whose content is known here, by what follows the
// partition's arn:…:iam::aws:policy/. What is not among them is named in the result.
var managedPolicies = map[string][]string{
	// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html
	"AdministratorAccess": {"*"},
	// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaBasicExecutionRole.html
	"service-role/AWSLambdaBasicExecutionRole": {"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"},
}

// knownManaged is a policy of AWS by its ARN, and nil where its content is not known.
func knownManaged(arn string) *authz.Policy {
	_, title, ok := strings.Cut(arn, ":iam::aws:policy/")
	actions := managedPolicies[title]
	if !ok || actions == nil {
		return nil
	}
	return authz.New(authz.Identity, "AWS managed policy "+title, policy.Version,
		[]authz.Statement{{Effect: policy.Allow, Actions: actions, Resources: []string{"*"}}}, nil)
}
