//go:build unix

package generator

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/proof"
)

// estateSize is how much there is to prove.
type estateSize struct{ accounts, functions int }

// estateSizes double one thing at a time, so that a product would show.
var estateSizes = []estateSize{{25, 150}, {50, 150}, {25, 300}, {50, 300}, {5, 1000}}

// regionsOfEstate are those of every account.
const regionsOfEstate = "[eu-central-1, eu-west-1, us-east-1]"

// BenchmarkProve proves accounts in three regions each.
func BenchmarkProve(b *testing.B) {
	for _, size := range estateSizes {
		b.Run(fmt.Sprintf("accounts=%d/functions=%d", size.accounts, size.functions), func(b *testing.B) {
			r := spreadProject(b, size)
			measured(b, size.functions, func() { provedWithout(b, r) })
			var memory runtime.MemStats
			runtime.ReadMemStats(&memory)
			b.ReportMetric(float64(memory.Sys)/(1<<20), "MB-from-system")
		})
	}
}

// BenchmarkDecide is the stage of the permissions as generate runs it: the demands and
// their answers, without what the grants carry beside them.
func BenchmarkDecide(b *testing.B) {
	eachSize(b, func(b *testing.B, root string, n int) {
		r := built(b, scanned(b, root))
		measured(b, n, func() {
			problems := &diag.Problems{}
			p := proof.Decide(setOf(r.project, r.documents, nil, problems))
			if !problems.Empty() || len(p.Unmet) > 0 {
				b.Fatal(problems.Sorted(), p.Unmet)
			}
		})
	})
}

var environmentsOfProject = regexp.MustCompile(`(?m)^environments:\n(^ [^\n]*\n)+`)

// spreadProject builds a project of the benchmarks for other accounts and regions.
func spreadProject(tb testing.TB, size estateSize) *rendering {
	tb.Helper()
	root := madeProject(tb, size.functions)
	config := filepath.Join(root, "foldstack.yaml")
	text, err := os.ReadFile(config)
	require.NoError(tb, err)
	require.Regexp(tb, environmentsOfProject, string(text))
	require.NoError(tb, os.WriteFile(config, environmentsOfProject.ReplaceAll(text, []byte(spread(size.accounts))), 0o600))
	return built(tb, scanned(tb, root))
}

// spread are two environments over many accounts.
func spread(accounts int) string {
	ids := make([]string, accounts)
	for i := range ids {
		ids[i] = fmt.Sprintf("%q", fmt.Sprintf("%012d", 200000000000+i))
	}
	return fmt.Sprintf("environments:\n  dev: {accounts: [%s], regions: %[3]s}\n  prod: {accounts: [%[2]s], regions: %[3]s}\n",
		strings.Join(ids[:1], ", "), strings.Join(ids[1:], ", "), regionsOfEstate)
}

func provedWithout(tb testing.TB, r *rendering) *proof.Proof {
	problems := &diag.Problems{}
	p := prove(r.project, r.documents, nil, problems)
	require.Empty(tb, problems.Sorted())
	require.Empty(tb, p.Unmet)
	return p
}
