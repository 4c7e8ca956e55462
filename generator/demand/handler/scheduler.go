package handler

import "github.com/foldstack/foldstack/generator/symbol"

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
var scheduler = map[string]kind{
	// A schedule is schedule/<group>/<name>.
	"AWS::Scheduler::Schedule": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-scheduler-schedule.html",
		naming: naming{arn: "scheduler:{region}:{account}:schedule/{name}", limit: 64, forms: []string{"default/{root}-{any}", "{any}/{root}-{any}"}},
		rows: []row{
			calls(Create, "scheduler:CreateSchedule"),
			calls(always, "scheduler:GetSchedule"),
			calls(Update, "scheduler:UpdateSchedule"),
			calls(Delete, "scheduler:DeleteSchedule"),
			passes(write, "scheduler.amazonaws.com", "Target.RoleArn"),
		},
	},
	// Deleting a group deletes its schedules.
	"AWS::Scheduler::ScheduleGroup": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-scheduler-schedulegroup.html",
		naming: naming{arn: "scheduler:{region}:{account}:schedule-group/{name}", limit: 64},
		rows: []row{
			calls(Create, "scheduler:CreateScheduleGroup"),
			calls(always, "scheduler:GetScheduleGroup"),
			calls(Create|Read|Update, "scheduler:ListTagsForResource"),
			calls(write, "scheduler:TagResource").when(tagged),
			calls(Update, "scheduler:UntagResource").when(tagged),
			calls(Delete, "scheduler:DeleteScheduleGroup"),
			calls(Delete, "scheduler:DeleteSchedule").to(schedulesOf),
		},
	},
}

func schedulesOf(s *Subject) []string {
	return []string{s.fill("scheduler:{region}:{account}:schedule/{name}", lastPiece(s.own())+"/"+symbol.New("schedule"))}
}
