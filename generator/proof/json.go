package proof

// The JSON shape is a contract with programs: keys are only ever added. Lists are never
// null.

// Report is a proof for programs.
type Report struct {
	Proved   bool            `json:"proved"` // every demand is granted, and all that must be refused is
	Steps    []StepReport    `json:"steps"`
	Unmet    []ChainReport   `json:"unmet"`
	Breached []ChainReport   `json:"breached"`
	Unproved []ChainReport   `json:"unproved"`
	Surplus  []SurplusReport `json:"surplus"`
	Load     LoadReport      `json:"load"`
	Kept     []KeptReport    `json:"kept"`
	Notes    []NoteReport    `json:"notes"`
}

// PlaceReport is a place for programs.
type PlaceReport struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// StepReport is how the demands of one stage ended.
type StepReport struct {
	Environment string `json:"environment"`
	Stage       string `json:"stage"`
	Demands     int    `json:"demands"`
	Met         int    `json:"met"`
	Unmet       int    `json:"unmet"`
	Unproved    int    `json:"unproved"`
	Refused     int    `json:"refused"`
}

// ChainReport is a chain for programs.
type ChainReport struct {
	Environment string        `json:"environment"`
	Stage       string        `json:"stage"`
	Step        string        `json:"step"`
	Who         string        `json:"who"`
	Action      string        `json:"action"`
	Resource    string        `json:"resource"`
	Verdict     string        `json:"verdict"`
	Why         string        `json:"why"`
	Cause       PlaceReport   `json:"cause"`
	Page        string        `json:"page"`
	Demands     int           `json:"demands"`
	Targets     []Member      `json:"targets"`
	Asked       []AskedReport `json:"asked"`
	Remarks     []string      `json:"remarks"`
}

// AskedReport is what the policies of one kind said.
type AskedReport struct {
	Kind      string      `json:"kind"`
	Policies  []string    `json:"policies"`
	Missing   bool        `json:"missing"`
	Decides   bool        `json:"decides"`
	Statement string      `json:"statement"` // that decides or came nearest; "" where none did
	Template  string      `json:"template"`
	Place     PlaceReport `json:"place"`
	Because   []string    `json:"because"`
	Add       string      `json:"add"`
	Remedy    string      `json:"remedy"`
}

// SurplusReport is a grant that nothing needs.
type SurplusReport struct {
	Template  string      `json:"template"`
	Resource  string      `json:"resource"`
	Statement string      `json:"statement"`
	What      string      `json:"what"`
	Place     PlaceReport `json:"place"`
	Text      string      `json:"text"`
	Hint      string      `json:"hint"`
}

// LoadReport counts what carries load.
type LoadReport struct {
	Grants     CountReport `json:"grants"`
	Statements CountReport `json:"statements"`
	Actions    CountReport `json:"actions"`
	Resources  CountReport `json:"resources"`
	Principals CountReport `json:"principals"`
	Conditions CountReport `json:"conditions"`
	Denies     CountReport `json:"denies"`
}

// CountReport is how many of how many.
type CountReport struct {
	Of    int `json:"of"`
	Carry int `json:"carry"`
}

// KeptReport is a wildcard that stays for a reason.
type KeptReport struct {
	Template  string `json:"template"`
	Resource  string `json:"resource"`
	Statement string `json:"statement"`
	What      string `json:"what"`
	Why       string `json:"why"`
	Page      string `json:"page"`
}

// NoteReport is a note for programs.
type NoteReport struct {
	Place PlaceReport `json:"place"`
	Text  string      `json:"text"`
	Hint  string      `json:"hint"`
}

// ForPrograms is the proof as data.
func (p *Proof) ForPrograms() Report {
	l := p.Load
	return Report{
		Proved: len(p.Unmet)+len(p.Breached) == 0,
		Steps:  each(p.Steps, func(s Step) StepReport { return StepReport(s) }),
		Unmet:  each(p.Unmet, Chain.ForPrograms), Breached: each(p.Breached, Chain.ForPrograms), Unproved: each(p.Unproved, Chain.ForPrograms),
		Surplus: each(p.Surplus, func(s Surplus) SurplusReport {
			return SurplusReport{s.Document.Template, s.Document.Resource, s.Statement, string(s.What), PlaceReport(s.Place), s.Text, s.Hint}
		}),
		Load: LoadReport{
			CountReport(l.Grants), CountReport(l.Statements), CountReport(l.Actions), CountReport(l.Resources),
			CountReport(l.Principals), CountReport(l.Conditions), CountReport(l.Denies),
		},
		Kept: each(p.Kept, func(k Kept) KeptReport {
			return KeptReport{k.Document.Template, k.Document.Resource, k.Statement, k.What, k.Why, k.Page}
		}),
		Notes: each(p.Notes, func(n Note) NoteReport { return NoteReport{PlaceReport(n.Place), n.Text, n.Hint} }),
	}
}

// ForPrograms is the chain as data.
func (c Chain) ForPrograms() ChainReport {
	return ChainReport{
		Environment: c.Step.Environment, Stage: c.Step.Stage, Step: c.Step.Action, Who: c.Who, Action: c.Action, Resource: c.Resource,
		Verdict: string(c.Verdict), Why: c.Why, Cause: PlaceReport(c.Cause), Page: c.Page, Demands: c.Demands,
		Targets: all(c.Targets), Asked: each(c.Asked, Asked.forPrograms), Remarks: all(c.Remarks),
	}
}

func (a Asked) forPrograms() AskedReport {
	r := AskedReport{
		Kind: string(a.Kind), Policies: all(a.Policies), Missing: a.Missing, Decides: a.Decides, Because: []string{}, Add: a.Add, Remedy: a.Remedy,
	}
	if n := a.Nearest; n != nil {
		r.Statement, r.Template, r.Place, r.Because = n.Statement, n.Template, PlaceReport(n.Place), all(n.Because)
	}
	return r
}

// all is a list that is never null.
func all[T any](list []T) []T { return append([]T{}, list...) }

func each[T, U any](list []T, f func(T) U) []U {
	out := make([]U, len(list))
	for i, item := range list {
		out[i] = f(item)
	}
	return out
}
