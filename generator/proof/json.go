package proof

import (
	"encoding/json"

	"github.com/foldstack/foldstack/generator/symbol"
)

// The JSON shape is a contract with programs: keys are only ever added, every key is
// always there, and lists are never null.
type (
	jsonProof struct {
		Proved   bool          `json:"proved"` // every demand is granted, and all that must be refused is
		Steps    []jsonStep    `json:"steps"`
		Unmet    []jsonChain   `json:"unmet"`
		Breached []jsonChain   `json:"breached"`
		Unproved []jsonChain   `json:"unproved"`
		Surplus  []jsonSurplus `json:"surplus"`
		Load     jsonLoad      `json:"load"`
		Kept     []jsonKept    `json:"kept"`
		Notes    []jsonNote    `json:"notes"`
	}
	jsonPlace struct {
		File   string `json:"file"`
		Line   int    `json:"line"`
		Column int    `json:"column"`
	}
	jsonStep struct {
		Environment string `json:"environment"`
		Stage       string `json:"stage"`
		Demands     int    `json:"demands"`
		Met         int    `json:"met"`
		Unmet       int    `json:"unmet"`
		Unproved    int    `json:"unproved"`
		Forbidden   int    `json:"forbidden"`
		Refused     int    `json:"refused"`
	}
	jsonChain struct {
		Environment string      `json:"environment"`
		Stage       string      `json:"stage"`
		Step        string      `json:"step"`
		Who         string      `json:"who"`
		Action      string      `json:"action"`
		Resource    string      `json:"resource"`
		Verdict     string      `json:"verdict"`
		Why         string      `json:"why"`
		Cause       jsonPlace   `json:"cause"`
		Page        string      `json:"page"`
		Demands     int         `json:"demands"`
		Targets     []Member    `json:"targets"`
		Asked       []jsonAsked `json:"asked"`
		Remarks     []string    `json:"remarks"`
	}
	jsonAsked struct {
		Kind      string    `json:"kind"`
		Policies  []string  `json:"policies"`
		Missing   bool      `json:"missing"`
		Decides   bool      `json:"decides"`
		Statement string    `json:"statement"` // that decides or came nearest; "" where none did
		Template  string    `json:"template"`
		Place     jsonPlace `json:"place"`
		Because   []string  `json:"because"`
		Add       string    `json:"add"`
		Remedy    string    `json:"remedy"`
	}
	jsonSurplus struct {
		Template  string    `json:"template"`
		Resource  string    `json:"resource"`
		Statement string    `json:"statement"`
		What      string    `json:"what"`
		Place     jsonPlace `json:"place"`
		Text      string    `json:"text"`
		Hint      string    `json:"hint"`
	}
	jsonLoad struct {
		Grants     jsonCount `json:"grants"`
		Statements jsonCount `json:"statements"`
		Actions    jsonCount `json:"actions"`
		Resources  jsonCount `json:"resources"`
		Principals jsonCount `json:"principals"`
		Conditions jsonCount `json:"conditions"`
		Denies     jsonCount `json:"denies"`
	}
	jsonCount struct {
		Of    int `json:"of"`
		Carry int `json:"carry"`
	}
	jsonKept struct {
		Template  string `json:"template"`
		Resource  string `json:"resource"`
		Statement string `json:"statement"`
		What      string `json:"what"`
		Why       string `json:"why"`
		Page      string `json:"page"`
	}
	jsonNote struct {
		Place jsonPlace `json:"place"`
		Text  string    `json:"text"`
		Hint  string    `json:"hint"`
	}
)

// MarshalJSON writes the proof for programs.
func (p *Proof) MarshalJSON() ([]byte, error) {
	return json.Marshal(jsonProof{
		Proved: len(p.Unmet)+len(p.Breached) == 0,
		Steps:  each(p.Steps, func(s Step) jsonStep { return jsonStep(s) }),
		Unmet:  each(p.Unmet, Chain.json), Breached: each(p.Breached, Chain.json), Unproved: each(p.Unproved, Chain.json),
		Surplus: each(p.Surplus, func(s Surplus) jsonSurplus {
			return jsonSurplus{s.Document.Template, s.Document.Resource, s.Statement, string(s.What), jsonPlace(s.Place), s.Text, s.Hint}
		}),
		Load: p.Load.json(),
		Kept: each(p.Kept, func(k Kept) jsonKept {
			return jsonKept{k.Document.Template, k.Document.Resource, k.Statement, k.What, k.Why, k.Page}
		}),
		Notes: each(p.Notes, func(n Note) jsonNote { return jsonNote{jsonPlace(n.Place), n.Text, n.Hint} }),
	})
}

// MarshalJSON writes the chain for programs.
func (c *Chain) MarshalJSON() ([]byte, error) { return json.Marshal(c.json()) }

func (c Chain) json() jsonChain {
	return jsonChain{
		Environment: c.Step.Environment, Stage: c.Step.Stage, Step: symbol.Show(c.Step.Action), Who: c.Who, Action: c.Action, Resource: c.Resource,
		Verdict: string(c.Verdict), Why: c.Why, Cause: jsonPlace(c.Cause), Page: c.Page, Demands: c.Demands,
		Targets: all(c.Targets), Asked: each(c.Asked, Asked.json), Remarks: all(c.Remarks),
	}
}

func (a Asked) json() jsonAsked {
	j := jsonAsked{
		Kind: string(a.Kind), Policies: all(a.Policies), Missing: a.Missing, Decides: a.Decides, Because: []string{}, Add: a.Add, Remedy: a.Remedy,
	}
	if n := a.Nearest; n != nil {
		j.Statement, j.Template, j.Place, j.Because = n.Statement, n.Template, jsonPlace(n.Place), all(n.Because)
	}
	return j
}

func (l Load) json() jsonLoad {
	return jsonLoad{
		jsonCount(l.Grants), jsonCount(l.Statements), jsonCount(l.Actions), jsonCount(l.Resources),
		jsonCount(l.Principals), jsonCount(l.Conditions), jsonCount(l.Denies),
	}
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
