package authz

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/stretchr/testify/assert"
)

func TestAResourcePatternMatchesAsIAMDocumentsIt(t *testing.T) {
	account := symbol.New("account")
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
		{"arn:aws:s3:::shop/*/test/*", "arn:aws:s3:::shop/1/test/object.jpg", true},
		{"arn:aws:s3:::shop/*/test/*", "arn:aws:s3:::shop/1/2/test/3/object.jpg", true},
		{"arn:aws:s3:::shop/*/test/*", "arn:aws:s3:::shop/1///test///object.jpg", true},
		{"arn:aws:s3:::shop/*/test/*", "arn:aws:s3:::shop//test/object.jpg", true},
		{"arn:aws:s3:::shop/*/test/*", "arn:aws:s3:::shop/1/test/", true},
		{"arn:aws:s3:::shop/*/test/*", "arn:aws:s3:::shop/1-test/object.jpg", false},
		{"arn:aws:s3:::shop/*/test/*", "arn:aws:s3:::shop/test/object.jpg", false},
		{"arn:aws:s3:::shop/*/test/*", "arn:aws:s3:::shop/1/2/test.jpg", false},
		{"arn:aws:iam::1:user/Bob", "arn:aws:iam::1:user/bob", false},
		{"*", "*", true},
		{"*", "", true},
		{"arn:aws:s3:*", theObject, true},
		{"arn:aws:dynamodb:*:table/x", "arn:aws:dynamodb:eu-central-1:1:table/x", true},
		{"arn:aws:dynamodb:*x:table/x", "arn:aws:dynamodb:eu:1x:table/x", false},
		{"arn:aws:dynamodb:e?:1:table/x", "arn:aws:dynamodb:e::1:table/x", false},
		{"arn:aws:logs:*:*:log-group:a*z:x", "arn:aws:logs:eu:1:log-group:a:b:z:x", true},
		{"arn:aws:sqs:*-1:1:q", "arn:aws:sqs:eu-1-1:1:q", true},
		{"arn:aws:sqs:*a*b:1:q", "arn:aws:sqs:aab:1:q", true},
		{"arn:aws:sqs:*:a*b:q", "arn:aws:sqs:x:axb:axb:q", true},

		{"arn:aws:iam::*:role/x", "arn:aws:iam::" + account + ":role/x", true},
		{"arn:aws:iam::????????????:role/x", "arn:aws:iam::" + account + ":role/x", false},
		{"arn:aws:iam::" + account + ":role/x", "arn:aws:iam::" + account + ":role/x", true},
		{"arn:aws:iam::" + account + ":role/x", "arn:aws:iam::" + here + ":role/x", false},
		{"arn:aws:iam::*count*:role/x", "arn:aws:iam::" + account + ":role/x", false},
		{"*" + account + "*", "arn:aws:iam::" + account + ":role/x", true},
		{"a?c", "aéc", true},
	} {
		assert.Equal(t, c.want, Matches(c.pattern, c.text), "%s matches %s", symbol.Show(c.pattern), symbol.Show(c.text))
	}
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
func TestAnActionMatchesWhateverItsCase(t *testing.T) {
	assert.True(t, MatchesAction("iam:ListAccessKeys", "IAM:listaccesskeys"))
	assert.True(t, MatchesAction("iam:*AccessKey*", "iam:CreateAccessKey"))
	assert.True(t, MatchesAction("*", "iam:CreateAccessKey"))
	assert.True(t, MatchesAction("ec2:Describe?pcs", "ec2:DescribeVpcs"))
	assert.False(t, MatchesAction("s3:Get*", "s3:PutObject"))
	assert.False(t, MatchesAction("s3:*", "s3express:GetObject"))
}

func TestMatchingIsThatOfARegularExpression(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 20_000 {
		pattern := randomPattern(r, []string{"a", "b", "*", "?"}, 8)
		text := randomPattern(r, []string{"a", "b"}, 10)
		expression := regexp.MustCompile("^" + strings.NewReplacer("*", ".*", "?", ".").Replace(pattern) + "$")
		assert.Equal(t, expression.MatchString(text), Matches(pattern, text), "%q matches %q", pattern, text)
	}
}

func TestMatchingWithinAnARNIsThatOfARegularExpression(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 20_000 {
		pattern := "arn:" + randomPattern(r, []string{"a", "b", "*", "?", ":"}, 8) + ":::::b"
		text := "arn:" + randomPattern(r, []string{"a", "b", ":", "a", "b"}, 10) + ":::::b"
		assert.Equal(t, arnExpression(pattern).MatchString(text), Matches(pattern, text), "%q matches %q", pattern, text)
	}
}

// arnExpression says a second time what wildcards mean in an ARN.
func arnExpression(pattern string) *regexp.Regexp {
	var b strings.Builder
	colons := 0
	for i, c := range pattern {
		ends := strings.TrimLeft(pattern[i:], "*")
		inner := colons < 5 && ends != "" && ends[0] != ':'
		switch {
		case c == '*' && inner:
			b.WriteString("[^:]*")
		case c == '*':
			b.WriteString(".*")
		case c == '?' && colons < 5:
			b.WriteString("[^:]")
		case c == '?':
			b.WriteString(".")
		default:
			b.WriteRune(c)
			if c == ':' {
				colons++
			}
		}
	}
	return regexp.MustCompile("^" + b.String() + "$")
}
