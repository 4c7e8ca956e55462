package link

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
)

// circles reports resources that wait for each other, and conditions that are made
// of each other. Nested stacks are resources here: one that takes an output of
// another waits for it.
//
// https://repost.aws/knowledge-center/cloudformation-circular-dependency-errors
func (d *document) circles() {
	if len(d.edges) > 0 && !d.macros { // a macro such as SAM's takes references apart
		search(d.edgesByResource(), d.circle)
	}
	if len(d.Conditions) > 1 {
		next := make([][]edge, len(d.Conditions))
		for i := range d.Conditions {
			for _, r := range cfn.References(d.Conditions[i].Value) {
				if to := d.conditions.find(r.ID); r.Kind == cfn.ToCondition && to >= 0 {
					next[i] = append(next[i], edge{from: i, to: to, place: d.Conditions[i].Place})
				}
			}
		}
		search(next, func(trail []edge) { d.reportCircle("conditions are made of each other", trail, d.conditions.names()) })
	}
}

// edgesByResource cuts the edges, which the walk left in the order of the resources.
func (d *document) edgesByResource() [][]edge {
	next := make([][]edge, len(d.Resources))
	for start := 0; start < len(d.edges); {
		end, from := start+1, d.edges[start].from
		for end < len(d.edges) && d.edges[end].from == from {
			end++
		}
		if from >= 0 {
			next[from] = d.edges[start:end]
		}
		start = end
	}
	return next
}

// circle reports a circle of resources that no condition breaks in some place.
func (d *document) circle(trail []edge) {
	for i := range d.places() {
		if !slices.ContainsFunc(trail, func(e edge) bool { return !d.reached(i, e.when) }) {
			d.reportCircle("resources wait for each other", trail, d.resources.names())
			return
		}
	}
}

func (d *document) reportCircle(what string, trail []edge, names []string) {
	path := make([]string, 0, len(trail)+1)
	var notes []diag.Note
	for i, e := range trail {
		path = append(path, names[e.from])
		if i > 0 && e.place != trail[0].place {
			notes = append(notes, diag.Note{Place: e.place, Text: names[e.from] + " refers to " + names[e.to]})
		}
	}
	path = append(path, names[trail[0].from])
	d.set.report("circular-reference", trail[0].place, what+" in a circle: "+strings.Join(path, " → "),
		"remove one of the references, or move what they share into one of its own", notes...)
}

// maxCircles bounds what is reported of a template in which everything waits for
// everything.
const maxCircles = 20

// search finds circles, depth first: one for every reference back into the way that
// led to it.
func search(next [][]edge, found func(trail []edge)) {
	const fresh, open, done = 0, 1, 2
	state := make([]byte, len(next))
	var trail []edge
	circles := 0
	var visit func(node int)
	visit = func(node int) {
		state[node] = open
		for i, e := range next[node] {
			again := slices.ContainsFunc(next[node][:i], func(before edge) bool { return before.to == e.to })
			if again || state[e.to] == done {
				continue
			}
			trail = append(trail, e)
			if state[e.to] == fresh {
				visit(e.to)
			} else if circles++; circles <= maxCircles {
				start := slices.IndexFunc(trail, func(t edge) bool { return t.from == e.to })
				found(slices.Clone(trail[start:]))
			}
			trail = trail[:len(trail)-1]
		}
		state[node] = done
	}
	for node := range next {
		if state[node] == fresh {
			visit(node)
		}
	}
}
