package handler

// A schedule is schedule/<group>/<name>. Ours are in the group that every account has.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
var (
	ownSchedules   = []string{local("scheduler", "schedule/default/{name:64}*")}
	schedules      = []string{local("scheduler", "schedule/*/{name:64}*")}
	scheduleGroups = []string{local("scheduler", "schedule-group/{name:64}*")}
	groupSchedules = []string{local("scheduler", "schedule/{name:64}*/*")}

	scheduleActions = []string{
		"scheduler:CreateSchedule",
		"scheduler:DeleteSchedule",
		"scheduler:GetSchedule",
		"scheduler:UpdateSchedule",
	}
)

// How a schedule or group without a name is called is not documented.
var scheduler = map[string]resource{
	"AWS::Scheduler::Schedule": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-scheduler-schedule.html",
		naming: "Name",
		grants: []grant{passRole("scheduler.amazonaws.com")},
		own:    []grant{{actions: scheduleActions, on: ownSchedules}},
		users:  []grant{{actions: scheduleActions, on: schedules}},
	},
	// Deleting a group deletes its schedules.
	"AWS::Scheduler::ScheduleGroup": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-scheduler-schedulegroup.html",
		naming: "Name",
		grants: []grant{
			{actions: []string{
				"scheduler:CreateScheduleGroup",
				"scheduler:DeleteScheduleGroup",
				"scheduler:GetScheduleGroup",
				"scheduler:ListTagsForResource",
				"scheduler:TagResource",
				"scheduler:UntagResource",
			}, on: scheduleGroups},
			{actions: []string{"scheduler:DeleteSchedule"}, on: groupSchedules},
		},
	},
}
