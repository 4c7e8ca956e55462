package build

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestJavaScriptFromOutsideOfTheFolderIsInTheBundle(t *testing.T) {
	_, holds := built(t, project(t, map[string]string{
		"functions/f/index.mjs": "import { tax } from '../../lib/tax.mjs';\nexport const handler = async () => tax;\n", "functions/f/package.json": "{}",
		"lib/tax.mjs": "export const tax = 19;\nexport const unused = 'nobody asks';\n",
	}))
	assert.Equal(t, []string{"index.mjs"}, names(holds))
	assert.Contains(t, holds["index.mjs"], "tax = 19")
	assert.NotContains(t, holds["index.mjs"], "nobody asks")
}

// Lambda loads .js as CommonJS where no package.json says otherwise, and the archive of
// a bundle holds none.
func TestABundleIsWhatItsModuleIs(t *testing.T) {
	const ts = "export const handler = async (): Promise<number> => 1;\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"a .ts file":                   {map[string]string{"src/index.ts": ts}, "src/index.js"},
		"a .ts file of a module":       {map[string]string{"index.ts": ts, "package.json": `{"type": "module"}`}, "index.mjs"},
		"a .mts file":                  {map[string]string{"index.mts": ts}, "index.mjs"},
		"a .cts file in a module":      {map[string]string{"index.cts": ts, "package.json": `{"type": "module"}`}, "index.js"},
		"JSX that its tsconfig allows": {map[string]string{"index.tsx": "const h = (n: string) => n;\nconst page = <b/>;\n" + ts, "tsconfig.json": `{"compilerOptions": {"jsxFactory": "h"}}`}, "index.js"},
	} {
		files := map[string]string{}
		for file, text := range c.files {
			files["functions/f/"+file] = text
		}
		_, holds := built(t, project(t, files))
		assert.Equal(t, []string{c.want}, names(holds), name)
		assert.Equal(t, strings.HasSuffix(c.want, ".mjs"), strings.Contains(holds[c.want], "export {"), name)
	}
}

func TestTheSDKOfTheRuntimeStaysOutOfABundleUnlessTheProjectHasItsOwn(t *testing.T) {
	const ts = "import { S3 } from '@aws-sdk/client-s3';\nexport const handler = async () => new S3({});\n"
	_, holds := built(t, project(t, map[string]string{"functions/f/index.ts": ts}))
	assert.Contains(t, holds["index.js"], `require("@aws-sdk/client-s3")`)

	stage(t)
	f := failed(t, project(t, map[string]string{
		"functions/f/index.ts": ts, "functions/f/package.json": `{"dependencies": {"@aws-sdk/client-s3": "3"}}`, "functions/f/package-lock.json": npmLock,
	}))
	assert.Contains(t, f.Output, `Could not resolve "@aws-sdk/client-s3"`, "npm, as it is played here, did not install it")
	assert.Contains(t, f.Hint, "package.json")
}

func TestABundleThatCannotBeMadeShowsWhere(t *testing.T) {
	f := failed(t, project(t, map[string]string{"functions/f/index.ts": "import { a } from './a';\nexport const handler = async () => a;\n"}))
	assert.Equal(t, "bundling functions/f/index.ts failed", f.Text)
	assert.Contains(t, f.Output, "functions/f/index.ts:1:18")
}
