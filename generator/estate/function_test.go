package estate_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestFunctionsGiveWhatCloudFormationGives(t *testing.T) {
	for name, c := range map[string]struct{ value, want string }{
		"Ref of a parameter":              {"!Ref Name", "orders"},
		"Ref of a list":                   {"!Join ['|', !Ref List]", "a|b|c"},
		"Ref of an empty list":            {"!Join ['|', !Ref Empty]", ""},
		"Ref of the account":              {"!Ref AWS::AccountId", "111111111111"},
		"Ref of the region":               {"!Ref AWS::Region", "eu-west-1"},
		"Ref of the partition":            {"!Ref AWS::Partition", "aws"},
		"Ref of the suffix":               {"!Ref AWS::URLSuffix", "amazonaws.com"},
		"Ref of the stack's name":         {"!Ref AWS::StackName", "shop"},
		"Ref of the stack's id":           {"!Ref AWS::StackId", "arn:aws:cloudformation:eu-west-1:111111111111:stack/shop/<shop.StackId>"},
		"Ref of the notifications":        {"!Join [',', !Ref AWS::NotificationARNs]", ""},
		"GetAtt in a list":                {"!GetAtt [Topic, TopicArn]", "arn:aws:sns:eu-west-1:111111111111:news"},
		"GetAtt of a nested stack":        {"{'Fn::GetAtt': [Stack.Outputs, O]}", "<shop/Stack.Outputs.O?>"},
		"Select of no list":               {"!Select [0, {a: b}]", "<item 0 of <shop/a list?>?>"},
		"Ref of a computed name":          {"{Ref: {Ref: Name}}", "<shop/orders?>"},
		"Ref of an unknown name":          {"{Ref: {'Fn::Sub': 'a${AWS::StackId}'}}", "<shop/aarn:aws:cloudformation:eu-west-1:111111111111:stack/shop/<shop.StackId>?>"},
		"GetAtt of an unknown attribute":  {"!GetAtt [Custom, !Ref AWS::StackId]", "<shop/Custom.arn:aws:cloudformation:eu-west-1:111111111111:stack/shop/<shop.StackId>?>"},
		"Ref of nothing":                  {"!Ref Nothing", "<shop/Nothing?>"},
		"Ref of what does not exist":      {"!Ref Gone", "<shop/Gone?>"},
		"Sub":                             {"!Sub 'a-${Name}-${AWS::Region}-${Topic.TopicName}'", "a-orders-eu-west-1-news"},
		"Sub with blanks":                 {"!Sub 'a-${ Name }'", "a-orders"},
		"Sub of a literal":                {"!Sub '${!Name} ${Name'", "${Name} ${Name"},
		"Sub with variables":              {"!Sub ['${x}-${Name}', {x: !Ref AWS::Region, Name: own}]", "eu-west-1-own"},
		"GetAtt":                          {"!GetAtt Topic.TopicArn", "arn:aws:sns:eu-west-1:111111111111:news"},
		"GetAtt of what nobody knows":     {"!GetAtt Custom.Answer", "<shop/Custom.Answer?>"},
		"Join":                            {"!Join ['-', [a, !Ref Name, 5]]", "a-orders-5"},
		"Join without the absent":         {"!Join ['-', [a, !Ref AWS::NoValue, b]]", "a-b"},
		"Join of what can be anything":    {"!Join ['-', !GetAtt Custom.Answer]", "<the items of <shop/Custom.Answer?>?>"},
		"Join of one text":                {"!Join ['-', !Ref Name]", "orders"},
		"Split and Select":                {"!Select [1, !Split ['/', a/b/c]]", "b"},
		"Split of an ARN":                 {"!Select [5, !Split [':', !Ref Topic]]", "news"},
		"Split beside a symbol":           {"!Select [1, !Split ['/', !Ref AWS::StackId]]", "shop"},
		"Split of what can be anything":   {"!Select [1, !Split ['/', !GetAtt Custom.Answer]]", "<item 1 of <the parts of <shop/Custom.Answer?>?>?>"},
		"Select of too few":               {"!Select [3, [a]]", "<shop/item 3 of a list?>"},
		"Select of a parameter":           {"!Select [2, !Ref List]", "c"},
		"If that holds":                   {"!If [Yes, a, b]", "a"},
		"If that does not":                {"!If [No, a, b]", "b"},
		"FindInMap":                       {"!FindInMap [Sizes, !Ref Name, size]", "5"},
		"FindInMap with a default":        {"!FindInMap [Sizes, missing, size, {DefaultValue: 7}]", "7"},
		"FindInMap that needs no default": {"!FindInMap [Sizes, orders, size, {DefaultValue: 7}]", "5"},
		"FindInMap without a row":         {"!FindInMap [Sizes, missing, size]", "<shop/Sizes.missing.size?>"},
		"Base64":                          {"!Base64 hello", "aGVsbG8="},
		"Base64 of a symbol":              {"!Base64 {Ref: AWS::StackId}", "<base64 of arn:aws:cloudformation:eu-west-1:111111111111:stack/shop/<shop.StackId>>"},
		"Cidr":                            {"!Join [' ', !Cidr [10.0.0.0/16, 3, 8]]", "10.0.0.0/24 10.0.1.0/24 10.0.2.0/24"},
		"Cidr without bits":               {"!Select [1, !Cidr [10.0.0.0/16, 2]]", "10.0.1.0/24"},
		"Cidr of version 6":               {"!Select [1, !Cidr ['2001:db8::/56', 2, 64]]", "2001:db8:0:1::/64"},
		"Cidr with no room":               {"!Join [' ', !Cidr [255.255.255.0/24, 256, 7]]", "255.255.255.0/25 255.255.255.128/25"},
		"Cidr of what is no block":        {"!Select [0, !Cidr [x, 2, 8]]", "<item 0 of <the blocks of x?>?>"},
		"GetAZs":                          {"!Select [0, !GetAZs '']", "eu-west-1<zone 1>"},
		"Length of a list":                {"!Sub ['${n}', {n: !Length [a, b]}]", "2"},
		"Length of what can be anything":  {"!Sub ['${n}', {n: !Length {Ref: Custom}}]", "<the length of <shop/Custom?>?>"},
		"ToJsonString":                    {"!ToJsonString {a: [1, '<', !Ref AWS::StackId], b: {c: true}}", `{"a":["1","<","arn:aws:cloudformation:eu-west-1:111111111111:stack/shop/<shop.StackId>"],"b":{"c":"true"}}`},
		"a dynamic reference":             {"'x{{resolve:ssm:/a}}y'", "x<{{resolve:ssm:/a}} in 111111111111 eu-west-1?>y"},
		"a dynamic reference that is cut": {"'x{{resolve:ssm:/a'", "x{{resolve:ssm:/a"},
		"several dynamic references":      {"!Sub '{{resolve:ssm:a}}, {{resolve:ssm:b}}'", "<{{resolve:ssm:a}} in 111111111111 eu-west-1?>, <{{resolve:ssm:b}} in 111111111111 eu-west-1?>"},
		"a dynamic reference in Sub":      {"!Sub '{{resolve:secretsmanager:${Name}}}'", "<{{resolve:secretsmanager:orders}} in 111111111111 eu-west-1?>"},
		"an import of nothing":            {"!ImportValue none", "<the export none in 111111111111 eu-west-1?>"},
		"a macro":                         {"!Transform {Name: X}", "<shop/Fn::Transform?>"},
	} {
		t.Run(name, func(t *testing.T) {
			got := outputs(t, `
Parameters:
  Name: {Type: String}
  List: {Type: CommaDelimitedList, Default: "a, b,c"}
  Empty: {Type: "List<String>", Default: ""}
Mappings: {Sizes: {orders: {size: 5}}}
Conditions:
  Yes: !Or [!Equals [a, b], !Equals [!Ref Name, orders]]
  No: !And [!Condition Yes, !Not [!Condition Yes]]
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: news}}
  Gone: {Type: AWS::SNS::Topic, Condition: No}
  Custom: {Type: Custom::Thing}
  Stack: {Type: AWS::CloudFormation::Stack}
Outputs:
  Value: {Value: `+c.value+`}
`, "Name", "orders")
			assert.Equal(t, c.want, got["Value"])
		})
	}
}
