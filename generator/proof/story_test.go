package proof_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
)

const keyOfTwo = `
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Version: '2012-10-17'
        Statement:
          - Sid: Targets
            Effect: Allow
            Principal: {AWS: ['222222222222']}
            Action: kms:Decrypt
            Resource: '*'
            Condition:
              ArnLike: {'aws:PrincipalArn': 'arn:aws:iam::*:role/deploy'}
`

const deployRole = `
Parameters:
  KeyArn: {Type: String, Default: '*'}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: deploy
      AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: []}
      Policies:
        - PolicyName: deploy
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - {Effect: Allow, Action: kms:Decrypt, Resource: !Ref KeyArn}
`

func TestAKeyPolicyThatForgetsTheSecondAccountIsFound(t *testing.T) {
	d := document(t, "deploy.yaml", deployRole)
	one, two := place(d, first, frank), place(d, second, frank)
	base := estateOf(t, root(t, "key.yaml", tools, frank, keyOfTwo), one, two)
	key := base.OfType("AWS::KMS::Key")[0].ARN
	p := prove(base, call(role(first, "deploy"), "kms:Decrypt", key), call(role(second, "deploy"), "kms:Decrypt", key))
	assert.Equal(t, ``, told(p))
	_ = authz.Allowed
	_ = demand.Demand{}
}
