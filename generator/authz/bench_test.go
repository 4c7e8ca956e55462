package authz

import (
	"fmt"
	"strings"
	"testing"
)

// large is a role with forty statements that name six hundred actions.
func large(b *testing.B) *Case {
	var statements []string
	for s := range 40 {
		var actions []string
		for a := range 15 {
			actions = append(actions, fmt.Sprintf("'service%d:DoThing%d'", s%12, s*15+a))
		}
		if s%10 == 0 {
			actions = append(actions, fmt.Sprintf("'service%d:Get*'", s%12))
		}
		statements = append(statements, fmt.Sprintf(`{'Effect':'Allow','Action':[%s],'Resource':['arn:aws:service%d:*:%s:thing/acme-%d-*','arn:aws:service%d:eu-central-1:*:other/x'],
			'Condition':{'StringEquals':{'aws:ResourceAccount':'%s'}}}`, strings.Join(actions, ","), s%12, here, s, s%12, here))
	}
	statements = append(statements, `{'Effect':'Deny','Action':'iam:*','Resource':'*','Condition':{'StringNotEquals':{'iam:PermissionsBoundary':'arn:aws:iam::111111111111:policy/b'}}}`)
	return &Case{
		Request: Request{
			Principal: Principal{ARN: theRole}, Action: "service3:DoThing590", Resource: "arn:aws:service3:eu-central-1:111111111111:thing/acme-39-x",
			Context: Context{"aws:requestedregion": {"eu-central-1"}},
		},
		Identity: []*Policy{document(b, Identity, statements...)},
		Boundary: []*Policy{document(b, Boundary, allowAll)},
	}
}

func BenchmarkEvaluate(b *testing.B) {
	for _, c := range []struct{ name, action string }{
		{"allowed by a name", "service3:DoThing590"},
		{"allowed by nothing", "service3:DoThing1"},
		{"near patterns", "service8:GetThing"},
	} {
		b.Run(c.name, func(b *testing.B) {
			asked := large(b)
			asked.Action = c.action
			b.ReportAllocs()
			for b.Loop() {
				Evaluate(asked)
			}
		})
	}
}

func BenchmarkIncludes(b *testing.B) {
	for b.Loop() {
		Includes("arn:aws:s3:::acme-*-artifacts/*/assets/*", "arn:aws:s3:::acme-dev-artifacts/functions/assets/*.zip")
	}
}
