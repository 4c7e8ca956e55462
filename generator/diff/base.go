package diff

import (
	"bytes"
)

// deployed lists the base stacks that somebody has to deploy: those that are new and
// those whose template is another. Behind them stand those that nothing names any more.
func deployed(before, after State) []Deploy {
	was, is := bases(before), bases(after)
	list := []Deploy{}
	for _, b := range is.order {
		old, there := was.units[b]
		switch {
		case !there:
			list = append(list, b.deploy(Added, is.units[b]))
		case !bytes.Equal(old.Data, is.units[b].Data):
			list = append(list, b.deploy(Changed, is.units[b]))
		}
	}
	for _, b := range was.order {
		if _, there := is.units[b]; !there {
			list = append(list, b.deploy(Removed, was.units[b]))
		}
	}
	return list
}

// baseStack is a base stack in its place.
type baseStack struct {
	name string
	Target
}

func (b baseStack) deploy(action Action, u Unit) Deploy {
	return Deploy{Action: action, Template: u.Name, Stack: b.name, Target: b.Target}
}

type baseStacks struct {
	order []baseStack
	units map[baseStack]Unit
}

func bases(s State) baseStacks {
	all := baseStacks{units: map[baseStack]Unit{}}
	for _, cell := range s.Bases {
		for _, root := range cell.Roots {
			b := baseStack{root.Name, Target{root.Account, root.Region}}
			all.order = append(all.order, b)
			all.units[b] = s.Units[root.Document]
		}
	}
	return all
}
