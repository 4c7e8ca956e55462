package arn_test

import (
	"testing"

	"github.com/foldstack/foldstack/generator/arn"
	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/stretchr/testify/assert"
)

func TestAnARNIsCutAtItsFirstFiveColons(t *testing.T) {
	account, id := symbol.New("account"), symbol.New("the key of arn:aws:kms")
	for text, want := range map[string]arn.ARN{
		"arn:aws:s3:::shop/a:b":                            {"aws", "s3", "", "", "shop/a:b"},
		"arn:aws:lambda:eu-west-1:111111111111:function:f": {"aws", "lambda", "eu-west-1", "111111111111", "function:f"},
		"arn:*:iam::*:role/*":                              {"*", "iam", "", "*", "role/*"},
		"arn:::::":                                         {},
		"arn:aws:sqs:" + id + ":" + account + ":" + id:     {"aws", "sqs", id, account, id},
	} {
		got, ok := arn.Parse(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, got, text)
		assert.Equal(t, text, got.String())
	}
}

func TestWhatIsNoARNHasNoParts(t *testing.T) {
	for _, text := range []string{"", "*", "arn", "arn:", "arn:aws:s3::", "ARN:aws:s3:::shop", "alias/a:b:c:d:e:f", symbol.New("arn:aws:s3:::shop")} {
		a, ok := arn.Parse(text)
		assert.False(t, ok, text)
		assert.Zero(t, a, text)
		assert.Empty(t, arn.Service(text)+arn.Region(text)+arn.Account(text), text)
	}
}

func TestWhatAnARNNames(t *testing.T) {
	const text = "arn:aws:sqs:eu-west-1:111111111111:jobs"
	assert.Equal(t, "sqs", arn.Service(text))
	assert.Equal(t, "eu-west-1", arn.Region(text))
	assert.Equal(t, "111111111111", arn.Account(text))
}

func FuzzWhatWasCutApartIsPutTogetherAgain(f *testing.F) {
	for _, seed := range []string{"arn:aws:s3:::shop/a:b", "arn:::::", "arn:aws", "arn:aws:kms:" + symbol.New("a:b") + "::key/" + symbol.New("c"), "arn:\x01::::", "arn:\x01:::\x02::"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, ok := arn.Parse(text)
		if ok && a.String() != text {
			t.Fatalf("%q became %q", text, a)
		}
		again, still := arn.Parse(a.String())
		if ok && (!still || again != a) {
			t.Fatalf("%q is cut into %q and then into %q", text, a, again)
		}
	})
}
