package generator

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Nobody edits a generated policy: what it lacks is given where users write.
func TestWhatARoleLacksIsGivenWhereUsersWrite(t *testing.T) {
	result, err := Check(t.Context(), Options{Root: written(t, map[string]string{
		"foldstack.yaml": `
project: shop
tooling: {account: "111111111111", region: eu-central-1}
source: {provider: github, repository: acme/shop}
environments: {dev: {accounts: ["222222222222"]}}
`,
		"functions/f/index.mjs":     "export const handler = async () => 1;\n",
		"functions/f/function.yaml": "events:\n  - sqs: {queue: !GetAtt Jobs.Arn}\n",
		"functions/f/resources.yaml": `
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement: {Effect: Allow, Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}, Action: "kms:*", Resource: "*"}
  Jobs:
    Type: AWS::SQS::Queue
    Properties: {KmsMasterKeyId: !Ref Key, QueueName: !Join ["-", [own, name]]}
`,
	})})
	require.NoError(t, err)
	text := told(result)
	assert.Contains(t, text, "may not kms:Decrypt on")
	assert.Contains(t, text, "write `- {allow: kms:Decrypt, on: …}` under `permissions` of the function")
	assert.Contains(t, text, "may not sqs:CreateQueue on arn:aws:sqs:eu-central-1:222222222222:own-name")
	assert.Contains(t, text, "give it a name that begins with shop-dev-, or write `- {allow: sqs:CreateQueue, on: …}` under `deployment` in foldstack.yaml")
}
