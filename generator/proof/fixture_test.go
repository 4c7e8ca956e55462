package proof_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/proof"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/foldstack/foldstack/generator/template"
)

// The accounts of the stories.
const (
	tools  = "111111111111"
	first  = "222222222222"
	second = "333333333333"
	frank  = "eu-central-1"
	virgin = "us-east-1"
)

// document reads a template that somebody wrote.
func document(t testing.TB, path, yaml string) *template.Document {
	t.Helper()
	var problems diag.Problems
	d := template.Written(path, source.Parse(path, []byte(yaml), &problems), len(yaml), &problems)
	require.Empty(t, problems.Sorted())
	return d
}

// root deploys a template to a place.
func root(t testing.TB, path, account, region, yaml string) estate.Root {
	return place(document(t, path, yaml), account, region)
}

func place(d *template.Document, account, region string) estate.Root {
	return estate.Root{Document: d, Name: strings.TrimSuffix(d.Path, ".yaml"), Partition: "aws", Account: account, Region: region}
}

func estateOf(t testing.TB, roots ...estate.Root) *estate.Estate {
	t.Helper()
	var problems diag.Problems
	e := estate.Of(roots, &problems)
	require.Empty(t, problems.Sorted())
	return e
}

func role(account, name string) string { return "arn:aws:iam::" + account + ":role/" + name }

// call is a demand of a role.
func call(who, action, resource string) demand.Demand {
	return demand.Demand{
		Request: authz.Request{Principal: authz.Principal{ARN: who}, Action: action, Resource: resource},
		Step:    demand.Step{Stage: "Deploy"}, Why: "a test calls " + action, Page: "https://docs.aws.amazon.com/",
	}
}

// by is a demand of a service.
func by(service, account, action, resource string) demand.Demand {
	d := call("", action, resource)
	d.Principal = authz.Principal{Service: service, Account: account}
	return d
}

func with(d demand.Demand, key string, values ...string) demand.Demand {
	context := authz.Context{key: values}
	for k, v := range d.Context {
		context[k] = v
	}
	d.Context = context
	return d
}

func narrowed(d demand.Demand, keys ...string) demand.Demand {
	d.Narrowed = keys
	return d
}

func forbidden(d demand.Demand) demand.Demand {
	d.Forbidden, d.Why = true, "nobody may do this"
	return d
}

func spare(d demand.Demand) demand.Demand {
	d.Spare = true
	return d
}

func prove(base *estate.Estate, demands ...demand.Demand) *proof.Proof {
	return proof.Prove(&proof.Set{Base: base, Demands: demands})
}

// told is everything that a proof has to say against a set but for surplus, each problem
// with its hint and its notes below it.
func told(p *proof.Proof) string {
	var problems diag.Problems
	p.Report(&problems)
	p.ReportUnproved(&problems)
	return lines(&problems)
}

// surplus is what a proof says of grants that nothing needs.
func surplus(p *proof.Proof) string {
	var problems diag.Problems
	p.ReportSurplus(&problems, func(*proof.Document) bool { return true })
	return lines(&problems)
}

func lines(problems *diag.Problems) string {
	var b strings.Builder
	for _, x := range problems.Sorted() {
		b.WriteString(x.Place.String() + ": " + x.Rule + ": " + x.Text + "\n- " + x.Hint + "\n")
		for _, n := range x.Notes {
			b.WriteString("- " + n.Place.String() + ": " + n.Text + "\n")
		}
	}
	return b.String()
}

var (
	account = symbol.New("account")
	region  = symbol.New("region")
)
