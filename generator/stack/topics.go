package stack

import (
	"slices"

	eventbridge "github.com/awslabs/goformation/v7/cloudformation/events"
	"github.com/awslabs/goformation/v7/cloudformation/sns"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
)

// approvalTopic is the id of the topic that tells an environment's approvers, or
// nothing where nobody is told.
func approvalTopic(e *model.Environment) string {
	if e.Approval == nil || len(e.Approval.Notify) == 0 {
		return ""
	}
	return "Approval" + model.LogicalID(e.Name)
}

func addApprovalTopics(t *cfn.Template, p *model.Project) {
	for i := range p.Environments {
		e := &p.Environments[i]
		id := approvalTopic(e)
		if id == "" {
			continue
		}
		addTopic(t, p, id, "approvals of "+e.Name)
		for _, address := range slices.Compact(slices.Sorted(slices.Values(e.Approval.Notify))) {
			t.Add(id+model.LogicalID(address), &sns.Subscription{TopicArn: cfn.Ref(id), Protocol: "email", Endpoint: cfn.Ptr(address)})
		}
	}
}

// addTopic adds an encrypted topic that takes messages by TLS only, and what
// statements allow.
//
// https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html
func addTopic(t *cfn.Template, p *model.Project, id, purpose string, statements ...policy.Statement) {
	t.Add(id, &sns.Topic{DisplayName: cfn.Ptr(p.Name + ": " + purpose), KmsMasterKeyId: cfn.Ptr(importedKey(p, p.Tooling.Region))})
	t.Add(id+"Policy", &sns.TopicPolicy{
		Topics: []string{cfn.Ref(id)},
		PolicyDocument: policy.New(append(statements, policy.Statement{
			Sid: "OnlyByTLS", Effect: policy.Deny, Principal: policy.Principal{AWS: []string{"*"}},
			Actions: []string{"sns:Publish"}, Resources: []string{cfn.Ref(id)},
			Conditions: []policy.Condition{{Operator: "Bool", Key: "aws:SecureTransport", Values: []string{"false"}}},
		})...),
	})
}

// failureTopic is the id of the topic that is told of failed runs.
const failureTopic = "FailureTopic"

// addFailureNotice tells a topic of every run that failed.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
func addFailureNotice(t *cfn.Template, p *model.Project) {
	const id = failureTopic
	addTopic(t, p, id, "failed runs", policy.Statement{
		// A condition would never hold: EventBridge sends no context when it publishes.
		// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html
		Sid: "EventsPublish", Principal: policy.Principal{Services: []string{"events.amazonaws.com"}},
		Actions: []string{"sns:Publish"}, Resources: []string{cfn.Ref(id)},
	})
	t.Add("FailureRule", &eventbridge.Rule{
		Description: cfn.Ptr("Tells of failed runs of the pipeline " + model.PipelineName(p.Name)),
		EventPattern: cfn.Map{
			{Key: "source", Value: []any{"aws.codepipeline"}},
			{Key: "detail-type", Value: []any{"CodePipeline Pipeline Execution State Change"}},
			{Key: "detail", Value: cfn.Map{
				{Key: "pipeline", Value: []any{cfn.Ref("Pipeline")}},
				{Key: "state", Value: []any{"FAILED"}},
			}},
		},
		Targets: []eventbridge.Rule_Target{{Id: "topic", Arn: cfn.Ref(id), InputTransformer: &eventbridge.Rule_InputTransformer{
			InputPathsMap: map[string]string{"execution": "$.detail.execution-id", "pipeline": "$.detail.pipeline", "region": "$.region", "time": "$.time"},
			InputTemplate: `"The pipeline <pipeline> in <region> failed at <time>: execution <execution>."`,
		}}},
	})
	t.Outputs = append(t.Outputs, cfn.Output{Name: id, Description: "Subscribe here to hear of failed runs", Value: cfn.Ref(id)})
}
