package stack

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/event"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/source"
)

// Child is one stack that an orchestration nests.
type Child struct {
	Name      string // of the function or stack, or "api"
	Path      string // of the template, relative to the output folder
	Place     diag.Place
	Only      []model.Only    // it exists where one of them includes the target; none: everywhere
	Template  *cfn.Template   // nil where the user wrote the template
	Written   *source.Node    // what the user wrote: the template, or what was merged into it
	Data      []byte          // the template as it is published; of ours after Render
	Arguments []Argument      // what the orchestration passes, by parameter
	Resources int             // the most that one operation touches in it
	Offered   map[string]bool // the names of its outputs
	Declared  []Declared      // the permissions that the user wrote for its role

	digest string // see Digest
}

// Argument is the value that an orchestration gives to a child's parameter.
type Argument struct {
	Parameter string
	Value     string           // in the orchestration; empty when From is set
	From      *event.Reference // the output of another child
}

// Declared is a statement with the place where a user wrote it, for the role of that
// logical id.
type Declared struct {
	Role      string
	Statement policy.Statement
	Place     diag.Place
}

// Render writes the child's template into Data.
func (c *Child) Render() error {
	if c.Template == nil {
		return nil
	}
	data, err := c.Template.Render()
	c.Data = data
	return err
}

// Digest names the child's template among the published ones.
func (c *Child) Digest() string {
	if c.digest == "" {
		sum := sha256.Sum256(c.Data)
		c.digest = hex.EncodeToString(sum[:])
	}
	return c.digest
}

// EnvironmentParameter is the parameter that says which environment is deployed, and
// AssetsParameter the one that says which bucket holds code and templates. KeyParameter
// tells the base stacks which key the tooling stack made, which has an output of the same
// name.
const (
	EnvironmentParameter = environmentParameter
	AssetsParameter      = assetsParameter
	KeyParameter         = exportKeyID
	ConnectionOutput     = exportConnection
)

// The parameters that every template of a target may have.
const (
	environmentParameter = "Environment"
	assetsParameter      = "AssetBucket"
	projectParameter     = "Project" // of users' templates
)
