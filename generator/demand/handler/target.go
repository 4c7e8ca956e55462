package handler

import (
	"strings"

	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/symbol"
)

// target is what a call acts on.
type target func(s *Subject) []string

func itself(s *Subject) []string {
	if arn := s.own(); arn != "" {
		return []string{arn}
	}
	return nil
}

// anything is the resource of actions for which the service authorization reference
// names no type.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
func anything(*Subject) []string { return []string{"*"} }

// within is something that belongs to the resource, by what follows its ARN.
func within(suffixes ...string) target {
	return func(s *Subject) []string {
		own := s.own()
		if own == "" {
			return nil
		}
		arns := make([]string, len(suffixes))
		for i, suffix := range suffixes {
			arns[i] = own + suffix
		}
		return arns
	}
}

// collection is what the resource is a member of: its ARN without the last piece.
func collection(s *Subject) []string { return []string{parent(s.own(), "/")} }

func parent(arn, separator string) string { return arn[:max(symbol.LastIndexAny(arn, separator), 0)] }

// at is an ARN in the resource's account and region.
func at(patterns ...string) target {
	return func(s *Subject) []string {
		arns := make([]string, len(patterns))
		for i, pattern := range patterns {
			arns[i] = s.fill(pattern, s.named())
		}
		return arns
	}
}

// what is everything of several targets.
func what(targets ...target) target {
	return func(s *Subject) []string {
		var arns []string
		for _, t := range targets {
			arns = append(arns, t(s)...)
		}
		return arns
	}
}

// that is the resources of a type that some properties name, by ARN, Ref or name. A
// resource that stands for any names one of its own accord.
func that(typ string, paths ...string) target {
	return func(s *Subject) []string {
		texts := s.texts(paths...)
		if len(texts) == 0 && s.Open && s.Other != nil {
			return []string{s.Other(typ)}
		}
		var arns []string
		for _, text := range texts {
			if arn := s.arnOf(typ, text); arn != "" {
				arns = append(arns, arn)
			}
		}
		return arns
	}
}

// arnOf is the ARN of what a property names.
func (s *Subject) arnOf(typ, text string) string {
	if typ == keyType {
		return s.keyOf(text)
	}
	if s.Find != nil {
		if r := s.Find(typ, text); r != nil && r.ARN != "" {
			return r.ARN
		}
	}
	if strings.HasPrefix(text, "arn:") {
		return text
	}
	names := s.namings(typ)
	if names.arn == "" {
		return ""
	}
	name := text[symbol.LastIndexAny(text, "/")+1:]
	if typ == roleType { // a name says nothing of the path
		name = "/" + name
	}
	return s.fill(names.arn, name)
}

// objectAt is the object that a property names by its bucket and key.
func objectAt(property string) target {
	return func(s *Subject) []string {
		bucket, key := s.text(property+".Bucket"), s.text(property+".Key")
		if bucket == "" {
			bucket, key = symbol.New("bucket"), symbol.New("key")
		}
		return []string{s.fill("s3:::{name}", bucket+"/"+key)}
	}
}

func lastPiece(arn string) string { return arn[symbol.LastIndexAny(arn, "/:")+1:] }

const (
	roleType     = "AWS::IAM::Role"
	keyType      = "AWS::KMS::Key"
	aliasType    = "AWS::KMS::Alias"
	functionType = "AWS::Lambda::Function"
	topicType    = "AWS::SNS::Topic"
	queueType    = "AWS::SQS::Queue"
	bucketType   = "AWS::S3::Bucket"
	layerType    = "AWS::Lambda::LayerVersion"
	streamType   = "AWS::Kinesis::Stream"
)

// keyOf is the ARN of a key that a property names by ARN, id or alias. A key that AWS
// manages is used in nobody's name, so that it is none; of a key behind an alias that
// no template makes, nobody knows the id.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk
func (s *Subject) keyOf(text string) string {
	_, alias, aliased := strings.Cut(text, "alias/")
	switch {
	case !aliased && strings.HasPrefix(text, "arn:"):
		return text
	case !aliased:
		return s.fill("kms:{region}:{account}:key/{name}", text)
	case strings.HasPrefix(alias, "aws/"):
		return ""
	}
	if s.Find != nil {
		if r := s.Find(aliasType, "alias/"+alias); r != nil {
			if key, ok := r.Properties.Get("TargetKeyId").(string); ok && !strings.Contains(key, "alias/") {
				return s.keyOf(key)
			}
		}
	}
	return s.fill("kms:{region}:{account}:key/{name}", symbol.New("the key of alias/"+symbol.Show(alias)))
}

// passes is the row of roles that are handed to a service.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
func passes(during Operation, service string, paths ...string) row {
	return calls(during, "iam:PassRole").to(that(roleType, paths...)).when(set(paths...)).
		key("iam:passedtoservice", constant(service)).narrowed("iam:passedtoservice")
}

// brings is the row of the role that a service makes for itself.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
func brings(during Operation, service string) row {
	return calls(during, "iam:CreateServiceLinkedRole").
		to(at("iam::{account}:role/aws-service-role/"+service+"/"+symbol.New("the role of "+service))).
		key("iam:awsservicename", constant(service)).narrowed("iam:awsservicename")
}

// through is the row of calls that a service makes of a key in the caller's name.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
func through(service string, r row) row {
	return r.key("kms:viaservice", func(s *Subject) []string {
		return []string{Via(service, s.Stack.Region, s.Stack.Partition)}
	}).narrowed("kms:viaservice")
}

// Via is the value of kms:ViaService in calls that a service of a region makes of a key
// for somebody else. How it ends in China is not documented.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
func Via(service, region string, partition model.Partition) string {
	suffix := partition.Suffix()
	if partition == model.China {
		suffix = symbol.New("suffix of services in China")
	}
	return service + "." + region + "." + suffix
}
