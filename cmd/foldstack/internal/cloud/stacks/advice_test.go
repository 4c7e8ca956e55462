package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
)

// The reasons are those that AWS gives, as people have quoted them.
func TestEachReasonHasItsAdvice(t *testing.T) {
	for reason, advice := range map[string]string{
		"User: arn:aws:sts::111111111111:assumed-role/a/b is not authorized to perform: codebuild:CreateProject on resource: arn:aws:codebuild:us-west-2:111111111111:project/x with an explicit deny in a service control policy (Service: AWSCodeBuild; Status Code: 400; Error Code: AccessDeniedException)": "the organization forbids",
		"User: arn:aws:sts::111111111111:assumed-role/a/b is not authorized to perform: iam:CreateRole on resource: role x with an explicit deny in a permissions boundary":                                                                                                                                     "the boundary of whoever deploys",
		`Resource handler returned message: "The role defined for the function cannot be assumed by Lambda. (Service: Lambda, Status Code: 400, Request ID: b3ca3772, Extended Request ID: null)"`:                                                                                                              "run it again",
		"CodeBuild is not authorized to perform: sts:AssumeRole on arn:aws:iam::111111111111:role/x (Service: AWSCodeBuild; Status Code: 400; Error Code: InvalidInputException)":                                                                                                                               "run it again",
		"Role arn:aws:iam::111111111111:role/x is invalid or cannot be assumed":                                                                                                        "`foldstack bootstrap` makes it again",
		"User: arn:aws:sts::111111111111:assumed-role/a/b is not authorized to perform: kms:CreateKey on resource: * because no identity-based policy allows the kms:CreateKey action": "use credentials that may",
		"API: s3:PutBucketPolicy Access Denied":                                                                                 "use credentials that may",
		"AccessDenied. User doesn't have permission to call iam:CreateRole":                                                     "use credentials that may",
		"You are not authorized to perform this operation. (Service: Ec2, Status Code: 403, Error Code: UnauthorizedOperation)": "use credentials that may",

		`Resource handler returned message: "The new key policy will not allow you to update the key policy in the future. (Service: Kms, Status Code: 400, Request ID: x) (SDK Attempt Count: 1)" (RequestToken: x, HandlerErrorCode: InvalidRequest)`: "kms:PutKeyPolicy",
		`Resource handler returned message: "Policy contains a statement with one or more invalid principals. (Service: Kms, Status Code: 400, Request ID: x)"`:                                                                                         "are all `accounts` in foldstack.yaml right",
		"arn:aws:kms:eu-central-1:111111111111:key/mrk-1 is pending deletion. (Service: Kms, Status Code: 400)":                                                                                                                                         "cancel-key-deletion",
		"arn:aws:kms:eu-central-1:111111111111:key/mrk-1 is disabled. (Service: AWSKMS; Status Code: 400; Error Code: DisabledException)":                                                                                                               "enable-key",

		"Resource handler returned message: \"Unzipped size must be smaller than 131361085 bytes (Service: Lambda, Status Code: 400)\" (HandlerErrorCode: InvalidRequest)": "with its layers",
		"Function code combined with layers exceeds the maximum allowed size of 262144000 bytes. The actual size is 291495520 bytes. (Service: Lambda)":                    "with its layers",
		"The security token included in the request is expired (Service: AmazonIdentityManagement; Status Code: 403; Error Code: ExpiredToken)":                            "sign in again",
		"ExpiredToken: The provided token has expired.":                                                                                                 "sign in again",
		"Signature expired: 20161024T215820Z is now earlier than 20161024T215917Z (20161024T220417Z - 5 min.)":                                          "sign in again",
		"The security token included in the request is invalid (Service: AmazonIdentityManagement; Status Code: 403; Error Code: InvalidClientTokenId)": "is the region enabled",
		"You are not subscribed to this service. (Service: Ec2)":                                                                                        "is the region enabled",
		"The AWS Access Key Id needs a subscription for the service (Error Code: OptInRequired)":                                                        "is the region enabled",
		"Template format error: Unrecognized resource types: [AWS::ApiGatewayV2::Api, AWS::ApiGatewayV2::Stage]":                                        "does not have that service",

		"No export named foldstack-shop-KeyId found. Rollback requested by user.":                              "run `foldstack bootstrap`",
		"Export vpc-demo:Subnet cannot be deleted as it is in use by cdk-vpc-to-cfn-elb-demo and elb":          "delete that first",
		"Delete canceled. Cannot delete export NotificationTopicArn as it is in use by amplify-main-6d631.":    "delete that first",
		"Export with name foldstack-shop-KeyId is already exported by stack shop. Rollback requested by user.": "another stack exports that name",

		"The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.":                                                  "choose another `project`",
		"The bucket you tried to delete is not empty (Service: Amazon S3; Status Code: 409; Error Code: BucketNotEmpty)":                                                                                        "with all versions",
		"The repository with name 'shop' in registry with id '111111111111' cannot be deleted because it still contains images (Service: AmazonECR; Status Code: 400; Error Code: RepositoryNotEmptyException)": "delete the images",
		"Resource of type 'AWS::ECR::Repository' with identifier 'shop' already exists.":                                                                                                                        "import it into the stack",
		"shop-dev-deploy already exists in stack arn:aws:cloudformation:eu-central-1:222222222222:stack/another/x":                                                                                              "import it into the stack",
		`Resource handler returned message: "null" (HandlerErrorCode: AlreadyExists)`:                                                                                                                           "import it into the stack",
		"Your previous request to create the named bucket succeeded and you already own it. (Service: Amazon S3; Error Code: BucketAlreadyOwnedByYou)":                                                          "import it into the stack",

		"Rate exceeded (Service: AmazonCloudWatch; Status Code: 400; Error Code: Throttling)":                                                    "run it again",
		"Too Many Requests (Service: ApiGateway, Status Code: 429, Error Code: TooManyRequestsException)":                                        "run it again",
		"Request limit exceeded. (Service: AmazonEC2; Status Code: 503; Error Code: RequestLimitExceeded)":                                       "run it again",
		"Resource handler returned message: \"Throttling on kms\" (HandlerErrorCode: Throttling)":                                                "run it again",
		"Cannot exceed quota for RolesPerAccount: 1000 (Service: Iam, Status Code: 409, Request ID: x)":                                          "Service Quotas",
		"Key quota for this account in this region is 101 (Service: Kms, Error Code: LimitExceededException)":                                    "Service Quotas",
		"Limit exceeded on dimensional spend monitor creation":                                                                                   "Service Quotas",
		"You have attempted to create more buckets than allowed (Service: Amazon S3; Error Code: TooManyBuckets)":                                "Service Quotas",
		"Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [50].": "Service Quotas",

		"Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist. (Service: Lambda, Status Code: 400)":      "foldstack publish",
		"S3 error: The specified key does not exist.\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html":             "foldstack publish",
		`Resource handler returned message: "Source image x does not exist. Provide a valid source image. (Service: Lambda, Status Code: 400)"`:                  "foldstack publish",
		"Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist (Service: Lambda, Status Code: 400)": "`foldstack bootstrap`, then `foldstack publish`",
		"S3 error: The specified bucket does not exist": "`foldstack bootstrap`, then `foldstack publish`",

		`Resource handler returned message: "Exceeded attempts to wait" (HandlerErrorCode: NotStabilized)`: "run it again",
		"Resource of type 'AWS::KMS::ReplicaKey' with identifier 'mrk-1' did not stabilize.":               "run it again",
		"Internal Failure": "run it again",
		`Resource handler returned message: "null" (HandlerErrorCode: InternalFailure)`:      "run it again",
		`Resource handler returned message: "null" (HandlerErrorCode: ServiceInternalError)`: "run it again",

		"Value at 'deadline' failed to satisfy constraint": "mend what the reason names",
	} {
		assert.Contains(t, stacks.Advice(stacks.Event{Reason: reason}), advice, reason)
	}
}
