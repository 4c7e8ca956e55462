package estate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/foldstack/foldstack/generator/template"
)

// function is a template of about the size of a function's.
const function = `
Parameters:
  Environment: {Type: String}
  AssetBucket: {Type: String}
Mappings:
  Settings:
    dev: {MemorySize: 256}
    prod: {MemorySize: 512}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      Path: !Sub /foldstack/shop/${Environment}/
      AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}
      PermissionsBoundary: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/shop-${Environment}-boundary
      Policies:
        - PolicyDocument:
            Statement:
              - {Effect: Allow, Action: [logs:CreateLogStream, logs:PutLogEvents], Resource: !GetAtt LogGroup.Arn}
              - {Effect: Allow, Action: ['sqs:SendMessage'], Resource: !GetAtt Queue.Arn}
  LogGroup:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Sub '/aws/lambda/shop-${Environment}-orders', RetentionInDays: 30}
  Queue: {Type: AWS::SQS::Queue, Properties: {SqsManagedSseEnabled: true}}
  Function:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: !Sub shop-${Environment}-orders
      Code: {S3Bucket: !Ref AssetBucket, S3Key: functions/1.zip}
      Role: !GetAtt Role.Arn
      Environment: {Variables: {QUEUE: !Ref Queue}}
      LoggingConfig: {LogGroup: !Ref LogGroup}
      MemorySize: !FindInMap [Settings, !Ref Environment, MemorySize]
  Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Function}}
  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Function, Name: live, FunctionVersion: !GetAtt Version.Version}}
  Rule: {Type: AWS::Events::Rule, Properties: {Targets: [{Id: function, Arn: !Ref Live}]}}
  Permission: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Live, SourceArn: !GetAtt Rule.Arn}}
`

// orchestration nests functions, each with a document of its own.
func orchestration(b *testing.B, functions int) *template.Document {
	var text strings.Builder
	text.WriteString("Parameters: {Environment: {Type: String}, AssetBucket: {Type: String}}\nResources:\n")
	var children []any
	for n := range functions {
		id := fmt.Sprintf("F%d", n)
		text.WriteString("  " + id + ": {Type: AWS::CloudFormation::Stack, Properties: {Parameters: {Environment: !Ref Environment, AssetBucket: !Ref AssetBucket}}}\n")
		children = append(children, id, document(b, function))
	}
	return document(b, text.String(), children...)
}

func BenchmarkAThousandFunctions(b *testing.B) {
	r := root(orchestration(b, 1000), "Environment", "prod", "AssetBucket", "assets")
	r.Account, r.Region = symbol.New("account"), symbol.New("region")
	b.ReportAllocs()
	for b.Loop() {
		var problems diag.Problems
		if e := estate.Of([]estate.Root{r}, &problems); len(e.Stacks) != 1001 || !problems.Empty() {
			b.Fatal(len(e.Stacks), problems.Sorted())
		}
	}
}

func BenchmarkClassesOfThreeHundredFunctionsInAHundredAndFiftyTargets(b *testing.B) {
	d := orchestration(b, 300)
	var cells []estate.Cell
	for account := range 50 {
		for _, region := range []string{"eu-west-1", "us-east-1", "ap-southeast-2"} {
			r := root(d, "Environment", "prod", "AssetBucket", "shop-assets-999999999999-"+region)
			r.Account, r.Region = fmt.Sprintf("1000000000%02d", account), region
			cells = append(cells, estate.Cell{Account: r.Account, Region: region, Roots: []estate.Root{r}})
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if classes := estate.Classes(cells); len(classes) != 1 {
			b.Fatal(len(classes))
		}
	}
}
