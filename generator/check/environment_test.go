package check_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/generator/check"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

func TestTheEnvironmentOfAFunctionIsMeasuredWhereItIsLargest(t *testing.T) {
	values := func(list ...string) []model.Variable {
		var variables []model.Variable
		for i := 0; i < len(list); i += 2 {
			variables = append(variables, model.Variable{Name: list[i], Value: tree(t, list[i+1])})
		}
		return variables
	}
	text := func(n int) string { return strings.Repeat("x", n) }
	const frame = len(`{"AA":"","BB":"1"}`)
	room := model.MaxEnvironment - frame
	for name, tt := range map[string]struct {
		environment, override []model.Variable
		only                  string
		text                  string
	}{
		"fills the limit":            {environment: values("AA", text(room), "BB", "1")},
		"one byte more":              {environment: values("AA", text(room+1), "BB", "1"), text: "have 4097 bytes as JSON in dev; the limit is 4096"},
		"an override makes it fit":   {environment: values("AA", text(room+1)), override: values("AA", "a"), only: "prod"},
		"an override makes it large": {environment: values("AA", "a", "BB", "1"), override: values("AA", text(room+1)), text: "have 4097 bytes as JSON in prod; the limit is 4096"},
		"where it does not exist":    {environment: values("AA", "a"), override: values("AA", text(room+100)), only: "dev"},
		"an override takes it away":  {environment: values("AA", text(5000)), override: values("AA", "~"), only: "prod"},
		"quotes are escaped":         {environment: values("AA", "'"+text(room-1)+`"'`, "BB", "1"), text: "have 4097 bytes"},
		"references count nothing":   {environment: values("AA", "!Output orders.TableName", "BB", "!Sub '${AWS::Region}"+text(4000)+"'")},
	} {
		p := project("shop", environment("dev", "222222222222"), environment("prod", "333333333333"))
		fn := model.Function{Name: "f", Environment: tt.environment, Overrides: []model.Override{{Environment: "prod", Variables: tt.override}}}
		if tt.only != "" {
			fn.Only.Environments = []source.Field[string]{{Value: tt.only, Set: true}}
		}
		p.Functions = []model.Function{fn}
		texts := found(check.EnvironmentSize, p)
		if tt.text == "" {
			assert.Empty(t, texts, name)
			continue
		}
		if assert.Len(t, texts, 1, name) {
			assert.Contains(t, texts[0], "f.yaml: environment-size: the environment variables of f "+tt.text, name)
		}
	}
}
