package cloudtest

// FailResource makes a resource of a stack fail, for the given reason, whenever it is
// created, updated or deleted from now on; an empty reason ends that. The stack is
// NAME, ACCOUNT/NAME or ACCOUNT/REGION/NAME; a resource of a nested stack has the logical
// ids of those that it lies in before its own: Nested/Resource.
func (s *Server) FailResource(stack, logicalID, reason string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.formation.failing[stack+"\n"+logicalID] = reason
}

// FailEverywhere does so with a resource of whatever stack, such as those of a set,
// whose names nobody chooses.
func (s *Server) FailEverywhere(logicalID, reason string) { s.FailResource("", logicalID, reason) }

// Stack is a stack as tests see it.
type Stack struct {
	Name, ID       string
	Status, Reason string
	Template       string
	Parameters     map[string]string
	Outputs        map[string]string
	Nested         bool
}

// Stacks are those of a region of an account that are not deleted, in the order of
// their creation. Looking here is not waiting: nothing comes to light by it.
func (s *Server) Stacks(account, region string) []Stack {
	s.lock.Lock()
	defer s.lock.Unlock()
	var all []Stack
	for _, there := range s.formation.there(place{account, region}) {
		seen := Stack{
			Name: there.name, ID: there.id, Status: there.status, Reason: there.reason, Template: there.body,
			Parameters: there.parameters, Outputs: map[string]string{}, Nested: there.parent != nil,
		}
		for _, o := range there.outputs {
			seen.Outputs[o.OutputKey] = o.OutputValue
		}
		all = append(all, seen)
	}
	return all
}

// SetStatus brings a stack into a state, as somebody else could have left it. It makes
// one without resources where there is none.
func (s *Server) SetStatus(account, region, name, status, reason string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	p := place{account, region}
	there := s.formation.find(p, name)
	if there == nil {
		there = s.formation.add(p, name, nil)
	}
	o := &change{server: s, root: there}
	o.tellStack(there, status, reason, nil)
	o.begin(len(o.steps))
}
