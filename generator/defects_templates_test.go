package generator

import (
	"regexp"
	"testing"
)

// The generated files that most defects are planted into.
const (
	orchestrationFile = "out/orchestration.yaml"
	apiFile           = "out/api.yaml"
	ordersFile        = "out/functions/orders-api.yaml"
	thumbnailFile     = "out/functions/thumbnail.yaml"
	watchFile         = "out/functions/certificate-watch.yaml"
	pipelineFile      = "out/pipeline.yaml"
	toolingFile       = "out/tooling.yaml"
	regionFile        = "out/tooling-region.yaml"
	targetFile        = "out/target.yaml"
	devParameters     = "out/parameters/dev-222222222222-eu-central-1.json"
	usParameters      = "out/parameters/prod-333333333333-us-east-1.json"
)

// templateDefects are wrong in one template, or between a stack and those it nests.
var templateDefects = []defect{
	// Names within a template.
	{"a function's code is read from a misspelt parameter", edit(ordersFile, "S3Bucket: !Ref AssetBucket", "S3Bucket: !Ref AssetBuckt"), "unknown-reference", `"AssetBuckt"`},
	{"a policy reads an attribute of a misspelt log group", edit(ordersFile, "!GetAtt LogGroup.Arn", "!GetAtt LogGrup.Arn"), "unknown-reference", `"LogGrup"`},
	{"a permission's ARN names a misspelt parameter inside Sub", edit(ordersFile, "${ApiOutputApiId}/*/GET", "${ApiOutputAppId}/*/GET"), "unknown-reference", `"ApiOutputAppId"`},
	{"a policy names an attribute of a missing bucket inside Sub", edit(thumbnailFile, "${Media.Arn}/pictures/*", "${Medium.Arn}/pictures/*"), "unknown-reference", `"Medium"`},
	{"an alias depends on a version that was renamed", edit(ordersFile, "    Type: AWS::Lambda::Alias\n", "    Type: AWS::Lambda::Alias\n    DependsOn: Version1\n"), "unknown-reference", `"Version1"`},
	{"a permission depends on a parameter", edit(ordersFile, "    Type: AWS::Lambda::Alias\n", "    Type: AWS::Lambda::Alias\n    DependsOn: AssetBucket\n"), "unknown-reference", "AssetBucket is a parameter"},
	{"a pseudo parameter is misspelt", edit(ordersFile, "execute-api:${AWS::Region}", "execute-api:${AWS::Regoin}"), "unknown-reference", "AWS::Regoin"},
	{"an attribute is read of a parameter", edit(ordersFile, "ApiId: !Ref ApiOutputApiId", "ApiId: !GetAtt ApiOutputApiId.Value"), "unknown-reference", "which has no attributes"},
	{"a nested stack has a condition that is misspelt", edit(orchestrationFile, "Condition: HasRequiredTags", "Condition: HasRequiredTag"), "unknown-condition", `"HasRequiredTag"`},
	{"a condition was renamed and its users were not", edit(orchestrationFile, "  HasRequiredTags: !Equals", "  HasTags: !Equals"), "unknown-condition", `"HasRequiredTags"`},
	{"Fn::If asks for a condition that is not there", edit(ordersFile, "Timeout: 30", "Timeout: !If [IsProd, 60, 30]"), "unknown-condition", `"IsProd"`},
	{"a mapping is misspelt", edit(ordersFile, "!FindInMap [Settings,", "!FindInMap [Setings,"), "unknown-mapping", `"Setings"`},
	{"a setting is misspelt", edit(ordersFile, "!Ref Environment, MemorySize]", "!Ref Environment, Memory]"), "unknown-mapping", `"Memory"`},
	{"an environment is missing from a mapping", edit(ordersFile, "    prod:\n      MemorySize: 512\n", ""), "unknown-mapping", `"prod"`},
	{"an environment is misspelt in a mapping", edit(ordersFile, "    prod:\n", "    production:\n"), "unknown-mapping", `"prod"`},
	{"a setting is missing for one environment", edit(ordersFile, "    prod:\n      MemorySize: 512\n", "    prod:\n      Timeout: 512\n"), "unknown-mapping", "below prod"},
	{"a variable of Sub is not in its text", edit(pipelineFile, ":key/${KeyId}", ":key/mrk-1"), "unused-variable", "the variable KeyId"},
	{"a resource has the name of a parameter", editAll(ordersFile, "LogGroup:\n    Type", "Environment:\n    Type"), "duplicate-name", "Environment is the name of a resource and of a parameter"},
	{"a logical id has a hyphen", editAll(thumbnailFile, "  MediaPolicy:\n", "  Media-Policy:\n"), "logical-id", `"Media-Policy"`},

	// Functions where they cannot stand.
	{"a parameter's default is computed", edit(ordersFile, "Description: The output api.ApiId", "Default: !Ref AWS::Region"), "function-not-allowed", "the Parameters section"},
	{"a mapping's value is computed", edit(ordersFile, "      MemorySize: 512", "      MemorySize: !Ref Environment"), "function-not-allowed", "the Mappings section"},
	{"a condition reads an attribute", edit(orchestrationFile, "!Equals [!Ref Environment, prod]", "!Equals [!GetAtt Api.Outputs.ApiId, prod]"), "function-not-allowed", "the Conditions section"},
	{"a condition refers to a resource", edit(orchestrationFile, "!Equals [!Ref Environment, prod]", "!Equals [!Ref Orders, prod]"), "reference-not-allowed", "the resource Orders"},
	{"a comparison stands in a value", edit(ordersFile, "Timeout: 30", "Timeout: !Equals [a, b]"), "function-not-allowed", "Fn::Equals"},
	{"a condition is compared where it is used", edit(ordersFile, "Timeout: 30", "Timeout: !If [!Equals [a, b], 60, 30]"), "function-not-allowed", "the first operand of Fn::If"},
	{"a deletion policy is an attribute", edit(thumbnailFile, "DeletionPolicy: Retain\n", "DeletionPolicy: !GetAtt Role.Arn\n"), "function-not-allowed", "DeletionPolicy"},
	{"a function needs a transform that is not there", edit(ordersFile, "Timeout: 30", "Timeout: {'Fn::Length': [a]}"), "missing-transform", "Fn::Length"},
	{"an export is named by a resource", edit(toolingFile, "Name: foldstack-acme-shop-KeyId", "Name: !Ref Key"), "reference-not-allowed", "the name of an export"},

	// Circles and conditions.
	{"a function's log group is named by the function that waits for it", edit(ordersFile, "/aws/lambda/acme-shop-${Environment}-orders-api", "/aws/lambda/${Function}"), "circular-reference", "Role → LogGroup → Function → Role"},
	{"a resource depends on itself", edit(ordersFile, "    Type: AWS::Logs::LogGroup\n", "    Type: AWS::Logs::LogGroup\n    DependsOn: LogGroup\n"), "circular-reference", "LogGroup → LogGroup"},
	{"a bucket's policy and the bucket wait for each other", edit(thumbnailFile, "    Type: AWS::S3::Bucket\n", "    Type: AWS::S3::Bucket\n    DependsOn: MediaPolicy\n"), "circular-reference", "Media → MediaPolicy → Media"},
	{"two nested stacks take outputs of each other", all(edit(orchestrationFile, "  Orders:\n    Type: AWS::CloudFormation::Stack\n", "  Orders:\n    Type: AWS::CloudFormation::Stack\n    DependsOn: OrdersApi\n")), "circular-reference", "Orders → OrdersApi → Orders"},
	{"conditions are made of each other", edit(orchestrationFile, "  HasRequiredTags: !Equals [!Ref Environment, prod]", "  HasRequiredTags: !Not [!Condition Other]\n  Other: !Not [!Condition HasRequiredTags]"), "circular-reference", "HasRequiredTags → Other"},
	{"a stack everywhere refers to one that only prod has", edit(orchestrationFile, "  Thumbnail:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n", "  Thumbnail:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      NotificationARNs: [!Ref RequiredTags]\n"), "absent-resource", "in dev, account 222222222222"},

	// What is declared and not used.
	{"a parameter is passed and not used", edit(ordersFile, "TABLE: !Ref OrdersOutputTableName", "TABLE: orders"), "unused-entry", "parameter OrdersOutputTableName"},
	{"a mapping is not read", edit(ordersFile, "MemorySize: !FindInMap [Settings, !Ref Environment, MemorySize]", "MemorySize: 256"), "unused-entry", "mapping Settings"},
	{"a condition is not used", edit(orchestrationFile, "    Condition: HasRequiredTags\n", ""), "unused-entry", "condition HasRequiredTags"},
	{"an output is not taken", add(ordersFile, "\nOutputs:\n  Extra:\n    Value: a\n"), "unused-output", "an output Extra"},

	// Parent and child.
	{"a parameter is passed under a misspelt name", edit(orchestrationFile, "        Environment: !Ref Environment", "        Enviroment: !Ref Environment"), "unknown-parameter", `"Enviroment"`},
	{"a parameter is passed that the child has lost", edit(apiFile, "  Environment:\n    Type: String\n    Description: The environment that is deployed\n", "  Stage:\n    Type: String\n    Default: a\n"), "unknown-parameter", `"Environment"`},
	{"a parameter is not passed", edit(orchestrationFile, "        AssetBucket: !Ref AssetBucket\n", ""), "missing-parameter", "CertificateWatch is not given the parameter AssetBucket"},
	{"no parameter is passed", edit(orchestrationFile, "      Parameters:\n        Environment: !Ref Environment\n", ""), "missing-parameter", "Api is not given the parameter Environment"},
	{"a child has a new parameter", edit(apiFile, "Parameters:\n", "Parameters:\n  Burst:\n    Type: Number\n"), "missing-parameter", "the parameter Burst"},
	{"an output is misspelt by its taker", edit(orchestrationFile, "!GetAtt Api.Outputs.ApiId", "!GetAtt Api.Outputs.ApiID"), "unknown-output", `"ApiID"`},
	{"an output was renamed", edit(apiFile, "Outputs:\n  ApiId:", "Outputs:\n  HttpApiId:"), "unknown-output", `"ApiId"`},
	{"an output is taken of the wrong stack", edit(orchestrationFile, "!GetAtt Orders.Outputs.TableArn", "!GetAtt Api.Outputs.TableArn"), "unknown-output", `"TableArn"`},
	{"an output is taken of a stack that is misspelt", edit(orchestrationFile, "!GetAtt Orders.Outputs.TableArn", "!GetAtt Order.Outputs.TableArn"), "unknown-reference", `"Order"`},
	{"an output is taken of a nested stack inside Sub that does not have it", edit(orchestrationFile, "!GetAtt Orders.Outputs.TableArn", "!Sub '${Orders.Outputs.Arn}'"), "unknown-output", `"Arn"`},
	{"a parameter that carries an output has a constraint", edit(ordersFile, "  OrdersOutputTableArn:\n    Type: String\n", "  OrdersOutputTableArn:\n    Type: String\n    MinLength: 1\n"), "output-parameter", "MinLength"},
	{"a parameter that carries an output has a pattern", edit(ordersFile, "  OrdersOutputTableArn:\n    Type: String\n", "  OrdersOutputTableArn:\n    Type: String\n    AllowedPattern: arn:.*\n"), "output-parameter", "AllowedPattern"},
	{"a parameter that carries an output is looked up in Parameter Store", edit(ordersFile, "  OrdersOutputTableName:\n    Type: String\n", "  OrdersOutputTableName:\n    Type: AWS::SSM::Parameter::Value<String>\n"), "output-parameter", "AWS::SSM::Parameter::Value<String>"},
	{"an output is split before it is known", edit(ordersFile, "TABLE: !Ref OrdersOutputTableName", "TABLE: !Select [0, !Split [/, !Ref OrdersOutputTableName]]"), "output-inside", "Fn::Split"},
	{"an output is a key of a mapping", edit(ordersFile, "!FindInMap [Settings, !Ref Environment, MemorySize]", "!FindInMap [Settings, !Ref OrdersOutputTableName, MemorySize]"), "output-inside", "Fn::FindInMap"},
	{"an output decides a condition", edit(ordersFile, "Resources:\n", "Conditions:\n  IsOrders: !Equals [!Ref OrdersOutputTableName, orders]\n\nResources:\n"), "output-inside", "a condition"},
	{"a child does not allow an environment", edit(watchFile, "    Description: The environment that is deployed\n", "    AllowedValues: [dev, test]\n"), "parameter-value", `"prod" for its parameter Environment`},
	{"a child's environment is a number", edit(watchFile, "  Environment:\n    Type: String\n", "  Environment:\n    Type: Number\n"), "parameter-value", "it is a number"},
	{"a child's environment must be shorter", edit(watchFile, "    Description: The environment that is deployed\n", "    MaxLength: 3\n"), "parameter-value", "it holds 3 characters"},
	{"a literal does not match a child's pattern", all(
		edit(apiFile, "  Environment:\n    Type: String\n", "  Environment:\n    Type: String\n    AllowedPattern: '[a-z]+'\n"),
		edit(orchestrationFile, "        Environment: !Ref Environment", "        Environment: dev-1"),
	), "parameter-value", "it must match [a-z]+"},

	{"a nested stack is read from another one's template", again(orchestrationFile, regexp.MustCompile(`templates/[0-9a-f]{64}\.yaml`)), "unknown-file", "its template out/api.yaml is published"},
	{"a nested template lies under another key", edit(orchestrationFile, "/templates/", "/template/"), "unknown-file", "its template out/stacks/orders.yaml is published"},

	// Resources that AWS refuses together.
	{"a queue hides a message for less time than its function may run", edit(receiptsFile, "VisibilityTimeout: 180", "VisibilityTimeout: 29"), "queue-visibility", "hides a message for 29"},

	// Exports and imports.
	{"an import is misspelt", edit(pipelineFile, "!ImportValue foldstack-acme-shop-KeyId", "!ImportValue foldstack-acme-shop-KeyID"), "unknown-import", "foldstack-acme-shop-KeyID"},
	{"an export was renamed", edit(toolingFile, "Name: foldstack-acme-shop-ConnectionArn", "Name: foldstack-acme-shop-Connection"), "unknown-import", "foldstack-acme-shop-ConnectionArn"},
	{"an output is not exported any more", edit(toolingFile, "    Export:\n      Name: foldstack-acme-shop-KeyId\n", ""), "unknown-import", "foldstack-acme-shop-KeyId"},
	{"an export is made in another region", all(
		edit(toolingFile, "    Export:\n      Name: foldstack-acme-shop-KeyId\n", ""),
		edit(regionFile, "Outputs:\n", "Outputs:\n  KeyId:\n    Value: !Ref Key\n    Export:\n      Name: foldstack-acme-shop-KeyId\n"),
	), "unknown-import", "account 111111111111, eu-central-1"},
	{"two outputs have one export", edit(toolingFile, "Name: foldstack-acme-shop-ConnectionArn", "Name: foldstack-acme-shop-KeyId"), "duplicate-export", "foldstack-acme-shop-KeyId"},
}

func TestEveryDefectOfTheTemplatesIsFound(t *testing.T) { assertAllSeen(t, templateDefects) }
