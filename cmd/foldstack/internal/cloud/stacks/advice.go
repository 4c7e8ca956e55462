package stacks

import "strings"

// What to do, where several reasons come to the same.
const (
	again     = "that passes: run it again; what is done is not done again"
	forbidden = "whoever deploys may not do that: use credentials that may; for a role of foldstack run `foldstack bootstrap`, then `foldstack verify`"
	signIn    = "the credentials expired while CloudFormation worked with them: sign in again, for longer, and run it again"
	disabled  = "is the region enabled in that account? look at it with `aws account list-regions`, or take it out of `regions`"
	quota     = "a quota of the account is reached: raise it in Service Quotas, or remove what is not used"
	taken     = "something of that name is there and is not of this stack: delete it, or import it into the stack, and run it again"
	inUse     = "the stack that it names uses that export: delete that first, or deploy it without that"
	large     = "a function may have 250 MB with its layers, unpacked: depend on less, or make it a container image"
	unstored  = "the code or the template is not there: run `foldstack publish`"
)

// advice says what to do about a reason that holds a text, the first that fits. The
// special stands before the general.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
var advice = []struct{ text, hint string }{
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
	{"explicit deny in a service control policy", "the organization forbids that: ask whoever administers it for an exception"},
	{"explicit deny in a permissions boundary", "the boundary of whoever deploys forbids that: use credentials without it"},
	// What is new in IAM is not known everywhere at once.
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
	{"cannot be assumed by Lambda", again},
	{"is not authorized to perform: sts:AssumeRole", again},
	{"is invalid or cannot be assumed", "the role with which CloudFormation deployed the stack is not there: `foldstack bootstrap` makes it again, then run this once more"},
	{"is not authorized to perform", forbidden},
	{"AccessDenied", forbidden},
	{"Access Denied", forbidden},
	{"UnauthorizedOperation", forbidden},

	// https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
	{"will not allow you to update the key policy in the future", "whoever deploys needs kms:PutKeyPolicy as well as kms:CreateKey: use credentials that administer the account"},
	// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
	{"invalid principals", "a policy names an account that there is not: are all `accounts` in foldstack.yaml right, and still open?"},
	// https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
	{"is pending deletion", "somebody has scheduled the key for deletion: `aws kms cancel-key-deletion` and `aws kms enable-key` with its id end that"},
	{"DisabledException", "somebody has disabled the key: `aws kms enable-key` with its id ends that"},

	// https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
	{"security token included in the request is expired", signIn},
	{"ExpiredToken", signIn},
	{"Signature expired", signIn},
	// https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
	{"security token included in the request is invalid", disabled},
	{"OptInRequired", disabled},
	{"not subscribed", disabled},
	// https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1375
	{"Unrecognized resource types", "the region does not have that service: take it out of `regions`"},

	{"No export named", "another stack has to be deployed first: run `foldstack bootstrap`"},
	// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
	{"as it is in use by", inUse},
	{"is already exported by stack", "another stack exports that name: delete it, or choose another `project`"},

	// https://docs.aws.amazon.com/AmazonS3/latest/userguide/BucketRestrictions.html
	{"bucket namespace is shared", "a bucket of that name belongs to somebody else: choose another `project`"},
	{"bucket you tried to delete is not empty", "empty the bucket, with all versions, and run it again"},
	{"still contains images", "delete the images of the repository, and run it again"},
	{"already exists", taken},
	{"AlreadyExists", taken},
	{"already own it", taken},

	// These are of the rate, and not of a number.
	// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
	{"Rate exceeded", again},
	{"Throttling", again},
	{"TooManyRequests", again},
	{"Request limit exceeded", again},
	// https://docs.aws.amazon.com/servicequotas/latest/userguide/request-quota-increase.html
	{"Cannot exceed quota", quota},
	{"LimitExceeded", quota},
	{"imit exceeded", quota},
	{"more buckets than allowed", quota},
	{"UnreservedConcurrentExecution below its minimum", quota},

	// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
	{"Unzipped size must be smaller than", large},
	{"combined with layers exceeds the maximum allowed size", large},
	// https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html
	{"NoSuchKey", unstored},
	{"The specified key does not exist", unstored},
	{"Provide a valid source image", unstored},
	{"NoSuchBucket", "the bucket is not there: run `foldstack bootstrap`, then `foldstack publish`"},
	{"The specified bucket does not exist", "the bucket is not there: run `foldstack bootstrap`, then `foldstack publish`"},

	// https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
	{"NotStabilized", again},
	{"did not stabilize", again},
	{"ServiceInternalError", again},
	{"InternalFailure", again},
	{"Internal Failure", again},
}

// Advice says what to do about a failure.
func Advice(e Event) string {
	if hint, known := advised(e.Reason); known {
		return hint
	}
	return "mend what the reason names, and run it again"
}

func advised(reason string) (hint string, known bool) {
	for _, a := range advice {
		if strings.Contains(reason, a.text) {
			return a.hint, true
		}
	}
	return "", false
}
