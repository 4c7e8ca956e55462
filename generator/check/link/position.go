package link

import "strings"

// position is where in a template a value stands, which decides on the functions
// that it may hold.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
type position struct {
	name      string          // for messages
	allowed   map[string]bool // functions; nil allows those of values
	resources bool            // whether resources can be referred to
	hint      string          // what to do about a function that is not allowed
}

func functions(names ...string) map[string]bool {
	m := map[string]bool{include: true}
	for _, name := range names {
		m[name] = true
	}
	return m
}

// plain are the functions whose result can be known before there is a resource.
var plain = []string{"Ref", "Fn::FindInMap", "Fn::If", "Fn::Join", "Fn::Length", "Fn::Select", "Fn::Split", "Fn::Sub", "Fn::ToJsonString"}

// composed are those of which the name of an export can be made.
var composed = append([]string{"Fn::Base64", "Fn::Cidr", "Fn::GetAZs", "Fn::ImportValue"}, plain...)

// The positions. That an attribute takes no function is told by the page of each,
// such as
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
var (
	inValue = &position{name: "a value", resources: true}

	// Conditions are evaluated before there is a resource.
	// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html
	inCondition = &position{name: "the Conditions section", hint: "compare parameters, pseudo parameters and mappings only", allowed: functions(
		"Ref", "Condition", "Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or", "Fn::FindInMap", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::Sub", "Fn::Length", "Fn::ToJsonString")}

	inParameter  = &position{name: "the Parameters section", hint: "write the values themselves", allowed: functions()}
	inMapping    = &position{name: "the Mappings section", hint: "write the values themselves", allowed: functions()}
	inOutputText = &position{name: "the Description of an output", hint: "write the text itself", allowed: functions()}
	inType       = &position{name: "Type", hint: "write the type itself", allowed: functions()}
	inName       = &position{name: "Condition", hint: "write the name of the condition alone", allowed: functions()}
	inDependsOn  = &position{name: "DependsOn", hint: "write logical ids alone; a resource that a condition leaves out is skipped by itself", allowed: functions()}

	// It was an extension once, and needs no transform any more.
	// https://github.com/aws-cloudformation/cfn-lint/pull/2784
	// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/function-refs-in-policy-attributes.html
	inPolicy = &position{name: "DeletionPolicy or UpdateReplacePolicy", hint: "make the policy of parameters, mappings and conditions", allowed: functions(plain...)}

	// The names of exports are known before a resource is made.
	// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html
	inExport = &position{name: "the name of an export", hint: "make the name of parameters and pseudo parameters", allowed: functions(composed...)}
	// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-importvalue.html
	inImport = &position{name: "the name of an import", hint: "make the name of parameters and pseudo parameters", allowed: functions(composed...)}

	// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-findinmap.html
	inLookup         = &position{name: "Fn::FindInMap", hint: "only Ref and Fn::FindInMap can stand here, or more with `Transform: AWS::LanguageExtensions`", allowed: functions("Ref", "Fn::FindInMap")}
	inExtendedLookup = &position{name: "Fn::FindInMap", hint: "only " + strings.Join(plain, ", ") + " can stand here", allowed: functions(plain...)}
)

// elsewhere are the functions that have no place in a value: those of conditions,
// and those of the section Rules.
var elsewhere = map[string]string{
	"Fn::And": "Conditions", "Fn::Equals": "Conditions", "Fn::Not": "Conditions", "Fn::Or": "Conditions",
	"Fn::Contains": "Rules", "Fn::EachMemberEquals": "Rules", "Fn::EachMemberIn": "Rules",
	"Fn::RefAll": "Rules", "Fn::ValueOf": "Rules", "Fn::ValueOfAll": "Rules",
}

// misplacedHints say what to do about a function of each of those sections.
var misplacedHints = map[string]string{
	"Conditions": "put it into the section Conditions under a name, and ask for that with Fn::If",
	"Rules":      "it asks about parameters in the section Rules of a template",
}

// extensions are the functions that AWS::LanguageExtensions adds.
var extensions = map[string]bool{"Fn::Length": true, "Fn::ToJsonString": true}

// pseudo are the pseudo parameters.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
var pseudo = map[string]bool{
	"AWS::AccountId": true, "AWS::NotificationARNs": true, "AWS::NoValue": true, "AWS::Partition": true,
	"AWS::Region": true, "AWS::StackId": true, "AWS::StackName": true, "AWS::URLSuffix": true,
}
