package generator

import "testing"

// schemaDefects are values that CloudFormation's schemas refuse.
var schemaDefects = []defect{
	{"a property is misspelt", edit(ordersFile, "      MemorySize: !FindInMap", "      MemorSize: !FindInMap"), "unknown-property", "MemorSize"},
	{"a required property is missing", edit(ordersFile, "      Role: !GetAtt Role.Arn\n", ""), "missing-property", "Role"},
	{"a resource has a misspelt type", edit(ordersFile, "Type: AWS::Lambda::Alias", "Type: AWS::Lambda::Alia"), "unknown-type", "AWS::Lambda::Alia"},
	{"an attribute is misspelt", edit(ordersFile, "!GetAtt Role.Arn", "!GetAtt Role.Arm"), "unknown-attribute", "Arm"},
	{"a number is a text", edit(ordersFile, "Timeout: 30", "Timeout: half a minute"), "wrong-type", "Timeout"},
	{"a number is past its bound", edit(ordersFile, "Timeout: 30", "Timeout: 0"), "out-of-range", "Timeout"},
	{"a choice is misspelt", edit(ordersFile, "Mode: Active", "Mode: Activ"), "value-not-allowed", "Mode"},
	{"a list is a text", edit(ordersFile, "      Architectures:\n        - arm64\n", "      Architectures: arm64\n"), "wrong-type", "Architectures"},
	{"a property is set that CloudFormation sets", edit(ordersFile, "      Timeout: 30\n", "      Timeout: 30\n      Arn: a\n"), "read-only-property", "Arn"},
	{"a deletion policy is misspelt", edit(thumbnailFile, "DeletionPolicy: Retain\n", "DeletionPolicy: Retaining\n"), "value-not-allowed", "DeletionPolicy"},
	{"a resource has a misspelt attribute", edit(ordersFile, "    Type: AWS::Lambda::Alias\n", "    Type: AWS::Lambda::Alias\n    DependOn: Function\n"), "unknown-property", "DependOn"},
	{"a bucket's encryption is misspelt", edit(toolingFile, "SSEAlgorithm: aws:kms", "SSEAlgorithm: aws:kmz"), "value-not-allowed", "SSEAlgorithm"},
	{"a key rotates by a text", edit(toolingFile, "EnableKeyRotation: true", "EnableKeyRotation: often"), "wrong-type", "EnableKeyRotation"},
}

func TestEveryDefectThatASchemaRefusesIsFound(t *testing.T) { assertAllSeen(t, schemaDefects) }
