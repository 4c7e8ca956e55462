package estate

// exports are the outputs that stacks of one place export, by the name of the export.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
type exports map[string][]exported

type exported struct {
	from   *instance
	output int
}

// imported is what the stack's account and region export by a name. Another stack that
// nobody named here may export it, so that a name which nothing exports is no problem.
func (i *instance) imported(name string) string {
	for _, x := range i.maker.exportsIn(place{i.Account, i.Region})[name] {
		if x.from.exists() && x.from.holds(conditionOf(&x.from.Document.Outputs[x.output])) != no {
			return x.from.output(x.output)
		}
	}
	return i.stored("the export " + name)
}

func (m *maker) exportsIn(p place) exports {
	if found, ok := m.exports[p]; ok {
		return found
	}
	if m.exports == nil {
		m.exports = map[place]exports{}
	}
	found := exports{}
	m.exports[p] = found // before it is complete: the name of an export may itself import
	for _, root := range m.roots {
		if root.Account == p.account && root.Region == p.region {
			root.export(found)
		}
	}
	return found
}

// export adds what a stack and those that it nests export.
func (i *instance) export(found exports) {
	for n := range i.Document.Outputs {
		if x := at(attribute(&i.Document.Outputs[n], "Export"), "Name"); x != nil {
			name := i.text(x)
			found[name] = append(found[name], exported{i, n})
		}
	}
	for n := range i.Document.Resources {
		if child := i.children[i.Document.Resources[n].Name]; child != nil {
			child.export(found)
		}
	}
}
