package main

import (
	"github.com/foldstack/foldstack/cmd/foldstack/internal/build"
	"github.com/foldstack/foldstack/generator/diag"
)

// The shape of build --json. Keys are only ever added to it, and lists are never null.
type (
	buildListing struct {
		Functions []builtFn       `json:"functions"`
		Failures  []listedFailure `json:"failures"` // that ended it; of a function it has its own
		Problems  listedProblems  `json:"problems"`
	}
	builtFn struct {
		Name      string        `json:"name"`
		Toolchain string        `json:"toolchain"`
		Key       string        `json:"key"`
		State     build.State   `json:"state"`  // missing, forced, local, published or shared
		Action    string        `json:"action"` // build or keep; after the build built, failed or keep
		Files     int           `json:"files"`
		Unzipped  int64         `json:"unzipped"` // bytes
		Packed    int64         `json:"packed"`   // bytes of an archive
		Failure   *buildFailure `json:"failure"`  // null: none
	}
	buildFailure struct {
		Text    string `json:"text"`
		Command string `json:"command"`
		Folder  string `json:"folder"`
		Output  string `json:"output"`
		Hint    string `json:"hint"`
	}
)

// buildReport is a plan, with what became of it where it was carried out, or why there is
// none.
func buildReport(plan build.Plan, outcomes []build.Outcome, problems []diag.Problem, failed error) buildListing {
	byName := map[string]*build.Outcome{}
	for i := range outcomes {
		byName[outcomes[i].Function.Name] = &outcomes[i]
	}
	l := buildListing{Functions: []builtFn{}, Failures: listedFailures(failed), Problems: problems}
	for _, item := range plan {
		fn := builtFn{Name: item.Function.Name, Toolchain: item.Function.Toolchain, Key: item.Key, State: item.State, Action: action(item)}
		if o := byName[fn.Name]; o != nil {
			fn.Action, fn.Files, fn.Unzipped, fn.Packed = "built", o.Files, o.Unzipped, o.Packed
			if f := o.Failure; f != nil {
				fn.Action, fn.Failure = "failed", &buildFailure{f.Text, f.Command, f.Dir, f.Output, f.Hint}
			}
		}
		l.Functions = append(l.Functions, fn)
	}
	return l
}
