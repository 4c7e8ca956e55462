package stack

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/event"
)

// crowd is n children that take the outputs that links name: "b->a".
func crowd(n, resources int, uses ...string) (*Links, []*Child) {
	links := &Links{nodes: map[string]*node{}}
	var list []*Child
	for i := range n {
		name := fmt.Sprintf("f%04d", i)
		links.nodes[name] = &node{name: name, uses: map[string]event.Reference{}}
		list = append(list, &Child{Name: name, Resources: resources, Place: diag.Place{File: name}})
	}
	for _, use := range uses {
		user, provider, _ := strings.Cut(use, "->")
		r := event.Reference{Stack: provider, Output: "Arn", Place: diag.Place{File: user, Line: 1}}
		links.nodes[user].uses[r.String()] = r
	}
	return links, list
}

func placeAll(t *testing.T, links *Links, list []*Child, lock Lock) (map[string]int, Lock) {
	t.Helper()
	var problems diag.Problems
	placed, next := place(links, list, lock, &problems)
	require.Empty(t, problems.Sorted())
	require.Len(t, placed, len(list))
	for number := range shards(placed) {
		var l load
		for _, c := range list {
			if placed[c.Name] == number {
				l = l.plus(load{1, c.Resources + 1})
			}
		}
		assert.True(t, l.fits(full), "orchestration %d holds %s", number, l)
	}
	return placed, next
}

func shards(placed map[string]int) map[int]int {
	count := map[int]int{}
	for _, number := range placed {
		count[number]++
	}
	return count
}

func TestTheLockSaysNothingWhileOneOrchestrationIsHalfEmpty(t *testing.T) {
	links, list := crowd(250, 1)
	placed, lock := placeAll(t, links, list, Lock{})
	assert.Len(t, shards(placed), 1)
	assert.Empty(t, lock.Places)

	links, list = crowd(251, 1)
	grown, next := placeAll(t, links, list, lock)
	assert.Len(t, shards(grown), 1)
	assert.Equal(t, grown, next.Places)
}

func TestHalfIsMeasuredInResourcesToo(t *testing.T) {
	links, list := crowd(125, 9)
	_, lock := placeAll(t, links, list, Lock{})
	assert.Empty(t, lock.Places)
	links, list = crowd(126, 9)
	_, lock = placeAll(t, links, list, Lock{})
	assert.NotEmpty(t, lock.Places)
}

func TestManyIndependentFunctionsFillSeveralOrchestrations(t *testing.T) {
	links, list := crowd(1200, 6)
	placed, _ := placeAll(t, links, list, Lock{})
	assert.Len(t, shards(placed), 5) // 2,500 resources at 80 percent are 285 functions of seven
	for number := range shards(placed) {
		assert.LessOrEqual(t, number, 5)
	}
}

func TestWhatIsLockedStaysWhereverNewOnesSort(t *testing.T) {
	links, list := crowd(1200, 6)
	before, lock := placeAll(t, links, list[600:], Lock{})
	after, _ := placeAll(t, links, list, lock)
	for name, number := range before {
		assert.Equal(t, number, after[name], name)
	}
}

func TestRemovedNamesLeaveTheLock(t *testing.T) {
	links, list := crowd(300, 5)
	_, lock := placeAll(t, links, list, Lock{})
	require.Len(t, lock.Places, 300)
	_, lock = placeAll(t, links, list[:299], lock)
	assert.Len(t, lock.Places, 299)
}

func TestFunctionsThatShareOutputsStayTogether(t *testing.T) {
	links, list := crowd(1200, 6, "f0000->f1199", "f1199->f0600")
	placed, _ := placeAll(t, links, list, Lock{})
	assert.Equal(t, placed["f0000"], placed["f1199"])
	assert.Equal(t, placed["f0000"], placed["f0600"])
}

func TestANewFunctionGoesToThoseThatItSharesOutputsWith(t *testing.T) {
	links, list := crowd(1200, 6, "f0000->f1199")
	_, lock := placeAll(t, links, list[1:], Lock{})
	placed, _ := placeAll(t, links, list, lock)
	assert.Equal(t, lock.Places["f1199"], placed["f0000"])
	assert.Greater(t, placed["f0000"], 1)
}

func TestALinkBetweenTwoLockedOrchestrationsIsAProblemAtTheLink(t *testing.T) {
	links, list := crowd(1200, 6)
	_, lock := placeAll(t, links, list, Lock{})
	links, list = crowd(1200, 6, "f0000->f1199")
	var problems diag.Problems
	place(links, list, lock, &problems)
	found := problems.Sorted()
	require.NotEmpty(t, found)
	assert.Equal(t, "output-across", found[0].Rule)
	assert.Equal(t, "f0000:1", found[0].Place.String())
}

func TestAComponentThatFitsNowhereSaysWhereToCutIt(t *testing.T) {
	var uses []string
	for i := 1; i < 501; i++ {
		uses = append(uses, fmt.Sprintf("f%04d->f0000", i))
	}
	links, list := crowd(501, 1, uses...)
	for _, lock := range []Lock{{}, {Present: true}} {
		var problems diag.Problems
		place(links, list, lock, &problems)
		found := problems.Sorted()
		require.Len(t, found, 1)
		assert.Equal(t, "component-too-large", found[0].Rule)
		assert.Contains(t, found[0].Text, "501 stacks with 1002 resources")
		assert.Contains(t, found[0].Hint, "500 of them take outputs of f0000")
	}
}

func TestFunctionsThatOutgrewTheirOrchestrationAreAProblem(t *testing.T) {
	links, list := crowd(300, 6)
	_, lock := placeAll(t, links, list, Lock{})
	for _, c := range list {
		c.Resources = 20
	}
	var problems diag.Problems
	place(links, list, lock, &problems)
	found := problems.Sorted()
	require.NotEmpty(t, found)
	assert.Equal(t, "orchestration-full", found[0].Rule)
	assert.Equal(t, LockFile, found[0].Place.File)
}

// A file that names nobody stands for a project that is deployed in one
// orchestration; nobody can tell which of too many functions those are.
func TestAnEmptyLockAndTooManyFunctionsIsAProblem(t *testing.T) {
	links, list := crowd(1200, 6)
	var problems diag.Problems
	_, next := place(links, list, Lock{Present: true}, &problems)
	require.Len(t, problems.Sorted(), 1)
	assert.Equal(t, "lock-ambiguous", problems.Sorted()[0].Rule)
	assert.Empty(t, next.Places)
}

func TestOrchestrationsAreCountedWithoutAGap(t *testing.T) {
	p := shop(t, folder{name: "a"}, folder{name: "c"})
	list, links, _ := children(t, p)
	var problems diag.Problems
	orchestrations, _ := Orchestrations(p, links, list, Lock{Present: true, Places: map[string]int{"a": 1, "b": 2, "c": 3}}, &problems)
	require.Len(t, orchestrations, 3)
	for i, path := range []string{"orchestration.yaml", "orchestration-2.yaml", "orchestration-3.yaml"} {
		assert.Equal(t, path, orchestrations[i].Path)
		_, err := orchestrations[i].Template.Render()
		assert.NoError(t, err)
	}
	assert.Empty(t, orchestrations[1].Children)
}

func TestALockReadsAsItWasWritten(t *testing.T) {
	for _, lock := range []Lock{
		{Present: true, Places: map[string]int{}},
		{Present: true, Places: map[string]int{"true": 1, "0123": 2, "1e3": 12, "foo_bar": 1, "-x-": 1, "api": 1}},
	} {
		var problems diag.Problems
		assert.Equal(t, lock, ReadLock(lock.Bytes(), &problems))
		assert.Empty(t, problems.Sorted())
	}
	assert.Equal(t, Lock{}, ReadLock(nil, nil))
}

func TestAGarbledLockIsAProblem(t *testing.T) {
	for _, text := range []string{
		"", "orchestrations: {}", "version: 2\norchestrations: {}", "version: 1\norchestrations: {a: x}", "version: 1\norchestrations: {a: 0}",
		"version: 1\norchestrations: [a]", "version: 1\nplaces: {}", "<<<<<<< HEAD\nversion: 1", "\x00",
	} {
		var problems diag.Problems
		ReadLock([]byte(text), &problems)
		found := problems.Sorted()
		if assert.NotEmpty(t, found, "%q", text) {
			assert.Equal(t, LockFile, found[0].Place.File, "%q", text)
		}
	}
}

func TestALockThatIsNoYAMLIsOneProblem(t *testing.T) {
	for text, rule := range map[string]string{"": "lock-unreadable", "<<<<<<< HEAD\nversion: 1\n=======\n": "yaml-merge-conflict", "a: [": "yaml-syntax"} {
		var problems diag.Problems
		ReadLock([]byte(text), &problems)
		if found := problems.Sorted(); assert.Len(t, found, 1, "%q", text) {
			assert.Equal(t, rule, found[0].Rule, "%q", text)
		}
	}
}

func FuzzReadLock(f *testing.F) {
	f.Add(string(Lock{Present: true, Places: map[string]int{"a": 1, "b": 2}}.Bytes()))
	f.Add("version: 1\norchestrations: {a: -1}")
	f.Fuzz(func(t *testing.T, text string) {
		var problems diag.Problems
		lock := ReadLock([]byte(text), &problems)
		for name, number := range lock.Places {
			assert.Positive(t, number, name)
		}
	})
}

func BenchmarkFunction(b *testing.B) {
	p := everythingOnce(b)
	for b.Loop() {
		var problems diag.Problems
		links := Resolve(p, &problems)
		for i := range p.Functions {
			_ = Function(p, &p.Functions[i], links, &problems).Render()
		}
	}
}
