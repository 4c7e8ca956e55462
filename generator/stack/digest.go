package stack

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/foldstack/foldstack/generator/cfn"
)

// DigestOutput is the output of a base stack that tells which template it was made
// from.
const DigestOutput = "TemplateDigest"

// Digest is the output DigestOutput of a template, and empty where it has none.
func Digest(t *cfn.Template) string {
	for _, o := range t.Outputs {
		if digest, ok := o.Value.(string); ok && o.Name == DigestOutput {
			return digest
		}
	}
	return ""
}

// addDigest appends the output DigestOutput: the SHA-256 of the template as it is
// without it. A base stack whose digest differs from the committed template's is
// stale and has to be bootstrapped again.
func addDigest(t *cfn.Template) error {
	data, err := t.Render()
	if err != nil {
		return fmt.Errorf("rendering the template for its digest: %w", err)
	}
	sum := sha256.Sum256(data)
	t.Outputs = append(t.Outputs, cfn.Output{
		Name:        DigestOutput,
		Description: "The SHA-256 of this template without this output.",
		Value:       hex.EncodeToString(sum[:]),
	})
	return nil
}
