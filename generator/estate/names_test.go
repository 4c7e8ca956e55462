package estate_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/generator/symbol"
)

func TestALongNameIsPredictedAsFarAsItIsSure(t *testing.T) {
	for _, c := range []struct{ what, stack, id, want string }{
		{"what fits stays whole", "shop", "Role", "shop-Role-<shop/Role>"},
		{"a long stack is cut to half", strings.Repeat("s", 40), strings.Repeat("R", 20), strings.Repeat("s", 24) + "<" + strings.Repeat("s", 40) + "/" + strings.Repeat("R", 20) + ">"},
		{"a long logical id leaves a short stack whole", "shop", strings.Repeat("R", 50), "shop-<shop/" + strings.Repeat("R", 50) + ">"},
		{"64 characters fit", strings.Repeat("s", 29), strings.Repeat("R", 20), strings.Repeat("s", 29) + "-" + strings.Repeat("R", 20) + "-<" + strings.Repeat("s", 29) + "/" + strings.Repeat("R", 20) + ">"},
		{"65 do not", strings.Repeat("s", 30), strings.Repeat("R", 20), strings.Repeat("s", 24) + "<" + strings.Repeat("s", 30) + "/" + strings.Repeat("R", 20) + ">"},
	} {
		t.Run(c.what, func(t *testing.T) {
			r := root(document(t, "Resources: {"+c.id+": {Type: AWS::IAM::Role}}"))
			r.Name = c.stack
			assert.Equal(t, c.want, symbol.Show(of(t, r).Stacks[0].Resources[0].Ref))
		})
	}
}

// The random part of a nested stack's name lies in a longer name as a whole or not at all.
func TestACutDoesNotDivideASymbol(t *testing.T) {
	child := document(t, "Resources: {AVeryLongLogicalIdOfARoleIndeed: {Type: AWS::IAM::Role}, Short: {Type: AWS::IAM::Role}}")
	e := of(t, root(document(t, "Resources: {Orders: {Type: AWS::CloudFormation::Stack}}", "Orders", child)))
	assert.Equal(t, "shop-Orders-<shop/Orders/AVeryLongLogicalIdOfARoleIndeed>", symbol.Show(e.Stacks[1].Resources[0].Ref))
	assert.Equal(t, "shop-Orders-<shop/Orders>-Short-<shop/Orders/Short>", symbol.Show(e.Stacks[1].Resources[1].Ref))
}

// What CloudFormation makes up in capitals is another text in small letters.
func TestABucketIsInSmallLetters(t *testing.T) {
	child := document(t, "Resources: {Media: {Type: AWS::S3::Bucket}}")
	e := of(t, root(document(t, "Resources: {Orders: {Type: AWS::CloudFormation::Stack}}", "Orders", child)))
	assert.Equal(t, "shop-orders-<small shop/Orders>-media-<shop/Orders/Media>", symbol.Show(e.Stacks[1].Resources[0].Ref))
}

// A region may be as long as the longest: what is then sure is sure of every region.
func TestTheSymbolOfARegionIsAsLongAsAnyRegion(t *testing.T) {
	r := root(document(t, "Resources: {"+strings.Repeat("R", 20)+": {Type: AWS::IAM::Role}}"))
	r.Name = "shop-of-this-" + symbol.New("region") + "-it"
	assert.Equal(t, "shop-of-this-<shop-of-this-<region>-it/"+strings.Repeat("R", 20)+">", symbol.Show(of(t, r).Stacks[0].Resources[0].Ref))
}
