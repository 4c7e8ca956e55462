// Package ids gives ids of rules to reporters in all ways that there are.
package ids

type problem struct {
	text, rule string
}

type problems []problem

func (ps *problems) report(text, rule string) {
	*ps = append(*ps, problem{text: text, rule: rule})
}

func addAll(rule string, texts ...string) (list problems) {
	for _, text := range texts {
		list.report(text, rule)
	}
	return list
}

func right() {
	const rule = "by-constant"
	list := append(addAll("by-argument"), problem{rule: "by-field"})
	list.report("", "by-method")
	list.report("", rule)
}

func wrong(id string) {
	addAll(id)
	_ = problem{rule: id}
	_ = problem{rule: "Not A Rule"}
	call := (*problems).report
	add := addAll
	p := problem{}
	p.rule = "by-" + id
	_ = problem{"", "by-position"}
	_ = []problem{{"", "by-position"}}
	call(nil, "", id)
	add(id)
}
