package stacks

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// Proposed are the templates that the change sets of a stack would deploy, such as one
// that waits for an approval.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListChangeSets.html
func (p *Place) Proposed(ctx context.Context, name string) ([]string, error) {
	var templates []string
	pages := cloudformation.NewListChangeSetsPaginator(p.client, &cloudformation.ListChangeSetsInput{StackName: &name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, p.explain(ctx, err, "cloudformation:ListChangeSets", name)
		}
		for i := range page.Summaries {
			set := &page.Summaries[i]
			if dead[set.Status] {
				continue
			}
			answer, err := p.client.GetTemplate(ctx, &cloudformation.GetTemplateInput{
				StackName: &name, ChangeSetName: set.ChangeSetId, TemplateStage: types.TemplateStageOriginal,
			})
			if err != nil {
				return nil, p.explain(ctx, err, "cloudformation:GetTemplate", name)
			}
			templates = append(templates, legible(answer.TemplateBody))
		}
	}
	return templates, nil
}

// dead are the states of change sets that nobody can execute.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ChangeSetSummary.html
var dead = map[types.ChangeSetStatus]bool{
	types.ChangeSetStatusFailed:           true,
	types.ChangeSetStatusDeletePending:    true,
	types.ChangeSetStatusDeleteInProgress: true,
	types.ChangeSetStatusDeleteComplete:   true,
	types.ChangeSetStatusDeleteFailed:     true,
}
