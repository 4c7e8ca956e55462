package estate_test

import (
	"strings"
	"testing"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/template"
)

// seeds are templates that reach every function.
var seeds = []string{
	"Resources: {A: {Type: AWS::S3::Bucket, DependsOn: [A, B], Condition: C, Properties: {BucketName: !Sub ['${A.B}${V}${!X}{{resolve:ssm:${AWS::Region}}}', {V: !If [C, !Ref A, !GetAtt B.Outputs.O]}]}}}",
	"Conditions: {C: !And [!Condition C, !Not [!Equals [!Ref P, !FindInMap [M, !Ref AWS::Region, b]]]]}\nMappings: {M: {a: {b: c}}}\nParameters: {P: {Type: 'List<Number>', Default: 'x,y'}}\nResources: {A: {Type: T, Condition: C}}",
	"Transform: AWS::LanguageExtensions\nResources: {'Fn::ForEach::A': [X, [a], {'${X}': {Type: T}}], B: {'Fn::ForEach::C': 3}, C: {Type: T, Properties: {'Fn::ForEach::D': [X, [a], {}], E: !Length [!GetAZs '']}}}",
	"Outputs: {O: {Value: !ImportValue x, Export: {Name: !Join ['', [a, !Ref P]]}}, P: {Value: !Select [0, !Split [':', !Ref AWS::StackId]], Export: {Name: x}}}\nParameters: {P: {Type: String}}",
	"Resources: {A: {Type: AWS::CloudFormation::Stack, Properties: {Parameters: {P: !GetAtt B.Outputs.O}}}, B: {Type: AWS::CloudFormation::Stack, Properties: {Parameters: {P: !ToJsonString [!Base64 {Ref: A}]}}}}\nOutputs: {O: {Value: !GetAtt A.Outputs.O}}",
	"Resources: {A: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/a, TargetKeyId: !Ref K}}, K: {Type: AWS::KMS::ReplicaKey, Properties: {PrimaryKeyArn: !Join ['', !Cidr [10.0.0.0/8, 3, 8]]}}, L: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref L}}}",
}

func FuzzAnyTemplateIsInstantiated(f *testing.F) {
	for _, text := range seeds {
		f.Add(text, seeds[0], "arn:aws:s3:::a/b")
	}
	f.Fuzz(func(t *testing.T, text, below, arn string) {
		var problems diag.Problems
		read := func(path, text string) *template.Document {
			return template.Written(path, source.Parse(path, []byte(text), &problems), len(text), &problems)
		}
		d, child := read("t.yaml", text), read("child.yaml", below)
		d.Children = map[string]*template.Document{"A": child, "B": child}
		child.Children = map[string]*template.Document{"A": d}
		var cells []estate.Cell
		for _, account := range []string{"111111111111", "222222222222"} {
			r := estate.Root{Document: d, Name: "n", Account: account, Region: "eu-west-1", Parameters: map[string]string{"P": arn}}
			cells = append(cells, estate.Cell{Account: account, Region: "eu-west-1", Roots: []estate.Root{r}})
		}
		for _, class := range estate.Classes(cells) {
			e := estate.Of(class.Roots, &problems)
			for _, fact := range facts(e, strings.Clone) {
				if !whole(fact) {
					t.Fatalf("a symbol within a symbol: %q", fact)
				}
			}
			for _, s := range e.Stacks {
				for _, r := range s.Resources {
					if r.ARN != "" && e.ByARN(r.ARN) == nil {
						t.Fatalf("%q is not found", r.ARN)
					}
					_ = e.Owner(r.ARN)
				}
			}
			_ = e.Owner(arn)
		}
	})
}
