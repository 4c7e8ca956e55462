package check

import (
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/template"
)

// lifecycleDay is the day on which the table below is read: no clock is asked, so
// that the same release says the same every day. Move it on with each release.
const lifecycleDay = "2026-11-21"

// lifecycle is when Lambda stops to create and to update functions with a runtime.
type lifecycle struct{ create, update, successor string }

func (l lifecycle) over(day string) bool { return l.create <= day }

func (l lifecycle) updates(day string) string {
	if l.update <= day {
		return "and updates none since " + l.update
	}
	return "and will update none from " + l.update + " on"
}

// lifecycles are the runtimes that can be written, with the dates of the page below as
// cfn-lint 1.58.0 of October 2026 has them. AWS moves dates that lie ahead.
//
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
var lifecycles = map[string]lifecycle{
	"dotnetcore1.0": {"2019-06-30", "2019-07-30", "dotnet10"},
	"dotnetcore2.0": {"2019-04-30", "2019-05-30", "dotnet10"},
	"dotnetcore2.1": {"2022-01-05", "2022-04-13", "dotnet10"},
	"dotnetcore3.1": {"2023-04-03", "2023-05-03", "dotnet10"},
	"dotnet6":       {"2027-02-01", "2027-03-03", "dotnet10"},
	"dotnet8":       {"2027-02-01", "2027-03-03", "dotnet10"},
	"dotnet10":      {"2028-12-14", "2029-01-15", ""},

	"java8":     {"2024-02-08", "2027-03-03", "java25"},
	"java8.al2": {"2027-07-31", "2027-08-31", "java25"},
	"java11":    {"2027-07-31", "2027-08-31", "java25"},
	"java17":    {"2027-07-31", "2027-08-31", "java25"},
	"java21":    {"2029-07-31", "2029-08-31", "java25"},
	"java25":    {"2029-07-31", "2029-08-31", ""},

	"nodejs10.x": {"2021-07-30", "2022-02-14", "nodejs24.x"},
	"nodejs12.x": {"2023-03-31", "2023-04-30", "nodejs24.x"},
	"nodejs14.x": {"2024-01-09", "2027-03-03", "nodejs24.x"},
	"nodejs16.x": {"2027-02-01", "2027-03-03", "nodejs24.x"},
	"nodejs18.x": {"2027-02-01", "2027-03-03", "nodejs24.x"},
	"nodejs20.x": {"2027-02-01", "2027-03-03", "nodejs24.x"},
	"nodejs22.x": {"2027-06-01", "2027-07-01", "nodejs24.x"},
	"nodejs24.x": {"2028-06-01", "2028-07-01", ""},

	"provided":        {"2024-02-08", "2027-03-03", "provided.al2023"},
	"provided.al2":    {"2027-02-01", "2027-03-03", "provided.al2023"},
	"provided.al2023": {"2029-07-31", "2029-08-31", ""},

	"python2.7":  {"2021-07-15", "2022-05-30", "python3.14"},
	"python3.6":  {"2022-07-18", "2022-08-29", "python3.14"},
	"python3.7":  {"2024-01-09", "2027-03-03", "python3.14"},
	"python3.8":  {"2027-02-01", "2027-03-03", "python3.14"},
	"python3.9":  {"2027-02-01", "2027-03-03", "python3.14"},
	"python3.10": {"2027-02-01", "2027-03-03", "python3.14"},
	"python3.11": {"2027-07-31", "2027-08-31", "python3.14"},
	"python3.12": {"2028-11-30", "2029-01-10", "python3.14"},
	"python3.13": {"2029-07-31", "2029-08-31", "python3.14"},
	"python3.14": {"2029-07-31", "2029-08-31", ""},

	"ruby2.5": {"2021-07-30", "2022-03-31", "ruby3.4"},
	"ruby2.7": {"2024-01-09", "2027-03-03", "ruby3.4"},
	"ruby3.2": {"2027-02-01", "2027-03-03", "ruby3.4"},
	"ruby3.3": {"2027-04-30", "2027-05-31", "ruby3.4"},
	"ruby3.4": {"2028-04-30", "2028-05-31", ""},
	"ruby4.0": {"2029-04-30", "2029-05-31", ""},
}

// Runtimes reports functions with a runtime for which Lambda creates none any more.
// One that is there may still be updated for a while, but an environment further on
// could not be made.
func Runtimes(p *model.Project, problems *diag.Problems) {
	for i := range p.Functions {
		fn := &p.Functions[i]
		retired(fn.Runtime.Value, fn.Runtime.Place, problems)
	}
}

// WrittenRuntimes reports the same of functions that users define in templates.
func WrittenRuntimes(documents []*template.Document, problems *diag.Problems) {
	for _, d := range documents {
		for i := range d.Resources {
			e := &d.Resources[i]
			if e.Written() && (e.Type() == "AWS::Lambda::Function" || e.Type() == "AWS::Serverless::Function") {
				properties, _ := e.Properties().(cfn.Map)
				retired(template.Text(properties.Get("Runtime")), e.At("Properties", "Runtime"), problems)
			}
		}
	}
}

func retired(runtime string, place diag.Place, problems *diag.Problems) {
	l, known := lifecycles[runtime]
	if !known || !l.over(lifecycleDay) {
		return
	}
	hint := "write " + l.successor
	if strings.HasPrefix(runtime, "provided") {
		hint += " and build for Amazon Linux 2023"
	}
	problems.Addf("retired-runtime", place, hint, "Lambda creates no function with %s since %s, %s", runtime, l.create, l.updates(lifecycleDay))
}
