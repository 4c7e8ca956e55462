package stack

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/model"
)

func functionText(t testing.TB, yaml string) string {
	t.Helper()
	return output(t, shop(t, folder{name: "a", yaml: yaml}))["functions/a.yaml"]
}

func TestAValueThatIsTheSameEverywhereIsALiteral(t *testing.T) {
	text := functionText(t, "memory: 512\nenvironments:\n  prod: {memory: 512, environment: {A: x}}\n  dev: {environment: {A: x}}\n")
	assert.Contains(t, text, "MemorySize: 512\n")
	assert.Contains(t, text, "A: x\n")
	assert.NotContains(t, text, "Mappings:")
	assert.NotContains(t, text, "Conditions:")
}

func TestAnOverrideOfAnEnvironmentWithoutTheFunctionCountsForNothing(t *testing.T) {
	text := functionText(t, "only: {environments: [prod]}\nenvironments:\n  prod: {memory: 512}\n")
	assert.Contains(t, text, "MemorySize: 512\n")
	assert.NotContains(t, text, "Mappings:")
}

func TestAReferenceInAnOverrideIsDecidedByACondition(t *testing.T) {
	text := functionText(t, "environment:\n  A: x\n  B: !Ref AWS::Region\nenvironments:\n  prod:\n    environment:\n      A: !Ref AWS::Region\n")
	assert.Contains(t, text, "A: !If [IsProd, !Ref 'AWS::Region', x]")
	assert.Contains(t, text, "B: !Ref AWS::Region")
	assert.Equal(t, 1, strings.Count(text, "  IsProd:"))
}

func TestWhatLooksLikeANumberStaysTextInAVariable(t *testing.T) {
	text := functionText(t, "environment: {A: 0123, B: 1e3}\nenvironments:\n  prod: {environment: {A: no}}\n")
	assert.Contains(t, text, "A: '0123'")
	assert.Contains(t, text, "A: 'no'")
	assert.Contains(t, text, "B: '1e3'")
}

func TestManyVariablesFillSeveralMappings(t *testing.T) {
	var base, prod strings.Builder
	for i := range model.MaxMappingKeys + 1 {
		fmt.Fprintf(&base, "  V_%03d: a\n", i)
		fmt.Fprintf(&prod, "      V_%03d: b\n", i)
	}
	text := functionText(t, "environment:\n"+base.String()+"environments:\n  prod:\n    environment:\n"+prod.String())
	assert.Contains(t, text, "V_199: !FindInMap [Variables, !Ref Environment, Vx5F199]")
	assert.Contains(t, text, "V_200: !FindInMap [Variables2, !Ref Environment, Vx5F200]")
}

func TestZeroConcurrencyIsSaidAndNoneIsNot(t *testing.T) {
	assert.Contains(t, functionText(t, "concurrency: 0\n"), "ReservedConcurrentExecutions: 0\n")
	assert.NotContains(t, functionText(t, "memory: 128\n"), "ReservedConcurrentExecutions")
}

func TestAMappingKeyTellsTheVariable(t *testing.T) {
	assert.Equal(t, "LOGx5FLEVEL", mappingKey("LOG_LEVEL"))
	assert.Equal(t, "MAx78x5FX", mappingKey("MAx_X"))
}

func FuzzMappingKeysAreAlphanumericAndTellTheVariable(f *testing.F) {
	for _, seed := range []string{"TABLE", "LOG_LEVEL", "x5F", "_", "", "ä"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		key := mappingKey(name)
		assert.Regexp(t, "^[A-Za-z0-9]*$", key)
		var back []byte
		for i := 0; i < len(key); i++ {
			if key[i] != 'x' {
				back = append(back, key[i])
				continue
			}
			b, err := hex.DecodeString(key[i+1 : i+3])
			require.NoError(t, err)
			back = append(back, b...)
			i += 2
		}
		assert.Equal(t, name, string(back))
	})
}
