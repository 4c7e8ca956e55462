package demand

import (
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/estate"
)

// keyUse is what a service asks of the key of a resource for whoever makes a call on it.
type keyUse struct {
	actions []string
	page    string
}

// keyUses are the calls, in lower case, that cannot be made without the key.
var keyUses = map[string]keyUse{
	"s3:getobject": {
		actions: []string{"kms:Decrypt"},
		page:    bucketKMSPage,
	},
	"s3:putobject": {
		actions: []string{"kms:GenerateDataKey"},
		page:    bucketKMSPage,
	},
	"secretsmanager:getsecretvalue": {
		actions: []string{"kms:Decrypt"},
		page:    "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
	},
	"sns:publish": {
		actions: []string{"kms:Decrypt", "kms:GenerateDataKey"},
		page:    "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
	},
	"sqs:receivemessage": {
		actions: []string{"kms:Decrypt"},
		page:    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
	},
	"sqs:sendmessage": {
		actions: []string{"kms:Decrypt", "kms:GenerateDataKey"},
		page:    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
	},
}

// DeclaredKeys are the requests for keys that go with those that users say will be made
// with the roles of a stack: on a resource of the estate that is encrypted by a key of
// the user's. A declaration of many resources by one pattern names none of them.
func DeclaredKeys(e *estate.Estate, s *estate.Stack) []Demand {
	r := &running{estate: e, seen: map[request]bool{}}
	for _, d := range s.Declared {
		c := caller{
			principal: authz.Principal{ARN: d.Role.ARN}, account: s.Account,
			step: atRunTime(s.Name), cause: d.Place,
		}
		for _, resource := range d.Resources {
			owner := e.Owner(resource)
			if owner == nil {
				continue
			}
			for _, action := range d.Actions {
				use := keyUses[strings.ToLower(action)]
				why := s.Name + " is declared to call " + action + ", and " + title(owner) + " is encrypted by a key"
				r.usesKey(c.from(use.page), why, owner, resource, use.actions)
			}
		}
	}
	return r.demands
}

// usesKey adds the use of a resource's key for calls on the resource, or on an object of
// it.
func (r *running) usesKey(c caller, why string, owner *estate.Resource, declaredOn string, actions []string) {
	if owner.Type == bucketType {
		b := bucketNamed(r.estate, owner.Ref, owner.Stack)
		if r.isUsers(b.key, b.keyOf(c)) {
			r.add(b.through(c, why, declared(declaredOn).ofOwner(b.account), actions...)...)
		}
		return
	}
	e, key, ok := r.encryptionOf(owner.ARN, c)
	if ok && r.isUsers(textAt(owner.Properties, e.path...), key) {
		r.add(c.calls(why, e.used(c, key, owner.ARN, owner), actions...)...)
	}
}

// isUsers reports whether a key is known to be a user's: the estate holds it, or it was
// given by its ARN. The keys that AWS manages have aliases for everybody.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk
func (r *running) isUsers(given string, key thing) bool {
	if strings.HasPrefix(nameOf(key.arn), "alias/") {
		return false
	}
	return r.estate.ByARN(key.arn) != nil || strings.HasPrefix(given, "arn:")
}
