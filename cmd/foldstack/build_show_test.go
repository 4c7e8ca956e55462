package main

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/build"
	"github.com/foldstack/foldstack/generator/model"
)

func TestTheLineOfABuildSaysHowFarItIsAndWhatItIsAt(t *testing.T) {
	fns := []model.Function{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}, {Name: "e"}}
	done := func(i int) build.Outcome { return build.Outcome{Item: build.Item{Function: &fns[i]}} }
	show := &buildShow{session: &session{stderr: &bytes.Buffer{}, quiet: true}, total: len(fns)}
	assert.Equal(t, "0 of 5 done", show.status())
	for i := range fns {
		show.started(&fns[i])
	}
	assert.Equal(t, "0 of 5 done: a, b, c and 2 more", show.status())
	show.done(done(1))
	show.done(done(3))
	assert.Equal(t, "2 of 5 done: a, c, e", show.status())
}

func TestWhoeverWatchesSeesOneLineAndItIsGoneAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		fn := model.Function{Name: "a\x1b[31m"}
		show, end := (&session{stderr: &out, interactive: true}).showBuild(1)
		show.started(&fn)
		time.Sleep(150 * time.Millisecond)
		show.done(build.Outcome{Item: build.Item{Function: &fn}})
		end()
		assert.Equal(t, "\rfoldstack: 0 of 1 done: a\\x1b[31m … 0s\x1b[K\r\x1b[K", out.String())
	})
}

func TestALogHasALineForEachFunction(t *testing.T) {
	var out bytes.Buffer
	fns := []model.Function{{Name: "a"}, {Name: "b"}}
	show, end := (&session{stderr: &out}).showBuild(2)
	for i := range fns {
		show.started(&fns[i])
	}
	show.done(build.Outcome{Item: build.Item{Function: &fns[1]}})
	show.done(build.Outcome{Item: build.Item{Function: &fns[0]}, Failure: &build.Failure{}})
	end()
	assert.Equal(t, "foldstack: built b, 1 of 2\nfoldstack: could not build a, 2 of 2\n", out.String())
}
