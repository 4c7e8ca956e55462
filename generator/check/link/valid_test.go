package link_test

import (
	"testing"

	"github.com/foldstack/foldstack/generator/template"
)

func TestWhatCloudFormationTakesIsNotRefused(t *testing.T) {
	const extended = "Transform: AWS::LanguageExtensions\n"
	for what, text := range map[string]string{
		"names that a loop inside of a property makes":              extended + queue + "  A: {Type: T, Properties: {Q: {'Fn::ForEach::Each': [X, [ue, x], {'${X}': !Ref 'Que${X}', B: !If ['Is${X}', 1, 2], 'C': !FindInMap ['M${X}', a, b]}]}}}\n",
		"keys of a mapping that a loop makes":                       extended + queue + "  'Fn::ForEach::Each': [X, [ue], {'Que${X}': {Type: T, Properties: {Q: !FindInMap [M, '${X}', a]}}}]\nMappings: {M: {ue: {a: b}}}",
		"the condition of what a loop makes":                        extended + "Conditions: {Never: !Equals [a, b]}\nResources:\n  Q: {Type: T, Condition: Never}\n  'Fn::ForEach::Each': [X, [A, B], {'${X}': {Type: T, Condition: Never, Properties: {Q: !Ref Q}}}]",
		"an attribute of a resource whose name is made":             extended + queue + "Outputs:\n  'Fn::ForEach::Each': [X, [ue], {'O${X}': {Value: {'Fn::GetAtt': [!Sub 'Que${X}', !Ref X]}}}]",
		"a resource whose name is made":                             extended + queue + "Outputs:\n  'Fn::ForEach::Each': [X, [ue], {'O${X}': {Value: {Ref: {'Fn::Sub': 'Que${X}'}}}}]",
		"a deletion policy that differs by environment":             "Parameters: {P: {Type: String}}\nConditions: {Prod: !Equals [!Ref P, prod]}\n" + queue + "  A: {Type: T, DeletionPolicy: !If [Prod, Retain, Delete], UpdateReplacePolicy: !Ref P}",
		"a reference for each condition of which one holds":         "Conditions: {A: !Equals [!Ref AWS::StackName, a], B: !Not [!Condition A]}\nResources:\n  Q: {Type: T, Properties: {Q: !If [A, !Ref R, x]}}\n  R: {Type: T, Properties: {Q: !If [B, !Ref Q, x]}}",
		"an export for each condition of which one holds":           "Conditions: {A: !Equals [!Ref AWS::StackName, a], B: !Not [!Condition A]}\n" + queue + "Outputs: {O: {Value: a, Condition: A, Export: {Name: one}}, P: {Value: b, Condition: B, Export: {Name: one}}}",
		"names of an export and an import that have a zone in them": queue + "  A: {Type: T, Properties: {Q: {'Fn::ImportValue': !Sub ['a-${Z}', {Z: !Select [0, !GetAZs '']}]}}}\nOutputs: {O: {Value: a, Export: {Name: !Sub ['b-${Z}', {Z: !Select [0, !GetAZs '']}]}}}",
		"whatever a macro takes":                                    "Transform: MyMacro\nResources:\n  my-queue: {Type: !Ref P, DeletionPolicy: !Ref P, Properties: {A: !Equals [a, b], B: !If [!Equals [a, b], c, d], C: !Ref AWS::Made}}\n  P: {Type: T}\nParameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref my-queue, !If [C, a, b]]}",
		"keys of a mapping that a macro rewrites":                   "Transform: MyMacro\n" + queue + "  A: {Type: T, Properties: {Q: !FindInMap [M, a, b]}}\nMappings: {M: {c: {d: e}}}",
		"rows of a mapping that a macro makes":                      queue + "  A: {Type: T, Properties: {Q: !FindInMap [M, a, b]}}\nMappings: {M: {a: {c: d, 'Fn::Transform': {Name: AWS::Include, Parameters: {Location: s3://b/m.yaml}}}}}",
	} {
		t.Run(what, func(t *testing.T) {
			d := document(t, "t.yaml", text)
			d.Deployed = []template.Deployment{{Account: "111111111111", Region: "eu-central-1"}}
			assertFound(t, check(d))
		})
	}
}

// While a project has problems the templates without any are checked by themselves:
// nobody knows what their parents would give them, nor whether two of them meet.
func TestATemplateWithoutItsParentIsNotGuessedAt(t *testing.T) {
	const stage = "Parameters: {Stage: {Type: String, Default: none}}\nConditions: {Staged: !Not [!Equals [!Ref Stage, none]]}\n"
	for what, text := range map[string]string{
		"what a condition leaves out": stage + "Resources: {Q: {Type: T, Condition: Staged}, A: {Type: T, Properties: {Q: !Ref Q}}}",
		"a key of a mapping":          stage + "Mappings: {M: {dev: {a: b}}}\n" + queue + "  A: {Type: T, Properties: {Q: !FindInMap [M, !Ref Stage, a]}}",
		"a circle":                    stage + "Resources: {A: {Type: T, Properties: {Q: !If [Staged, x, !Ref B]}}, B: {Type: T, Properties: {Q: !Ref A}}}",
		"an export":                   queue + "Outputs: {O: {Value: a, Export: {Name: one}}}",
	} {
		t.Run(what, func(t *testing.T) {
			assertFound(t, check(document(t, "t.yaml", text), document(t, "u.yaml", text)))
		})
	}
}

func TestWhatIsDeclaredInVainIsAskedOnlyOfTemplatesThatAreDeployed(t *testing.T) {
	ours := func() *template.Document {
		d := document(t, "t.yaml", queue+"Parameters: {P: {Type: String}}")
		d.Parameters[0] = template.Entry{Name: "P", Value: d.Parameters[0].Value, Place: d.Parameters[0].Place}
		return d
	}
	assertFound(t, check(ours()))
	deployed := ours()
	deployed.Deployed = []template.Deployment{{Account: "111111111111", Region: "eu-central-1"}}
	assertFound(t, check(deployed), found{"unused-entry", "t.yaml:3:14", "parameter P", "remove it"})
}
