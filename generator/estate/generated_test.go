package estate_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/foldstack/foldstack/generator/template"
)

// generated is the templates below a folder of output, by path. A nested one is known by
// the digest in its key.
func generated(t testing.TB, folder string) map[string]*template.Document {
	t.Helper()
	var problems diag.Problems
	byPath, byKey := map[string]*template.Document{}, map[string]*template.Document{}
	require.NoError(t, fs.WalkDir(os.DirFS(folder), ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".yaml" {
			return err
		}
		data, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		digest := sha256.Sum256(data)
		d := template.Written(name, source.Parse(name, data, &problems), len(data), &problems)
		byPath[name], byKey[hex.EncodeToString(digest[:])+".yaml"] = d, d
		return nil
	}))
	require.Empty(t, problems.Sorted())
	for _, d := range byPath {
		d.Children = map[string]*template.Document{}
		for n := range d.Resources {
			properties, _ := d.Resources[n].Properties().(cfn.Map)
			url, _ := properties.Get("TemplateURL").(string)
			if child := byKey[strings.TrimSuffix(path.Base(url), "\x00")]; child != nil {
				d.Children[d.Resources[n].Name] = child
			}
		}
	}
	return byPath
}

var parameterFile = regexp.MustCompile(`^(.+)-(\d{12})-([a-z0-9-]+)\.json$`)

// targets are the cells that the files of parameters name.
func targets(t testing.TB, folder string) []estate.Cell {
	t.Helper()
	documents := generated(t, folder)
	files, err := os.ReadDir(filepath.Join(folder, "parameters"))
	require.NoError(t, err)
	var list []estate.Cell
	for _, f := range files {
		name := parameterFile.FindStringSubmatch(f.Name())
		require.NotNil(t, name, f.Name())
		data, err := os.ReadFile(filepath.Join(folder, "parameters", f.Name()))
		require.NoError(t, err)
		var given struct{ Parameters map[string]string }
		require.NoError(t, json.Unmarshal(data, &given))
		environment, account, region := name[1], name[2], name[3]
		list = append(list, estate.Cell{Account: account, Region: region, Roots: []estate.Root{
			{
				Document: documents["target.yaml"], Name: "shop-" + environment + "-target", Account: account, Region: region,
				Parameters: map[string]string{"Environment": environment, "KeyId": "mrk-1"},
			},
			{Document: documents["orchestration.yaml"], Name: "shop-" + environment, Account: account, Region: region, Parameters: given.Parameters},
		}})
	}
	return list
}

// projects are folders of output that generate wrote.
func projects(t testing.TB) []string {
	t.Helper()
	folders, err := filepath.Glob("../testdata/*/out")
	require.NoError(t, err)
	return append(folders, "../../out")
}

// facts are all that an estate says, with each text as f makes it.
func facts(e *estate.Estate, f func(string) string) []string {
	var list []string
	for _, s := range e.Stacks {
		list = append(list, f(fmt.Sprintln(s.Name, s.ARN, s.Account, s.Region, s.Parameters, s.Outputs)))
		for _, r := range s.Resources {
			list = append(list, f(fmt.Sprintln(r.ID, r.Type, r.Ref, r.ARN, r.Attribute("Arn"), r.Properties)))
		}
	}
	return list
}

func TestAClassIsAnyOfItsMembers(t *testing.T) {
	met, stacks := 0, 0
	for _, folder := range projects(t) {
		if _, err := os.Stat(filepath.Join(folder, "parameters")); err != nil {
			continue
		}
		t.Run(filepath.Dir(folder), func(t *testing.T) {
			for _, class := range estate.Classes(targets(t, folder)) {
				abstract := of(t, class.Roots...)
				stacks += len(abstract.Stacks)
				for _, m := range class.Members {
					met++
					assert.Equal(t, facts(of(t, m.Roots...), strings.Clone), facts(abstract, m.Concrete))
				}
			}
		})
	}
	assert.Greater(t, met, 100)
	assert.Greater(t, stacks, 50)
}

// What no template of ours does, others do.
func TestAClassIsAnyOfItsMembersWhateverATemplateDoes(t *testing.T) {
	child := document(t, `
Parameters: {Home: {Type: String}, List: {Type: CommaDelimitedList, Default: !Sub "a,${AWS::Region}"}, Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: /a}}
Conditions: {AtHome: !Equals [!Ref Home, !Ref AWS::Region]}
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Home: {Type: AWS::SNS::Topic, Condition: AtHome}
  Abroad: {Type: AWS::SQS::Queue, Properties: {Tags: [!Ref Stored, !Select [1, !Ref List], !GetAZs ""]}}
Outputs: {Bucket: {Value: !GetAtt Bucket.Arn, Export: {Name: !Sub "${AWS::StackName}-${AWS::Region}"}}}
`)
	first := document(t, `
Parameters: {Home: {Type: String}}
Resources:
  N: {Type: AWS::CloudFormation::Stack, Properties: {Parameters: {Home: !Ref Home}}}
  R: {Type: AWS::IAM::Role, Properties: {Path: !Sub "/${AWS::AccountId}/", Policies: ["{{resolve:ssm:/x}}", !Select [4, !Split [":", !GetAtt N.Outputs.Bucket]]]}}
Outputs: {Bucket: {Value: !GetAtt N.Outputs.Bucket, Export: {Name: !Sub "bucket-${AWS::AccountId}"}}}
`, "N", child)
	second := document(t, `
Resources:
  P: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !ImportValue {"Fn::Sub": "bucket-${AWS::AccountId}"}, Other: !ImportValue none, Text: !ToJsonString {a: !Ref AWS::StackId}}}
`)
	var cells []estate.Cell
	for _, account := range []string{"111111111111", "222222222222", "333333333333"} {
		for _, region := range []string{"eu-west-1", "us-east-1", "ap-southeast-2"} {
			list := []estate.Root{root(first, "Home", "us-east-1"), root(second), root(second)}
			list[0].Name, list[1].Name, list[2].Name = "shop-"+account, "x-"+region, "x-"+region
			for n := range list {
				list[n].Account, list[n].Region = account, region
			}
			cells = append(cells, estate.Cell{Account: account, Region: region, Roots: list})
		}
	}
	classes := estate.Classes(cells)
	assert.Len(t, classes, 2, "at home and abroad")
	for _, class := range classes {
		abstract := of(t, class.Roots...)
		for _, m := range class.Members {
			assert.Equal(t, facts(of(t, m.Roots...), strings.Clone), facts(abstract, m.Concrete))
		}
	}
}

// The roles of a target name the asset bucket of each region, and so tell regions apart.
func TestFiftyAccountsAreAClassForEachRegionOfAnEnvironment(t *testing.T) {
	cells := targets(t, "../testdata/fifty-accounts/out")
	assert.Greater(t, len(cells), 80)
	var places []string
	for _, c := range estate.Classes(cells) {
		places = append(places, c.Roots[0].Parameters["Environment"]+" "+symbol.Show(c.Roots[0].Account+" "+c.Roots[0].Region))
	}
	assert.Equal(t, []string{
		"dev <account> us-east-1", "prod <account> eu-central-1", "prod <account> us-east-1", "qa <account> eu-central-1", "qa <account> us-east-1",
	}, places)
}

func TestTheBaseOfTheShippedProjectIsKnownByName(t *testing.T) {
	documents := generated(t, "../../out")
	r := root(documents["tooling.yaml"])
	r.Region = "eu-central-1"
	e := of(t, r)
	for _, arn := range []string{
		"arn:aws:iam::111111111111:role/foldstack-base/acme-shop/acme-shop-pipeline",
		"arn:aws:s3:::acme-shop-assets-111111111111-eu-central-1",
		"arn:aws:ecr:eu-central-1:111111111111:repository/foldstack/acme-shop",
	} {
		assert.NotNil(t, e.ByARN(arn), arn)
	}
	assert.Regexp(t, "^mrk-\x01", e.Stacks[0].Outputs["KeyId"])
}
