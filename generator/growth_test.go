//go:build unix

package generator

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diag"
)

// All targets of an environment are proved together: the work grows with targets plus
// functions.
func TestEveryEnvironmentIsOneClass(t *testing.T) {
	r := spreadProject(t, estateSize{accounts: 4, functions: len(kinds) + 1})
	problems := &diag.Problems{}
	set := setOf(r.project, r.documents, nil, problems)
	require.Empty(t, problems.Sorted())
	require.Len(t, set.Classes, 2)
	require.Len(t, set.Classes[0].Members, 1*3)
	require.Len(t, set.Classes[1].Members, 3*3)
}

// Base templates name regions that only one environment has.
func TestARegionThatOneEnvironmentHasDividesNone(t *testing.T) {
	r := built(t, scanned(t, madeProject(t, len(kinds)+1)))
	set := setOf(r.project, r.documents, nil, &diag.Problems{})
	require.Len(t, set.Classes, 2)
	require.Len(t, set.Classes[1].Members, 2*2)
}

// More functions of a kind are members of the demands that are there.
func TestTheDemandsOfADeploymentHardlyGrowWithItsFunctions(t *testing.T) {
	demands := func(functions int) (count, members int) {
		r := spreadProject(t, estateSize{accounts: 2, functions: functions})
		class := setOf(r.project, r.documents, nil, &diag.Problems{}).Classes[0]
		for i := range class.Demands {
			if d := &class.Demands[i]; d.Family != "" {
				count++
				members += 1 + len(d.Alike)
			}
		}
		return count, members
	}
	few, ofFew := demands(20)
	many, ofMany := demands(40)
	require.Less(t, many-few, few/5)
	require.Greater(t, ofMany, ofFew*3/2)
}
