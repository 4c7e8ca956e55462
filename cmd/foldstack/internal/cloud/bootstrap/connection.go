package bootstrap

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/codeconnections"
	"github.com/aws/aws-sdk-go-v2/service/codeconnections/types"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
)

// Connection is one to the source that the tooling stack has made. Somebody has to
// authorise it in the console, once.
//
// https://docs.aws.amazon.com/dtconsole/latest/userguide/connections-update.html
type Connection struct {
	ARN    string
	Status string // PENDING, AVAILABLE or ERROR
	URL    string // where it is authorised
}

// Available reports a connection that a pipeline can use.
func (c *Connection) Available() bool { return c.Status == string(types.ConnectionStatusAvailable) }

// PendingError says that a pipeline was not made, because nobody has authorised its
// connection yet.
type PendingError struct{ *Connection }

func (e PendingError) Error() string {
	return "the pipeline was not made: the connection " + e.ARN + " is " + e.Status
}

// lookAtConnection finds the connection that a pipeline which is still to be made needs.
func (p *Plan) lookAtConnection(ctx context.Context) error {
	last := p.Steps[len(p.Steps)-1]
	if !last.UpdatesItself || !last.Pending() {
		return nil
	}
	return p.connection(ctx)
}

// connection looks at the connection that the tooling stack has made, if it makes one.
//
// https://docs.aws.amazon.com/codeconnections/latest/APIReference/API_GetConnection.html
func (p *Plan) connection(ctx context.Context) error {
	i := slices.IndexFunc(p.Steps, func(s *Step) bool {
		return s.there != nil && s.Makes("CodeConnections") && s.there.Outputs[generator.BaseConnection] != ""
	})
	if i < 0 {
		return nil
	}
	arn := p.Steps[i].there.Outputs[generator.BaseConnection]
	region := p.project.Tooling.Region
	session, err := p.accounts.Session(ctx, p.project.Tooling.Account)
	if err != nil {
		return err
	}
	answer, err := codeconnections.NewFromConfig(session.Config(region)).GetConnection(ctx, &codeconnections.GetConnectionInput{ConnectionArn: &arn})
	if err != nil {
		return session.Explain(err, cloud.Call{Action: "codeconnections:GetConnection", Region: region, Resource: arn})
	}
	p.Connection = &Connection{ARN: arn, URL: ConsoleURL(region)}
	if answer.Connection != nil {
		p.Connection.Status = string(answer.Connection.ConnectionStatus)
	}
	return nil
}

// ConsoleURL is the page of the console that lists the connections of a region.
//
// https://docs.aws.amazon.com/dtconsole/latest/userguide/connections-update.html
func ConsoleURL(region string) string {
	partition, _ := model.PartitionOf(region) // checked when it was generated
	return "https://" + partition.Console() + "/codesuite/settings/connections?region=" + region
}

// await returns when somebody has authorised the connection, if there is one.
func (p *Plan) await(ctx context.Context, pending func(*Connection)) error {
	session, err := p.accounts.Session(ctx, p.project.Tooling.Account)
	if err != nil {
		return err
	}
	for looks := 0; ; looks++ {
		if err := p.connection(ctx); err != nil || p.Connection == nil || p.Connection.Available() {
			return err
		}
		if p.options.NoWait {
			return PendingError{p.Connection}
		}
		if looks == 0 {
			pending(p.Connection)
		}
		if err := session.Pause(ctx, looks); err != nil {
			return err
		}
	}
}
