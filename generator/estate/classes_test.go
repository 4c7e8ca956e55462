package estate_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/foldstack/foldstack/generator/template"
)

// cells are the targets of a document in two accounts and two regions.
func cells(d *template.Document) []estate.Cell {
	var list []estate.Cell
	for _, account := range []string{"111111111111", "222222222222"} {
		for _, region := range []string{"eu-west-1", "us-east-1"} {
			r := root(d, "Bucket", "shop-assets-999999999999-"+region, "Environment", "prod")
			r.Account, r.Region = account, region
			list = append(list, estate.Cell{Account: account, Region: region, Roots: []estate.Root{r}})
		}
	}
	return list
}

// shown is each class by its members, as people would list them.
func shown(classes []estate.Class) [][]string {
	var list [][]string
	for _, c := range classes {
		var members []string
		for _, m := range c.Members {
			members = append(members, m.Account+" "+m.Region)
		}
		list = append(list, members)
	}
	return list
}

var (
	all      = [][]string{{"111111111111 eu-west-1", "111111111111 us-east-1", "222222222222 eu-west-1", "222222222222 us-east-1"}}
	byRegion = [][]string{{"111111111111 eu-west-1", "222222222222 eu-west-1"}, {"111111111111 us-east-1", "222222222222 us-east-1"}}
)

func TestTargetsThatDifferInAccountAndRegionOnlyAreOneClass(t *testing.T) {
	classes := estate.Classes(cells(document(t, "Resources: {A: {Type: T}}")))
	assert.Equal(t, all, shown(classes))
	r := classes[0].Roots[0]
	assert.Equal(t, symbol.New("account"), r.Account)
	assert.Equal(t, symbol.New("region"), r.Region)
	assert.Equal(t, map[string]string{"Bucket": "shop-assets-999999999999-" + symbol.New("region"), "Environment": "prod"}, r.Parameters)
}

func TestWhatATemplateNamesIsNoSymbol(t *testing.T) {
	oneEach := [][]string{{"111111111111 eu-west-1"}, {"111111111111 us-east-1"}, {"222222222222 eu-west-1"}, {"222222222222 us-east-1"}}
	oneAccount := [][]string{{"111111111111 eu-west-1", "111111111111 us-east-1"}, {"222222222222 eu-west-1", "222222222222 us-east-1"}}
	for name, c := range map[string]struct {
		properties string
		want       [][]string
	}{
		"nothing":                        {"A: b", all},
		"another region":                 {"A: eu-central-1", all},
		"another account":                {"A: 'arn:aws:iam::333333333333:root'", all},
		"a longer number":                {"A: '1111111111112'", all},
		"a region":                       {"A: !Sub 'arn:${AWS::Partition}:sqs:eu-west-1:x'", byRegion},
		"a zone":                         {"A: us-east-1b", byRegion},
		"a region within a name":         {"A: shop-assets-eu-west-1", byRegion},
		"a region as a key":              {"A: {eu-west-1: x}", byRegion},
		"a region in a function":         {"A: !If [C, eu-west-1, !Ref B]", byRegion},
		"the begin of a region":          {"A: 'arn:aws:lambda:eu-*:*:function:x'", byRegion},
		"the end of a region":            {"A: '*-1'", byRegion},
		"a piece of regions":             {"A: '*-east-?'", byRegion},
		"a pattern of names":             {"A: 'shop-dev-*'", all},
		"a region's begin within a name": {"A: 'shop-assets-eu-*'", byRegion},
		"a region's end within a name":   {"A: '*-1-assets'", byRegion},
		"a piece of one in a name":       {"A: 'assets-*-east-?-x'", byRegion},
		"half a word of a region":        {"A: 'assets-us-ea*'", byRegion},
		"the end of an account in names": {"A: '*11-assets'", oneAccount},
		"a pattern of actions":           {"A: ['s3:Put*', 'iam:*', 'ec2:Describe*']", all},
		"a region that is cut":           {"A: !Split ['-', !Ref AWS::Region]", byRegion},
		"a cut that no region has":       {"A: !Split ['/', !Ref B]", all},
		"an account":                     {"A: 'arn:aws:iam::222222222222:root'", oneAccount},
		"an account that is a number":    {"A: 222222222222", oneAccount},
		"the begin of an account":        {"A: '1111*'", oneAccount},
		"an account and a region":        {"A: [eu-west-1, '222222222222']", oneEach},
		"a region and each account also": {"A: [us-east-1, '111111111111', '222222222222']", oneEach},
	} {
		t.Run(name, func(t *testing.T) {
			nested := document(t, "Conditions: {C: !Equals [a, b]}\nResources: {B: {Type: T}, R: {Type: T, Properties: {"+c.properties+"}}}")
			d := document(t, "Resources: {N: {Type: AWS::CloudFormation::Stack}}", "N", nested)
			assert.Equal(t, c.want, shown(estate.Classes(cells(d))))
		})
	}
}

func TestARegionThatAPolicyAllowsSomethingInTellsNoTargetsApart(t *testing.T) {
	oneAccount := [][]string{{"111111111111 eu-west-1", "111111111111 us-east-1"}, {"222222222222 eu-west-1", "222222222222 us-east-1"}}
	for name, c := range map[string]struct {
		typ, statement string
		want           [][]string
	}{
		"an allowed resource":            {"AWS::IAM::Role", "Effect: Allow, Action: 's3:*', Resource: 'arn:aws:s3:::assets-eu-west-1/*'", all},
		"several":                        {"AWS::IAM::ManagedPolicy", "Effect: Allow, Action: 's3:*', Resource: [!Sub 'arn:${AWS::Partition}:s3:::assets-eu-west-1', 'arn:aws:s3:::assets-us-east-1']", all},
		"a denied one":                   {"AWS::IAM::Role", "Effect: Deny, Action: 's3:*', Resource: 'arn:aws:s3:::assets-eu-west-1/*'", byRegion},
		"all resources but one":          {"AWS::IAM::Role", "Effect: Allow, Action: 's3:*', NotResource: 'arn:aws:s3:::assets-eu-west-1/*'", byRegion},
		"a condition beside":             {"AWS::IAM::Role", "Effect: Allow, Resource: '*', Condition: {StringEquals: {'aws:RequestedRegion': eu-west-1}}", byRegion},
		"a pattern of regions":           {"AWS::IAM::Role", "Effect: Allow, Action: 's3:*', Resource: 'arn:aws:sqs:eu-*:*:jobs'", byRegion},
		"a resource that is chosen":      {"AWS::IAM::Role", "Effect: Allow, Action: 's3:*', Resource: !If [C, 'arn:aws:s3:::assets-eu-west-1', !Ref B]", all},
		"one of several that is there":   {"AWS::IAM::Role", "Effect: Allow, Action: 's3:*', Resource: ['*', !If [C, !If [C, 'arn:aws:s3:::assets-eu-west-1', x], !Ref AWS::NoValue]]", all},
		"several that are chosen":        {"AWS::IAM::Role", "Effect: Allow, Action: 's3:*', Resource: !If [C, ['arn:aws:s3:::assets-eu-west-1'], '*']", all},
		"a choice of something else":     {"AWS::IAM::Role", "Effect: Allow, Action: 's3:*', Resource: !If [C, !FindInMap [M, eu-west-1, x], '*']", byRegion},
		"a text with variables":          {"AWS::IAM::Role", "Effect: Allow, Action: 's3:*', Resource: !Sub ['arn:aws:s3:::${R}', {R: eu-west-1}]", byRegion},
		"an account":                     {"AWS::IAM::Role", "Effect: Allow, Action: 's3:*', Resource: 'arn:aws:sqs:*:111111111111:jobs'", oneAccount},
		"a policy of something else":     {"AWS::SQS::QueuePolicy", "Effect: Allow, Action: 's3:*', Resource: 'arn:aws:sqs:eu-west-1:*:jobs'", byRegion},
		"something that looks like such": {"T", "Effect: Allow, Action: 's3:*', Resource: 'arn:aws:sqs:eu-west-1:*:jobs'", byRegion},
	} {
		t.Run(name, func(t *testing.T) {
			d := document(t, "Conditions: {C: !Equals [a, b]}\nResources: {B: {Type: T}, R: {Type: '"+c.typ+"', Properties: {PolicyDocument: {Statement: [{"+c.statement+"}]}}}}")
			assert.Equal(t, c.want, shown(estate.Classes(cells(d))))
		})
	}
}

// The roles of all targets of an account may stand in one stack, in one of the regions.
func TestARootOfRolesStaysInTheRegionThatItIsDeployedIn(t *testing.T) {
	byHome := [][]string{{"111111111111 eu-west-1", "222222222222 eu-west-1"}, {"111111111111 us-east-1", "222222222222 us-east-1"}}
	for name, c := range map[string]struct {
		template string
		want     [][]string
	}{
		"roles":                             {"Resources: {R: {Type: AWS::IAM::Role, Properties: {RoleName: deploy}}}", all},
		"a role that is named by its place": {"Resources: {R: {Type: AWS::IAM::Role, Properties: {RoleName: !Sub 'deploy-${AWS::Region}'}}}", byHome},
		"a queue beside":                    {"Resources: {R: {Type: AWS::IAM::Role}, Q: {Type: AWS::SQS::Queue}}", byHome},
		"an export":                         {"Resources: {R: {Type: AWS::IAM::Role}}\nOutputs: {O: {Value: x, Export: {Name: role}}}", byHome},
		"an import":                         {"Resources: {R: {Type: AWS::IAM::Role, Properties: {Path: !ImportValue path}}}", byHome},
	} {
		t.Run(name, func(t *testing.T) {
			roles, queues := document(t, c.template), document(t, "Resources: {Q: {Type: AWS::SQS::Queue}}")
			list := cells(queues)
			for n := range list {
				home := root(roles)
				home.Account, home.Region = list[n].Account, "eu-west-1"
				list[n].Roots = append(list[n].Roots, home)
			}
			classes := estate.Classes(list)
			assert.Equal(t, c.want, shown(classes))
			if len(classes) == 1 {
				assert.Equal(t, "eu-west-1", classes[0].Roots[1].Region)
			}
		})
	}
}

func TestWhatOtherDocumentsNameIsNoSymbolEither(t *testing.T) {
	d := document(t, "Resources: {A: {Type: T}}")
	assert.Equal(t, byRegion, shown(estate.Classes(cells(d), document(t, "Resources: {A: {Type: T, Properties: {A: eu-west-1}}}"))))
}

func TestWhatIsDeclaredForARoleIsNoSymbolEither(t *testing.T) {
	d := document(t, "Resources: {A: {Type: AWS::IAM::Role}}")
	d.Declared = []template.Declared{{Role: "A", Resources: []string{"arn:aws:sqs:eu-west-1:333333333333:jobs"}}}
	assert.Equal(t, byRegion, shown(estate.Classes(cells(d))))
}

func TestTargetsWithOtherParametersAreOtherClasses(t *testing.T) {
	list := cells(document(t, "Resources: {A: {Type: T}}"))
	list[2].Roots[0].Parameters["Environment"] = "dev"
	classes := estate.Classes(list)
	assert.Equal(t, [][]string{{"111111111111 eu-west-1", "111111111111 us-east-1", "222222222222 us-east-1"}, {"222222222222 eu-west-1"}}, shown(classes))
	assert.Equal(t, list[2].Roots, classes[1].Roots, "the only member stays as it is")
}

func TestAPieceOfALongerWordIsNoRegion(t *testing.T) {
	list := cells(document(t, "Resources: {A: {Type: T}}"))
	for n := range list {
		list[n].Roots[0].Parameters["Bucket"] = "shop-" + list[n].Region + "1"
	}
	assert.Equal(t, byRegion, shown(estate.Classes(list)))
}
