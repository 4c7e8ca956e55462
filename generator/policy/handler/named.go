package handler

import "strings"

// namings is the property by which users name resources of a type, and how the names
// begin that the tables allow, in their placeholders. Types whose ARNs hold no such
// name are missing, and so is the log group, which may have any folder before it.
var namings = map[string]struct {
	property string
	begins   []string
}{
	"AWS::CloudWatch::Alarm":           {"AlarmName", flat},
	"AWS::CloudWatch::CompositeAlarm":  {"AlarmName", flat},
	"AWS::CloudWatch::Dashboard":       {"DashboardName", flat},
	"AWS::DynamoDB::GlobalTable":       {"TableName", flat},
	"AWS::DynamoDB::Table":             {"TableName", flat},
	"AWS::ECR::Repository":             {"RepositoryName", foldered},
	"AWS::Events::EventBus":            {"Name", flat},
	"AWS::Events::Rule":                {"Name", flat},
	"AWS::KMS::Alias":                  {"AliasName", []string{"alias/{name}", "alias/{root}", "alias/{slash}"}},
	"AWS::Kinesis::Stream":             {"Name", flat},
	"AWS::Lambda::LayerVersion":        {"LayerName", flat},
	"AWS::S3::Bucket":                  {"BucketName", flat},
	"AWS::SNS::Topic":                  {"TopicName", flat},
	"AWS::SQS::Queue":                  {"QueueName", flat},
	"AWS::SSM::Parameter":              {"Name", []string{"{name}", "/{slash}"}},
	"AWS::Scheduler::Schedule":         {"Name", flat},
	"AWS::Scheduler::ScheduleGroup":    {"Name", flat},
	"AWS::SecretsManager::Secret":      {"Name", foldered},
	"AWS::StepFunctions::StateMachine": {"StateMachineName", flat},
}

var (
	flat     = []string{"{name}"}
	foldered = []string{"{name}", "{slash}"}
)

// NameProperty is the property that names a resource of the type, where the name
// decides whether a role of the project may make it; else it is empty.
func NameProperty(typ string) string { return namings[typ].property }

// Begins reports whether the role of some environment may make a resource of the
// type by that name. A name with ${…} in it is judged as far as it is known.
func (n Names) Begins(typ, name string) bool {
	for _, env := range n.Environments {
		text := strings.NewReplacer("${Project}", n.Project, environment, env).Replace(name)
		known, _, open := strings.Cut(text, "${")
		for _, begin := range n.beginnings(typ, env) {
			if strings.HasPrefix(known, begin) || open && strings.HasPrefix(begin, known) {
				return true
			}
		}
	}
	return false
}

func (n Names) beginnings(typ, env string) []string {
	fill := strings.NewReplacer("{name}", n.Project+"-"+env+"-", "{root}", n.Project+"-"+env, "{slash}", n.Project+"/"+env+"/")
	begins := make([]string, 0, len(namings[typ].begins))
	for _, begin := range namings[typ].begins {
		begins = append(begins, fill.Replace(begin))
	}
	return begins
}
