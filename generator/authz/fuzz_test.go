package authz

import "testing"

func FuzzParseAndEvaluate(f *testing.F) {
	for _, seed := range []string{
		`{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":["s3:Get*","*"],"Resource":"arn:aws:s3:::shop/${aws:username, 'x'}*"}]}`,
		`{"Version":"2012-10-17","Statement":{"Effect":"Deny","NotPrincipal":{"AWS":["111111111111","arn:aws:sts::1:assumed-role/a/b"]},"NotAction":"s3:*","NotResource":["a:?","${*}"]}}`,
		`{"Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com","Federated":"x"},"Action":"sts:AssumeRole","Condition":{"ForAllValues:ArnLikeIfExists":{"aws:SourceArn":["arn:*:::${a}:b"]}}}]}`,
		`{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"IpAddress":{"aws:x":"10.0.0.0/8"},"DateLessThan":{"aws:x":"2020"},"NumericEquals":{"aws:x":1e3},"Null":{"aws:x":false},"Bool":{"aws:x":true}}}]}`,
	} {
		f.Add([]byte(seed), theObject, "a")
	}
	f.Fuzz(func(t *testing.T, data []byte, on, value string) {
		for _, kind := range []Kind{Identity, Resource, Trust} {
			p, _ := ParseJSON(kind, "p", data, nil)
			for _, who := range []Principal{{ARN: theRole, Session: "s"}, {ARN: value}, {Service: "s3.amazonaws.com"}} {
				c := Case{Request: Request{Principal: who, Action: "s3:GetObject", Resource: on, Context: Context{"aws:x": {value}, "aws:username": {value}}}}
				if kind == Identity {
					c.Identity = []*Policy{p}
				} else {
					c.Resource = []*Policy{p}
				}
				if decision, x := Evaluate(&c), Explain(&c); decision.Verdict != x.Decision.Verdict || x.String() == "" {
					t.Fatalf("%s is explained as %s", decision.Verdict, x)
				}
			}
		}
		if Includes(on, value) && !Overlap(on, value) {
			t.Fatalf("%q includes %q and does not overlap it", on, value)
		}
	})
}
