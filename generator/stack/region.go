package stack

import (
	"github.com/awslabs/goformation/v7/cloudformation/kms"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
)

// Region is the base stack of the tooling account in every further region: a
// replica of the key, the buckets and the repository. One template serves all
// these regions; its one parameter is the key's id, which is the same everywhere.
// It is nil when all targets lie in the tooling region.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
func Region(p *model.Project, problems *diag.Problems) (*cfn.Template, error) {
	if len(p.Regions()) == 1 {
		return nil, nil
	}
	t := &cfn.Template{
		Header:      header(p, p.Place.File),
		Description: "Key, buckets and image repository of " + p.Name + " in a further region of the tooling account",
		Parameters: []cfn.Parameter{{
			Name: KeyParameter, Description: "The output KeyId of the stack " + model.ToolingStack(p.Name), AllowedPattern: "mrk-[0-9a-f]{32}",
		}},
	}
	who := newReaders(p, t, p.Regions()[1:]...)
	kept(t.Add("Key", &kms.ReplicaKey{
		Description:   cfn.Ptr("Artifacts, assets and images of " + p.Name),
		PrimaryKeyArn: cfn.Sub(partition + "kms:" + p.Tooling.Region + ":" + here + ":key/${KeyId}"),
		KeyPolicy:     keyPolicy(p, who, problems),
	}))
	addStorage(t, p, who, problems)
	return t, addDigest(t)
}
