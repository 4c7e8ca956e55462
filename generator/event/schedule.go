package event

import (
	"regexp"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/source"

	"github.com/awslabs/goformation/v7/cloudformation/scheduler"
)

var scheduleKind = Kind{
	Name:    "schedule",
	Doc:     "EventBridge Scheduler calls the function at a rate, at times or once.",
	Example: "schedule: {expression: cron(0 3 * * ? *), timezone: Europe/Berlin}",
	Keys: []Key{
		{"expression", "rate(5 minutes), cron(0 3 * * ? *) or at(2030-01-31T09:00:00)"},
		{"timezone", "IANA name of the time zone of cron and at, such as Europe/Berlin; UTC by default"},
		{"input", "what the function receives, as JSON; a mapping or a text"},
		{"window", "minutes within which the call may happen, 1 to 1440; exact by default"},
		{"retries", "how often a failed delivery is repeated, 0 to 185; 185 by default"},
		{"maxAge", "seconds after which a delivery is given up, 60 to 86400; 86400 by default"},
		{"enabled", "false keeps the schedule and stops the calls"},
	},
	Types:  []string{"AWS::IAM::Role", "AWS::Scheduler::Schedule"},
	decode: decodeSchedule,
}

// Schedule calls the function by the clock.
type Schedule struct {
	entry
	expression string
	timezone   source.Field[string]
	input      *source.Node
	window     source.Field[int]
	retries    source.Field[int]
	maxAge     source.Field[int]
	enabled    source.Field[bool]
}

// timezoneForm is what a name of the IANA database looks like. Whether it is in
// the database is not asked, because the answer would depend on this machine's. Only
// its names below GMT have a plus.
var timezoneForm = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9_/-]{0,49}|(Etc/)?GMT\+[0-9]{1,2})$`)

// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
func decodeSchedule(d *decoding) Event {
	o, expression := d.open("expression", "write rate(…), cron(…) or at(…)")
	s := &Schedule{
		timezone: o.Text("timezone"),
		input:    o.Value("input"),
		window:   o.Int("window", 1, 1440),
		retries:  o.Int("retries", 0, 185),
		maxAge:   o.Int("maxAge", 60, 86400),
		enabled:  o.Bool("enabled"),
	}
	o.Done()
	if expression == nil {
		return nil
	}
	if reason, hint := checkExpression(expression.Text); reason != "" || expression.Tag != "" {
		if reason == "" {
			reason, hint = "a schedule is text and takes no tag", "write the expression itself"
		}
		d.problem("schedule-expression", expression.Place, hint, "%s", reason)
		return nil
	}
	if s.timezone.Set && !timezoneForm.MatchString(s.timezone.Value) {
		d.problem("schedule-timezone", s.timezone.Place, "write a name of the IANA database, such as Europe/Berlin", "%q is not a time zone", s.timezone.Value)
		return nil
	}
	if n := tagged(s.input); n != nil {
		d.problem("schedule-input", n.Place, "write the value itself, or pass it in environment", "the input of a schedule is plain JSON and takes no tag")
		return nil
	}
	s.entry = d.entry
	s.expression = expression.Text
	s.summary = expression.Text
	if s.timezone.Set {
		s.summary += " " + s.timezone.Value
	}
	return s
}

// inputText is what the function receives, or "".
func (s *Schedule) inputText() string {
	switch {
	case s.input == nil || s.input.Kind == source.Null:
		return ""
	case s.input.Kind == source.Scalar && !s.input.Plain:
		return s.input.Text // a text in quotes or a block is the JSON itself
	}
	return string(toJSON(s.input))
}

// scheduleRoleID is the one role that a function's schedules share.
const scheduleRoleID = "ScheduleRole"

// Build adds the schedule, in the default group.
//
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
func (s *Schedule) Build(c *Context) {
	if !c.has(scheduleRoleID) {
		s.addRole(c)
	}
	state := "ENABLED"
	if !s.enabled.Or(true) {
		state = "DISABLED"
	}
	content := s.summary + s.inputText()
	schedule := &scheduler.Schedule{
		Name:               cfn.Ptr(cfn.Sub(model.ScheduleName(c.Project.Name, "${Environment}", c.Function.Name, content))),
		ScheduleExpression: s.expression,
		State:              cfn.Ptr(state),
		FlexibleTimeWindow: &scheduler.Schedule_FlexibleTimeWindow{Mode: "OFF"},
		Target: &scheduler.Schedule_Target{
			Arn:     c.Alias,
			RoleArn: cfn.GetAtt(scheduleRoleID, "Arn"),
		},
	}
	if s.timezone.Set {
		schedule.ScheduleExpressionTimezone = cfn.Ptr(s.timezone.Value)
	}
	if s.window.Set {
		schedule.FlexibleTimeWindow.Mode = "FLEXIBLE"
		schedule.FlexibleTimeWindow.MaximumWindowInMinutes = cfn.Ptr(float64(s.window.Value))
	}
	if input := s.inputText(); input != "" {
		schedule.Target.Input = cfn.Ptr(input)
	}
	if s.retries.Set || s.maxAge.Set {
		schedule.Target.RetryPolicy = &scheduler.Schedule_RetryPolicy{
			MaximumRetryAttempts:     cfn.Ptr(float64(s.retries.Or(185))),
			MaximumEventAgeInSeconds: cfn.Ptr(float64(s.maxAge.Or(86400))),
		}
	}
	c.Add(identify("Schedule", s.summary, content), schedule)
}

// addRole lets the default schedule group of this account call the alias. A
// single schedule may not be named in the condition.
//
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
func (s *Schedule) addRole(c *Context) {
	group := cfn.Sub("arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}:schedule-group/default")
	trust := policy.Trust([]policy.Condition{
		{Operator: "StringEquals", Key: "aws:SourceAccount", Values: []string{cfn.AccountID}},
		{Operator: "ArnEquals", Key: "aws:SourceArn", Values: []string{group}},
	}, schedulerService)
	c.addRole(scheduleRoleID, trust, policy.Statement{
		Actions:   []string{"lambda:InvokeFunction"},
		Resources: []string{c.Alias},
	})
}
