package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// realCases are functions with packages, built by the tools of this machine for the
// machine of Lambda. Their packages are small and have not changed for years.
var realCases = []struct {
	name  string
	files map[string]string
	// event and answer, where what was built runs here
	answer string
	holds  []string // some of the files
	lacks  []string
}{
	{
		"npm",
		map[string]string{
			"functions/f/index.mjs":         "import ms from 'ms';\nexport const handler = async () => ms('2 days');\n",
			"functions/f/package.json":      `{"name": "f", "version": "1.0.0", "type": "module", "dependencies": {"ms": "2.1.3"}}`,
			"functions/f/package-lock.json": npmLockOf("f", "ms"),
		},
		"172800000",
		[]string{"node_modules/ms/index.js"},
		[]string{"node_modules/.package-lock.json"},
	},
	{
		"a workspace",
		map[string]string{
			"package.json":              `{"name": "shop", "private": true, "workspaces": ["functions/*", "packages/*"]}`,
			"package-lock.json":         workspaceLock,
			"packages/tax/package.json": `{"name": "tax", "version": "1.0.0", "main": "index.js"}`,
			"packages/tax/index.js":     "module.exports = 19;\n",
			"functions/f/package.json":  `{"name": "f", "version": "1.0.0", "type": "module", "dependencies": {"tax": "*", "ms": "2.1.3"}}`,
			"functions/f/index.mjs":     "import ms from 'ms';\nimport tax from 'tax';\nexport const handler = async () => ms(`${tax} s`);\n",
		},
		"19000",
		[]string{"node_modules/ms/index.js", "node_modules/tax/index.js"},
		[]string{"node_modules/f/index.mjs"},
	},
	{
		"TypeScript",
		map[string]string{
			"functions/f/src/index.ts":      "import ms from 'ms';\nexport const handler = async (): Promise<number> => ms('1 day');\n",
			"functions/f/package.json":      `{"name": "f", "version": "1.0.0", "type": "module", "dependencies": {"ms": "2.1.3"}}`,
			"functions/f/package-lock.json": npmLockOf("f", "ms"),
		},
		"86400000",
		[]string{"src/index.mjs"},
		[]string{"node_modules/ms/index.js"},
	},
	{
		"pip",
		map[string]string{
			"functions/f/app.py":           "import markupsafe\n\n\ndef lambda_handler(event, context):\n    return str(markupsafe.escape(\"<b>\"))\n",
			"functions/f/requirements.txt": "markupsafe==3.0.3\n",
		},
		"",
		[]string{"markupsafe/_speedups.cpython-314-aarch64-linux-gnu.so"},
		nil,
	},
	{
		"pip, and Python alone",
		map[string]string{
			"functions/f/app.py":           "import idna\n\n\ndef lambda_handler(event, context):\n    return idna.encode(\"größe.de\").decode()\n",
			"functions/f/requirements.txt": "idna==3.10\n",
		},
		`"xn--gre-6ka8i.de"`,
		[]string{"idna/core.py"},
		[]string{"idna/__pycache__"},
	},
}

const registry = "https://registry.npmjs.org/"

// msEntry is what npm writes of the package ms, whose address npm replaces by that of
// the registry that it is told of.
const msEntry = `"node_modules/ms": {"version": "2.1.3", "resolved": "` + registry + `ms/-/ms-2.1.3.tgz",
	"integrity": "sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA=="}`

func npmLockOf(name, dependency string) string {
	return `{"name": "` + name + `", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": {
	"": {"name": "` + name + `", "version": "1.0.0", "dependencies": {"` + dependency + `": "2.1.3"}}, ` + msEntry + `}}`
}

const workspaceLock = `{"name": "shop", "lockfileVersion": 3, "requires": true, "packages": {
	"": {"name": "shop", "workspaces": ["functions/*", "packages/*"]},
	"functions/f": {"version": "1.0.0", "dependencies": {"tax": "*", "ms": "2.1.3"}},
	"functions/other": {"version": "1.0.0"},
	"packages/tax": {"version": "1.0.0"},
	"node_modules/f": {"resolved": "functions/f", "link": true},
	"node_modules/other": {"resolved": "functions/other", "link": true},
	"node_modules/tax": {"resolved": "packages/tax", "link": true}, ` + msEntry + `}}`

func TestWhatRealToolsBuildRunsAndIsTheSameBytesAgain(t *testing.T) {
	if !*toolchain {
		t.Skip("needs npm, pip and the network: run with -toolchains, as make conformance does")
	}
	for _, c := range realCases {
		t.Run(c.name, func(t *testing.T) {
			first := project(t, c.files)
			o, holds := built(t, first)
			for _, name := range c.holds {
				assert.Contains(t, holds, name)
			}
			for name := range holds {
				for _, lacking := range c.lacks {
					assert.False(t, strings.HasPrefix(name, lacking), name)
				}
			}
			if c.answer != "" {
				answer, _ := invoke(t, first, o, "{}")
				assert.Equal(t, c.answer, answer)
			}

			second := project(t, c.files)
			require.NoError(t, os.Chtimes(filepath.Join(second, "functions/f"), time.Unix(1e9, 0), time.Unix(1e9, 0)))
			withUmask(t, 0o077)
			again, _ := built(t, second)
			require.Equal(t, o.Key, again.Key)
			want, err := os.ReadFile(filepath.Join(first, Folder, o.Key))
			require.NoError(t, err)
			got, err := os.ReadFile(filepath.Join(second, Folder, o.Key))
			require.NoError(t, err)
			assert.Equal(t, want, got)
		})
	}
}
