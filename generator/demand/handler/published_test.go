package handler_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/foldstack/foldstack/generator/demand/handler"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// published is what AWS publishes of each type: testdata/published.json names the
// source.
type published struct {
	Types map[string]struct {
		Create, Read, Update, Delete []string
		Tagging                      []string
		Taggable                     bool
	}
}

func readPublished(t *testing.T) published {
	t.Helper()
	data, err := os.ReadFile("testdata/published.json")
	require.NoError(t, err)
	var p published
	require.NoError(t, json.Unmarshal(data, &p))
	return p
}

// excluded are published permissions that no table holds, by type and action; an
// asterisk is every type.
var excluded = map[string]map[string]string{
	"no action of IAM": {
		"s3:DeleteBucketAnalyticsConfiguration": "AWS::S3::Bucket", "s3:DeleteBucketCors": "AWS::S3::Bucket",
		"s3:DeleteBucketEncryption": "AWS::S3::Bucket", "s3:DeleteBucketLifecycle": "AWS::S3::Bucket",
		"s3:DeleteBucketMetricsConfiguration": "AWS::S3::Bucket", "s3:DeleteBucketReplication": "AWS::S3::Bucket",
		"s3:PutBucketReplication": "AWS::S3::Bucket", "s3:PutObjectLockConfiguration": "AWS::S3::Bucket",
		"s3:REST.PUT.OBJECT": "AWS::Logs::LogGroup", "s3:GetObjectMetadata": "AWS::DynamoDB::Table",
		"kms:ReEncrypt": "AWS::Events::EventBus", "s3:DeleteBucketTagging": "AWS::S3::Bucket",
	},
	"no property of the type, as templates write it, asks for it": {
		"cloudformation:SetStackPolicy":              "AWS::CloudFormation::Stack",
		"cloudformation:UpdateTerminationProtection": "AWS::CloudFormation::Stack",
		"dynamodb:AssociateTableReplica":             "AWS::DynamoDB::Table", "dynamodb:CreateTableReplica": "AWS::DynamoDB::Table",
		"dynamodb:BatchWriteItem": "AWS::DynamoDB::Table", "dynamodb:DeleteItem": "AWS::DynamoDB::Table",
		"dynamodb:GetItem": "AWS::DynamoDB::Table", "dynamodb:PutItem": "AWS::DynamoDB::Table", "dynamodb:Query": "AWS::DynamoDB::Table",
		"dynamodb:Scan": "AWS::DynamoDB::Table", "dynamodb:UpdateItem": "AWS::DynamoDB::Table",
		"s3:DeleteObject": "AWS::S3::Bucket", "s3:PutObjectAcl": "AWS::S3::Bucket",
	},
	"audit findings that are delivered through a stream of Firehose":              {"firehose:TagDeliveryStream": "AWS::Logs::LogGroup"},
	"figures of a table's capacity, written by the service's own role":            {"cloudwatch:PutMetricData": "AWS::DynamoDB::GlobalTable"},
	"nobody takes a boundary off a role; it is replaced by another":               {"iam:DeleteRolePermissionsBoundary": "AWS::IAM::Role"},
	"package demand passes the deployment's own role on to nested stacks":         {"iam:PassRole": "AWS::CloudFormation::Stack"},
	"IAM knows the verb for no part of an API, each of which is changed by PATCH": {"apigateway:PUT": "AWS::ApiGatewayV2::*"},
	"package demand reads code and images, where it knows the bucket": {
		"s3:GetObject": "AWS::Lambda::*", "s3:GetObjectVersion": "AWS::Lambda::*",
	},
	"said with the version of the object alone": {"s3:GetObjectVersion": "AWS::StepFunctions::StateMachine"},
	"CodeDeploy shifts an alias under an update policy only": {
		"codedeploy:CreateDeployment": "AWS::Lambda::Alias", "codedeploy:GetDeployment": "AWS::Lambda::Alias",
		"codedeploy:GetDeploymentConfig": "AWS::Lambda::Alias", "codedeploy:GetDeploymentGroup": "AWS::Lambda::Alias",
		"codedeploy:StopDeployment": "AWS::Lambda::Alias",
	},
}

func isExcluded(typ, action string) bool {
	for _, entries := range excluded {
		of, ok := entries[action]
		if ok && (of == typ || strings.HasSuffix(of, "*") && strings.HasPrefix(typ, strings.TrimSuffix(of, "*"))) {
			return true
		}
	}
	return false
}

// anyOf is a resource that stands for any of its type.
func anyOf(typ string) *handler.Subject {
	stack := &estate.Stack{Name: "shop-dev", Partition: model.Commercial, Account: "222222222222", Region: "eu-central-1"}
	return &handler.Subject{
		Resource: &estate.Resource{Stack: stack, ID: "Any", Type: typ},
		Open:     true, Tagged: true,
		Other: func(typ string) string {
			service := strings.ToLower(strings.Split(typ, "::")[1])
			return "arn:aws:" + service + ":eu-central-1:222222222222:" + symbol.New("other")
		},
	}
}

func TestEveryPublishedPermissionIsACallOfItsOperation(t *testing.T) {
	for typ, p := range readPublished(t).Types {
		calls := handler.Of(anyOf(typ))
		for operation, actions := range map[handler.Operation][]string{
			handler.Create: p.Create, handler.Read: p.Read, handler.Update: p.Update, handler.Delete: p.Delete,
		} {
			for _, action := range actions {
				if !isExcluded(typ, action) {
					assert.True(t, isCalled(calls, operation, action), "%s: what %s: %s", typ, operation, action)
				}
			}
		}
		for _, action := range p.Tagging {
			if !isExcluded(typ, action) {
				assert.True(t, isCalled(calls, handler.Create|handler.Read|handler.Update, action), "%s: what tags: %s", typ, action)
			}
		}
	}
}

func isCalled(calls []handler.Call, during handler.Operation, action string) bool {
	prefix, all := strings.CutSuffix(strings.ToLower(action), "*")
	for _, c := range calls {
		called := strings.ToLower(c.Action)
		if c.During&during != 0 && (called == prefix || all && strings.HasPrefix(called, prefix)) {
			return true
		}
	}
	return false
}

func TestAnExclusionIsOfSomethingPublishedThatNoTableHolds(t *testing.T) {
	types := readPublished(t).Types
	for reason, entries := range excluded {
		for action, of := range entries {
			found := false
			for typ, p := range types {
				if of != typ && !(strings.HasSuffix(of, "*") && strings.HasPrefix(typ, strings.TrimSuffix(of, "*"))) {
					continue
				}
				for _, actions := range [][]string{p.Create, p.Read, p.Update, p.Delete, p.Tagging} {
					for _, a := range actions {
						found = found || a == action
					}
				}
			}
			assert.True(t, found, "%s of %s (%s) is not published", action, of, reason)
		}
	}
}

func TestTagsAreSetWhereTheSchemaTakesSome(t *testing.T) {
	for typ, p := range readPublished(t).Types {
		tags := false
		bare := handler.Of(&handler.Subject{Resource: anyOf(typ).Resource})
		with := handler.Of(&handler.Subject{Resource: anyOf(typ).Resource, Tagged: true})
		tags = len(with) > len(bare)
		assert.Equal(t, p.Taggable || typ == "AWS::DynamoDB::GlobalTable", tags, typ)
	}
}
