package proof

// Questions is how often policies were asked.
func (p *Proof) Questions() int { return len(p.answers) }
