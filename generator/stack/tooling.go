package stack

import (
	"github.com/awslabs/goformation/v7/cloudformation/codeconnections"
	"github.com/awslabs/goformation/v7/cloudformation/kms"
	"github.com/awslabs/goformation/v7/cloudformation/s3"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
)

// Names of what the tooling stack exports to the pipeline stack; see model.Export.
const (
	exportKeyID      = "KeyId"
	exportConnection = "ConnectionArn"
)

// Tooling is the base stack of the tooling account in the pipeline's region: the
// key, the buckets, the repository, what the pipeline takes its source from, and
// every role of the tooling account.
func Tooling(p *model.Project, problems *diag.Problems) (*cfn.Template, error) {
	t := &cfn.Template{
		Header:      header(p, p.Place.File),
		Description: "Key, buckets, image repository and roles of the delivery of " + p.Name,
	}
	who := newReaders(p, t, p.Tooling.Region)
	kept(t.Add("Key", &kms.Key{
		Description:       cfn.Ptr("Artifacts, assets, images, topics and build logs of " + p.Name),
		EnableKeyRotation: cfn.Ptr(true),
		MultiRegion:       cfn.Ptr(true),
		KeyPolicy:         keyPolicy(p, who, problems, topicsUseKey(p), buildLogsUseKey(p)),
	})).Comment = "The primary of a key that every region has under the same id."
	t.Outputs = append(t.Outputs, cfn.Output{
		Name: exportKeyID, Description: "The parameter KeyId of the region and target stacks", Value: cfn.Ref("Key"), Export: model.Export(p.Name, exportKeyID),
	})
	addStorage(t, p, who, problems)
	addSource(t, p, problems)
	addToolingRoles(t, p, problems)
	return t, addDigest(t)
}

// addSource adds what the pipeline takes its source from, where it is not given.
func addSource(t *cfn.Template, p *model.Project, problems *diag.Problems) {
	switch {
	case p.Source.Provider != model.S3 && p.Source.Connection == "":
		addConnection(t, p, problems)
	case p.Source.Provider == model.S3 && p.Source.Bucket == "":
		bucket := addBucket(t, "SourceBucket", model.SourceBucket(p.Name, here, regionHere), "An upload of "+p.Source.Key+" starts the pipeline.")
		bucket.NotificationConfiguration = &s3.Bucket_NotificationConfiguration{
			EventBridgeConfiguration: &s3.Bucket_EventBridgeConfiguration{EventBridgeEnabled: true},
		}
		addBucketPolicy(t, p, "SourceBucket", problems)
		t.Outputs = append(t.Outputs, cfn.Output{Name: "SourceBucket", Description: "Upload the project here as " + p.Source.Key, Value: cfn.Ref("SourceBucket")})
	}
}

// providerTypes are the hosts to which a connection can be made without a host
// resource, which somebody has to set up in their network first.
//
// https://docs.aws.amazon.com/codeconnections/latest/APIReference/API_CreateConnection.html
var providerTypes = map[model.SourceProvider]string{
	model.GitHub:    "GitHub",
	model.GitLab:    "GitLab",
	model.Bitbucket: "Bitbucket",
}

func addConnection(t *cfn.Template, p *model.Project, problems *diag.Problems) {
	provider, ok := providerTypes[p.Source.Provider]
	if !ok {
		problems.Addf("connection-needed", p.Source.Place, "make a host and a connection in the tooling account and write its ARN: `connection: arn:…`",
			"a connection to %s needs a host in your network, which cannot be made for you", p.Source.Provider)
		return
	}
	t.Add("Connection", &codeconnections.Connection{ConnectionName: p.Name, ProviderType: &provider}).Comment = "Pending until somebody authorises it in the console, once."
	t.Outputs = append(t.Outputs, cfn.Output{
		Name: exportConnection, Description: "The connection to " + provider, Value: cfn.Ref("Connection"), Export: model.Export(p.Name, exportConnection),
	})
}
