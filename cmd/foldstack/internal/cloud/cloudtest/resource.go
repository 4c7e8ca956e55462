package cloudtest

import (
	"fmt"
	"strings"

	"github.com/foldstack/foldstack/generator/template"
)

// resource is one of a stack.
type resource struct {
	logicalID, physicalID, kind string
	name                        string // the one that the template gives it, or empty
	policy, replacing           string // of deletion, and of that by replacement
	properties                  map[string]any
	nested                      *stack
	previous                    *state    // of the nested stack, before the operation updated it
	replaced                    *resource // what it replaces until that is cleaned up
}

// naming is the property by which a template names a resource of a type, and what Ref
// gives of it, after its place: empty is the name itself.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
var naming = map[string]struct{ property, service, kind string }{
	"AWS::CodeBuild::Project":              {"Name", "", ""},
	"AWS::CodeConnections::Connection":     {"", "codeconnections", "connection/"},
	"AWS::CodePipeline::Pipeline":          {"Name", "", ""},
	"AWS::DynamoDB::Table":                 {"TableName", "", ""},
	"AWS::ECR::Repository":                 {"RepositoryName", "", ""},
	"AWS::Events::Rule":                    {"Name", "", ""},
	"AWS::IAM::ManagedPolicy":              {"ManagedPolicyName", "iam", "policy"},
	"AWS::IAM::Role":                       {"RoleName", "", ""},
	"AWS::KMS::Alias":                      {"AliasName", "", ""},
	"AWS::Lambda::Function":                {"FunctionName", "", ""},
	"AWS::Logs::LogGroup":                  {"LogGroupName", "", ""},
	"AWS::S3::Bucket":                      {"BucketName", "", ""},
	"AWS::SNS::Topic":                      {"TopicName", "sns", ""},
	"AWS::SQS::Queue":                      {"QueueName", "", ""},
	"AWS::Scheduler::Schedule":             {"Name", "", ""},
	"AWS::CloudFormation::StackSet":        {"StackSetName", "", ""},
	"AWS::CodeStarConnections::Connection": {"", "codestar-connections", "connection/"},
}

// territory is where a name of a type may be taken once: those of S3 hold everywhere,
// those of IAM in all regions of an account.
func territory(kind string, p place) string {
	switch {
	case strings.HasPrefix(kind, "AWS::S3::"):
		return kind
	case strings.HasPrefix(kind, "AWS::IAM::"):
		return kind + " " + p.account
	}
	return kind + " " + p.account + " " + p.region
}

// identify gives a resource its physical id.
func (r *resource) identify(s *stack) {
	form := naming[r.kind]
	r.name, _ = r.properties[form.property].(string)
	made := digest(s.id, r.logicalID, fmt.Sprint(r.properties))
	name := r.name
	if name == "" {
		name = fmt.Sprintf("%s-%s-%s", s.name, r.logicalID, made[:12])
	}
	switch {
	case r.kind == "AWS::KMS::Key":
		r.physicalID = "mrk-" + digest(s.id, r.logicalID)[:32]
	case r.kind == "AWS::KMS::ReplicaKey":
		primary, _ := r.properties["PrimaryKeyArn"].(string)
		r.physicalID = primary[strings.LastIndex(primary, "/")+1:]
	case strings.HasSuffix(form.kind, "connection/"):
		r.physicalID = r.arn(s.place, form.service, form.kind+uuid(s.id, r.logicalID))
	case form.service == "iam":
		path, _ := r.properties["Path"].(string)
		r.physicalID = r.arn(s.place, "iam", form.kind+"/"+strings.TrimPrefix(path, "/")+name)
	case form.service != "":
		r.physicalID = r.arn(s.place, form.service, form.kind+name)
	default:
		r.physicalID = name
	}
}

func (r *resource) arn(p place, service, rest string) string {
	region := p.region
	if service == "iam" {
		region = ""
	}
	return fmt.Sprintf("arn:%s:%s:%s:%s:%s", partition(p.region), service, region, p.account, rest)
}

// attribute is a made-up attribute: of an ARN only the parts before the name are right.
func (r *resource) attribute(p place, name string) string {
	if name != "Arn" {
		return r.physicalID + "." + name
	}
	parts := strings.Split(r.kind, "::")
	service := strings.ToLower(parts[1])
	switch r.kind {
	case "AWS::S3::Bucket":
		return fmt.Sprintf("arn:%s:s3:::%s", partition(p.region), r.physicalID)
	case "AWS::IAM::Role":
		path, _ := r.properties["Path"].(string)
		return r.arn(p, "iam", "role/"+strings.TrimPrefix(path, "/")+r.physicalID)
	case "AWS::KMS::Key", "AWS::KMS::ReplicaKey":
		return r.arn(p, "kms", "key/"+r.physicalID)
	case "AWS::Lambda::Function":
		return r.arn(p, "lambda", "function:"+r.physicalID)
	}
	return r.arn(p, service, r.physicalID)
}

// retained reports whether a resource stays when its stack does not want it any more.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
func (r *resource) retained(undoing bool) bool {
	return r.policy == "Retain" || r.policy == "RetainExceptOnCreate" && !undoing
}

// claim takes the name of a resource for its stack.
func (f *cloudFormation) claim(s *stack, r *resource) {
	if r.name != "" {
		f.names[territory(r.kind, s.place)+" "+r.name] = s.id
	}
}

func (f *cloudFormation) release(s *stack, r *resource) {
	if r.name != "" {
		f.free(r.kind, s.place, r.name)
	}
}

// free gives a name back, also of what a stack has kept and somebody deleted.
func (f *cloudFormation) free(kind string, p place, name string) {
	delete(f.names, territory(kind, p)+" "+name)
}

// makeable says why a resource cannot be made, where the stand-in knows.
func (s *Server) makeable(of *stack, r *resource) string {
	if reason := s.formation.failure(of, r.logicalID); reason != "" {
		return reason
	}
	if r.name != "" {
		if owner := s.formation.names[territory(r.kind, of.place)+" "+r.name]; owner != "" {
			return fmt.Sprintf("%s already exists in stack %s", r.name, owner)
		}
	}
	switch r.kind {
	case "AWS::S3::Bucket":
		if s.buckets[r.physicalID] != nil {
			return r.physicalID + " already exists"
		}
	case "AWS::ECR::Repository":
		if s.repository(of.region, r.physicalID) {
			return fmt.Sprintf("Resource of type 'AWS::ECR::Repository' with identifier '%s' already exists.", r.physicalID)
		}
	}
	return s.missingCode(r)
}

// missingCode says that the archive of a function, where it is one, is not there.
func (s *Server) missingCode(r *resource) string {
	if r.kind != "AWS::Lambda::Function" {
		return ""
	}
	code, _ := r.properties["Code"].(map[string]any)
	bucket, _ := code["S3Bucket"].(string)
	key, _ := code["S3Key"].(string)
	if bucket == "" {
		return ""
	}
	if b := s.buckets[bucket]; b == nil {
		return "Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist (Service: Lambda, Status Code: 400)"
	} else if _, there := b.objects[key]; !there {
		return "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist. (Service: Lambda, Status Code: 400)"
	}
	return ""
}

// make does what the creation of a resource does to the rest of the stand-in.
func (s *Server) make(of *stack, r *resource) {
	switch r.kind {
	case "AWS::S3::Bucket":
		s.addBucket(of.region, r.physicalID)
	case "AWS::ECR::Repository":
		s.addRepository(of.region, r.physicalID)
	case "AWS::KMS::Key", "AWS::KMS::ReplicaKey":
		s.addKey(of.place, r.physicalID, r.kind == "AWS::KMS::ReplicaKey")
	}
}

// removable says why a resource cannot be deleted.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html
func (s *Server) removable(of *stack, r *resource) string {
	if reason := s.formation.failure(of, r.logicalID); reason != "" {
		return reason
	}
	if b := s.buckets[r.physicalID]; r.kind == "AWS::S3::Bucket" && b != nil && len(b.versions) > 0 {
		return "The bucket you tried to delete is not empty (Service: S3, Status Code: 409)"
	}
	return ""
}

// remove does what the deletion of a resource does to the rest of the stand-in.
func (s *Server) remove(of *stack, r *resource) {
	switch r.kind {
	case "AWS::S3::Bucket":
		delete(s.buckets, r.physicalID)
	case "AWS::ECR::Repository":
		if there := s.registries[of.region]; there != nil {
			delete(there.repositories, r.physicalID)
		}
	}
}

// fetch is a template at its URL in S3.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
func (s *Server) fetch(url string) (string, error) {
	host, key, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(url, "https://"), "http://"), "/")
	bucket, _, virtual := strings.Cut(host, ".s3.")
	if !virtual {
		bucket, key, _ = strings.Cut(key, "/")
	}
	b := s.buckets[bucket]
	if b == nil {
		return "", invalid("S3 error: The specified bucket does not exist\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html")
	}
	data, there := b.objects[key]
	if !there {
		return "", invalid("S3 error: The specified key does not exist.\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html")
	}
	return string(data), nil
}

// evaluated is a resource as a template wants it.
func (c *scope) evaluated(e *template.Entry) (*resource, error) {
	r := &resource{logicalID: e.Name, kind: e.Type(), policy: attributeOf(e, "DeletionPolicy"), replacing: attributeOf(e, "UpdateReplacePolicy")}
	properties, err := c.evaluate(e.Properties())
	r.properties, _ = properties.(map[string]any)
	return r, err
}
