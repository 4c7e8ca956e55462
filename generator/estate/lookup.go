package estate

import (
	"strings"

	"github.com/foldstack/foldstack/generator/arn"
	"github.com/foldstack/foldstack/generator/symbol"
)

// ByARN is the resource of that ARN, or nil.
func (e *Estate) ByARN(arn string) *Resource { return e.byARN[arn] }

// OfType are the resources of a type, in the order of the stacks.
func (e *Estate) OfType(typ string) []*Resource { return e.byType[typ] }

// parts tells how many parts of the resource in an ARN of a service name what can hold
// a policy; what follows lies in that.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
var parts = map[string]struct {
	separator byte
	kept      int
}{
	"dynamodb": {'/', 2}, // table/orders/index/by-day
	"kinesis":  {'/', 2}, // stream/orders/consumer/…
	"lambda":   {':', 2}, // function:orders:live
	"logs":     {':', 2}, // log-group:/aws/lambda/orders:log-stream:…
	"s3":       {'/', 1}, // bucket/folder/object
	"sns":      {':', 1}, // topic:subscription
}

// Owner is the resource in which the thing lies that an ARN names, or nil: the bucket
// of an object, the function of a version or alias, the table of an index, the log
// group of a stream, the topic of a subscription. The ARN of a secret may lack the
// random part at its end. Whatever lies in nothing else is its own owner.
//
// Of an alias of a key it is the key. IAM asks for the alias and for the key apart:
// no policy gets to the key by the name of its alias.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
func (e *Estate) Owner(of string) *Resource {
	a, ok := arn.Parse(of)
	if !ok {
		return nil
	}
	if p, ok := parts[a.Service]; ok {
		owner := of[:len(of)-len(a.Resource)+lengthOf(a.Resource, p.separator, p.kept)]
		if r := e.byARN[owner]; r != nil {
			return r
		}
	}
	r := e.byARN[of]
	switch {
	case r == nil && a.Service == "secretsmanager":
		return e.secret(of)
	case r != nil && r.Type == "AWS::KMS::Alias":
		return e.target(r)
	}
	return r
}

// Function is the function that is meant by a name or an ARN, either of which may end
// in an alias or a version; nil where it is none of the estate's. A name is looked up
// where the resource lies that says it.
//
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
func (e *Estate) Function(name string, by *Resource) *Resource {
	if !strings.HasPrefix(name, "arn:") {
		if by == nil {
			return nil
		}
		name = by.Stack.arn("lambda", "function:"+name)
	}
	if f := e.Owner(name); f != nil && f.Type == "AWS::Lambda::Function" {
		return f
	}
	return nil
}

// lengthOf is how long the first pieces of a text are.
func lengthOf(text string, separator byte, pieces int) int {
	for n := 0; n < len(text); {
		if width := symbol.Width(text[n:]); width > 0 {
			n += width
			continue
		}
		if text[n] == separator {
			if pieces--; pieces == 0 {
				return n
			}
		}
		n++
	}
	return len(text)
}

// secret is the secret of an ARN whose random part is missing.
//
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html
func (e *Estate) secret(arn string) *Resource {
	for _, r := range e.byType["AWS::SecretsManager::Secret"] {
		if r.Stack.arn("secretsmanager", "secret:"+r.name) == arn {
			return r
		}
	}
	return nil
}

// target is the key that an alias stands for.
func (e *Estate) target(alias *Resource) *Resource {
	key := alias.text("TargetKeyId")
	if !strings.HasPrefix(key, "arn:") {
		key = alias.Stack.arn("kms", "key/"+key)
	}
	return e.byARN[key]
}
