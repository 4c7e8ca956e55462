package link_test

import (
	"fmt"
	"testing"

	"github.com/foldstack/foldstack/generator/check/link"
	"github.com/foldstack/foldstack/generator/diag"
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
  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Function, FunctionVersion: !GetAtt Version.Version}}
  Rule: {Type: AWS::Events::Rule, Properties: {Targets: [{Id: function, Arn: !Ref Live}]}}
  Permission: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Live, SourceArn: !GetAtt Rule.Arn}}
`

func BenchmarkTwelveHundredFunctionsInAHundredTargets(b *testing.B) {
	const functions, orchestrations = 1200, 4
	var documents []*template.Document
	for o := range orchestrations {
		resources := "Parameters: {Environment: {Type: String}, AssetBucket: {Type: String}}\nResources:\n"
		children := map[string]*template.Document{}
		for i := range functions / orchestrations {
			id := fmt.Sprintf("F%d", i)
			resources += "  " + id + ": {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: !Sub 'https://${AssetBucket}.s3.${AWS::Region}.${AWS::URLSuffix}/templates/a.yaml', Parameters: {Environment: !Ref Environment, AssetBucket: !Ref AssetBucket}}}\n"
			children[id] = document(b, fmt.Sprintf("functions/%d-%d.yaml", o, i), function)
			documents = append(documents, children[id])
		}
		root := document(b, fmt.Sprintf("orchestration-%d.yaml", o), resources)
		root.Children = children
		for i := range 100 {
			root.Deployed = append(root.Deployed, template.Deployment{Account: fmt.Sprintf("%012d", i), Region: "eu-central-1", Parameters: map[string]string{"Environment": "prod"}})
		}
		documents = append(documents, root)
	}
	b.ReportAllocs()
	for b.Loop() {
		var problems diag.Problems
		link.Check(documents, &problems)
		if list := problems.Sorted(); len(list) > 0 {
			b.Fatal(list[0])
		}
	}
}
