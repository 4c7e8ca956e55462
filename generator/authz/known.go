package authz

import "strings"

// Known is what AWS itself puts into the context of a request because of who calls and
// on what. Evaluate adds it where the context says nothing else of a key.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func Known(r *Request) Context {
	c := newCall(r)
	known := Context{}
	for _, key := range derivedKeys {
		if value, ok := c.derived(key); ok {
			known[key] = []string{value}
		}
	}
	return known
}

var derivedKeys = []string{
	"aws:principalaccount", "aws:principalarn", "aws:principalisawsservice", "aws:principalservicename", "aws:principaltype",
	"aws:requestedregion", "aws:resourceaccount", "aws:sourceaccount", "aws:username", "kms:calleraccount",
}

// derived is the value of a key that follows from principal and resource. A service
// has a name and the account for which it calls; whoever else calls has an ARN, which
// of a session is the ARN of its role, and an account. aws:userid holds an id that no
// template tells, and aws:SecureTransport is the caller's to say.
func (c *call) derived(key string) (string, bool) {
	who, isService := &c.caller, c.caller.identity == service
	switch key {
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
	case "aws:principalarn":
		return who.ARN, !isService && who.ARN != ""
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalaccount
	case "aws:principalaccount":
		return who.account, !isService && who.account != ""
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principaltype
	case "aws:principaltype":
		return typeNames[who.identity], typeNames[who.identity] != ""
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice
	case "aws:principalisawsservice":
		if isService {
			return "true", true
		}
		return "false", true
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalservicename
	case "aws:principalservicename":
		return who.Service, isService
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceaccount
	case "aws:sourceaccount":
		return who.Account, isService && who.Account != ""
	// A service of one region is called there; of the others the resource does not tell.
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requestedregion
	case "aws:requestedregion":
		return c.target.Region, c.target.Region != ""
	// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-caller-account
	case "kms:calleraccount":
		return who.account, !isService && who.account != "" && strings.HasPrefix(c.action, "kms:")
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount
	case "aws:resourceaccount":
		return c.owner, c.owner != "" && c.Resource != "*"
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-username
	case "aws:username":
		return who.name, who.identity == user
	}
	return "", false
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
var typeNames = map[identity]string{root: "Account", user: "User", role: "AssumedRole"}
