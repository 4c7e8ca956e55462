package generator

import (
	"fmt"
	"strings"
	"testing"
)

// many writes a text for each number from 1 to n.
func many(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i+1)
	}
	return b.String()
}

// waitingActions are approvals, which need nothing.
const waitingAction = "            - Name: wait-%d\n              ActionTypeId: {Category: Approval, Owner: AWS, Provider: Manual, Version: '1'}\n"

// quotaDefects pass a limit of AWS.
var quotaDefects = []defect{
	{"a stage has a 51st action", edit(pipelineFile, devExecute, many(49, waitingAction)+devExecute), "pipeline-size", "51 actions"},
	{"a pipeline has a 51st stage", edit(pipelineFile, prodStage, many(46, "        - Name: stage-%d\n          Actions:\n"+strings.ReplaceAll(waitingAction, "%d", "a"))+prodStage), "pipeline-size", "51 stages"},
	{"a value of an action's configuration has 1,001 characters", edit(pipelineFile, "StackName: acme-shop-dev\n", "StackName: "+strings.Repeat("s", 1001)+"\n"), "action-configuration", "1001 characters"},
	{"an action's name has 101 characters", edit(pipelineFile, "- Name: build\n", "- Name: "+strings.Repeat("b", 101)+"\n"), "name-length", "101 characters"},
	{"an artifact has a dot in its name", editAll(pipelineFile, "- Name: Built\n", "- Name: Built.zip\n"), "pipeline-name", "Built.zip"},
	{"a stage's name has a blank", edit(pipelineFile, prodStage, "        - Name: to prod\n"), "pipeline-name", "to prod"},
	{"a template has a 501st resource", add(watchFile, many(500, "  Topic%d: {Type: AWS::SNS::Topic}\n")), "template-size", "resources; the limit is 500"},
	{"a template has a 201st parameter", edit(apiFile, "Parameters:\n", "Parameters:\n"+many(200, "  P%d: {Type: String, Default: a}\n")), "template-size", "201 parameters"},
	{"a template has a 201st output", edit(apiFile, "Outputs:\n", "Outputs:\n"+many(200, "  O%d: {Value: a}\n")), "template-size", "201 outputs"},
	{"a mapping has a 201st key", edit(ordersFile, "    prod:\n      MemorySize: 512\n", "    prod:\n      MemorySize: 512\n"+many(199, "    env%d: {MemorySize: 512}\n")), "template-size", "201 keys"},
	{"a template has a byte more than a megabyte", add(ordersFile, "\n# "+strings.Repeat("x", 1_000_000)), "template-size", "bytes; the limit is"},
	{"a description has 1,025 bytes", edit(ordersFile, "Description: The function orders-api of acme-shop\n", "Description: "+strings.Repeat("d", 1025)+"\n"), "template-size", "1025 bytes"},
	{"a parameter's value has 4,097 bytes", edit(orchestrationFile, "        Environment: !Ref Environment", "        Environment: "+strings.Repeat("e", 4097)), "template-size", "4097 bytes"},
	{"the variables of a function have more than 4 KB", edit(ordersFile, "          TABLE: ", "          TEXT: "+strings.Repeat("t", 4096)+"\n          TABLE: "), "environment-size", "4"},
	{"the key's policy has more than 32 KB", edit(toolingFile, "                  - !Sub arn:${AWS::Partition}:iam::*:role/foldstack-base/acme-shop/acme-shop-dev-deploy\n", many(500, "                  - arn:aws:iam::*:role/somewhere/acme-shop-service-number-%d-of-many-more-of-them\n")), "policy-size", ""},
	{"a bucket's policy has more than 20 KB", edit(toolingFile, "              - !Sub ${ArtifactBucket.Arn}/*\n", many(500, "              - arn:aws:s3:::acme-shop-artifacts-111111111111-eu-central-1/folder-%d/*\n")), "policy-size", ""},
	{"a role's inline policies have 10,241 bytes and more", edit(ordersFile, "                  - dynamodb:GetItem\n", many(500, "                  - dynamodb:GetItemNumber%d\n")), "policy-size", ""},
	{"a role's trust has more than 4,096 bytes", edit(ordersFile, "              Service: lambda.amazonaws.com\n", "              Service:\n"+many(150, "                - service-number-%d.lambda.amazonaws.com\n")), "policy-size", ""},
	{"a managed policy has 6,145 bytes and more", edit(targetFile, "              - appconfig:GetLatestConfiguration\n", many(400, "              - appconfig:GetLatestConfiguration%d\n")), "policy-size", ""},
	{"a repository's policy has more than 10,240 bytes", edit(toolingFile, "                  - !Sub arn:${AWS::Partition}:lambda:${AWS::Region}:222222222222:function:acme-shop-dev-*\n", many(400, "                  - arn:aws:lambda:eu-central-1:222222222222:function:acme-shop-%d\n")), "policy-size", ""},
	{"a rule has a sixth target", edit(thumbnailFile, "        - Id: function\n          Arn: !Ref Live\n", many(6, "        - Id: function%d\n          Arn: !Ref Live\n")), "out-of-range", "6 items"},
}

func TestEveryDefectPastAQuotaIsFound(t *testing.T) { assertAllSeen(t, quotaDefects) }
