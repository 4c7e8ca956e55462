package handler

// A schedule is schedule/<group>/<name>.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
var (
	schedules      = []string{local("scheduler", "schedule/*/{name:64}*")}
	scheduleGroups = []string{local("scheduler", "schedule-group/{name:64}*")}
	groupSchedules = []string{local("scheduler", "schedule/{name:64}*/*")}
)

// How a schedule or group without a name is called is not documented.
var scheduler = map[string]resource{
	"AWS::Scheduler::Schedule": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-scheduler-schedule.html",
		naming: "Name",
		grants: []grant{
			{actions: []string{
				"scheduler:CreateSchedule",
				"scheduler:DeleteSchedule",
				"scheduler:GetSchedule",
				"scheduler:UpdateSchedule",
			}, on: schedules},
			passRole("scheduler.amazonaws.com"),
		},
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
