package event

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// maxExpression is the length of a schedule's expression.
//
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
const maxExpression = 256

// checkExpression reports what is wrong with a schedule's expression and what to
// write instead; an empty reason means that nothing is.
//
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
func checkExpression(text string) (reason, hint string) {
	name, rest, found := strings.Cut(text, "(")
	body, closed := strings.CutSuffix(rest, ")")
	if !found || !closed || len(text) > maxExpression {
		return fmt.Sprintf("%q is not a schedule", text), "write rate(5 minutes), cron(0 3 * * ? *) or at(2030-01-31T09:00:00)"
	}
	switch name {
	case "rate":
		return checkRate(body)
	case "cron":
		return checkCron(body)
	case "at":
		return checkAt(body)
	}
	return fmt.Sprintf("there is no schedule of the form %s(…)", name), "write rate(…), cron(…) or at(…)"
}

var rateForm = regexp.MustCompile(`^([1-9][0-9]{0,8}) (minute|hour|day)(s?)$`)

func checkRate(body string) (reason, hint string) {
	m := rateForm.FindStringSubmatch(body)
	switch {
	case m == nil:
		return fmt.Sprintf("rate(%s) is no rate", body), "write a whole number and minutes, hours or days: rate(5 minutes)"
	case m[1] == "1" && m[3] == "s":
		return fmt.Sprintf("rate(%s) has a plural behind 1", body), fmt.Sprintf("write rate(1 %s)", m[2])
	case m[1] != "1" && m[3] == "":
		return fmt.Sprintf("rate(%s) has a singular behind %s", body, m[1]), fmt.Sprintf("write rate(%s %ss)", m[1], m[2])
	}
	return "", ""
}

func checkAt(body string) (reason, hint string) {
	if _, err := time.Parse("2006-01-02T15:04:05", body); err != nil || len(body) != len("2006-01-02T15:04:05") {
		return fmt.Sprintf("at(%s) is no point in time", body), "write date and time without a zone: at(2030-01-31T09:00:00); the zone is the key timezone"
	}
	return "", ""
}

// cronField is one of the six fields of a cron expression.
type cronField struct {
	name     string
	min, max int
	names    []string       // of the values from min on
	special  *regexp.Regexp // further forms of an item
	any      bool           // may be ?
}

var cronFields = []cronField{
	{name: "minutes", min: 0, max: 59},
	{name: "hours", min: 0, max: 23},
	{name: "day-of-month", min: 1, max: 31, special: regexp.MustCompile(`^(L|LW|([1-9]|[12][0-9]|3[01])W)$`), any: true},
	{name: "month", min: 1, max: 12, names: []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}},
	{name: "day-of-week", min: 1, max: 7, names: []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}, special: regexp.MustCompile(`^(L|[1-7]L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))$`), any: true},
	{name: "year", min: 1970, max: 2199},
}

const cronHint = "the six fields are minutes, hours, day-of-month, month, day-of-week and year: cron(0 3 * * ? *) is every day at 3:00"

func checkCron(body string) (reason, hint string) {
	fields := strings.Fields(body)
	if len(fields) != len(cronFields) {
		return fmt.Sprintf("cron(%s) has %d fields and not six", body, len(fields)), cronHint
	}
	for i, field := range cronFields {
		if fields[i] == "?" && field.any {
			continue
		}
		for _, item := range strings.Split(fields[i], ",") {
			if !field.accepts(item) {
				return fmt.Sprintf("%q cannot stand in the field %s of cron(%s)", item, field.name, body), field.hint()
			}
		}
	}
	if (fields[2] == "?") == (fields[4] == "?") {
		return fmt.Sprintf("cron(%s) needs a ? in exactly one of day-of-month and day-of-week", body), cronHint
	}
	return "", ""
}

func (f cronField) hint() string {
	hint := fmt.Sprintf("its values are %d to %d", f.min, f.max)
	if f.names != nil {
		hint += fmt.Sprintf(" or %s to %s", f.names[0], f.names[len(f.names)-1])
	}
	return hint + ", with *, a-b, a/b and lists by comma"
}

// accepts reports whether one item of a list by comma is right.
func (f cronField) accepts(item string) bool {
	if f.special != nil && f.special.MatchString(strings.ToUpper(item)) {
		return true
	}
	item, step, stepped := strings.Cut(item, "/")
	if stepped {
		if n, err := strconv.Atoi(step); err != nil || n < 1 || n > f.max || step[0] == '+' {
			return false
		}
	}
	if item == "*" {
		return true
	}
	from, to, ranged := strings.Cut(item, "-")
	a, ok := f.value(from)
	if !ok || !ranged {
		return ok
	}
	b, ok := f.value(to)
	return ok && a <= b
}

func (f cronField) value(text string) (int, bool) {
	for i, name := range f.names {
		if strings.EqualFold(text, name) {
			return f.min + i, true
		}
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= f.min && n <= f.max && text[0] != '+'
}
