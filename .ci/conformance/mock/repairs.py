"""What moto's services do otherwise than AWS's, where a delivery depends on it."""

import copy
import fnmatch
import json

from flask import request
from moto.codepipeline.models import CodePipeline, CodePipelineBackend
from moto.codepipeline.responses import CodePipelineResponse
from moto.iam import iam_backends
from moto.iam.access_control import PermissionResult
from moto.kms.models import KmsBackend
from moto.s3.models import FakeBucket
from moto.sts.exceptions import STSClientError
from moto.sts.models import STSBackend

import history


def assume_only_what_is_there(assume):
    """moto lets everybody be anybody."""

    def assume_role(self, *args, **kwargs):
        arn = kwargs["role_arn"]
        roles = iam_backends[arn.split(":")[4]]["aws"].roles.values()
        if arn not in (r.arn for r in roles):
            raise STSClientError("AccessDenied", f"there is no role {arn} that could be assumed")
        return assume(self, *args, **kwargs)

    return assume_role


def replicas_of_their_own(replicate):
    """moto's replica shares its aliases and its description with the primary key.

    https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
    """

    def replicate_key(self, key_id, replica_region):
        replica = replicate(self, key_id, replica_region)
        replica.aliases = {}
        replica.multi_region_configuration = copy.deepcopy(replica.multi_region_configuration)
        return replica

    return replicate_key


def counted(update):
    """moto's pipelines stay at version 1.

    https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_UpdatePipeline.html
    """

    def update_pipeline(self, pipeline):
        version = self.pipelines[pipeline["name"]].pipeline["version"]
        return update(self, {**pipeline, "version": version + 1})

    return update_pipeline


def listed(value):
    return value if isinstance(value, list) else [value]


# Conditions, as far as our bucket policies have them; another one breaks the server.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
OPERATORS = {
    "ArnLike": lambda have, want: have is not None and fnmatch.fnmatchcase(have, want),
    "Bool": lambda have, want: have == want,
    "Null": lambda have, want: (have is None) == (want == "true"),
    "StringLike": lambda have, want: have is not None and fnmatch.fnmatchcase(have, want),
}


def concerns(statement, action, resource, account, context):
    principal = statement["Principal"]
    if principal != "*" and account not in {p if p.isdigit() else p.split(":")[4] for p in listed(principal.get("AWS", []))}:
        return False
    if not any(fnmatch.fnmatchcase(action, a) for a in listed(statement["Action"])):
        return False
    if not any(fnmatch.fnmatchcase(resource, r) for r in listed(statement["Resource"])):
        return False
    return all(
        any(OPERATORS[operator](context.get(key), str(want)) for want in listed(wanted))
        for operator, keys in statement.get("Condition", {}).items()
        for key, wanted in keys.items()
    )


def judged(self, action, resource):
    """What a bucket's policy says of a request for an object. moto takes each condition that it does not
    know for a denial, and lets every account read what no policy gives it.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-auth-workflow-object-operation.html
    """
    key = request.headers["Authorization"].split("Credential=")[1].split("/")[0]
    account, role = next(
        ((name, one["aws"].access_keys[key].role_arn) for name, one in list(iam_backends.items()) if key in one["aws"].access_keys), (None, None)
    )
    action = {"s3:HeadObject": "s3:GetObject", "s3:PostObject": "s3:PutObject"}.get(action, action)
    parts = action == "s3:PutObject" and ("partNumber" in request.args or "uploads" in request.args)
    context = {
        "aws:PrincipalArn": role,
        "aws:SecureTransport": "true",  # the mock is asked without TLS, in place of AWS with it
        "s3:ObjectCreationOperation": "false" if parts else "true",
        "s3:if-none-match": request.headers.get("If-None-Match"),
    }
    statements = json.loads(self.policy)["Statement"] if self.policy else []
    effects = {s["Effect"] for s in statements if concerns(s, action, resource, account, context)}
    if "Deny" in effects or "Allow" not in effects and account != self.account_id:
        return PermissionResult.DENIED
    return PermissionResult.PERMITTED if "Allow" in effects else PermissionResult.NEUTRAL


def install():
    FakeBucket.get_permission = judged
    CodePipelineBackend.update_pipeline = counted(CodePipelineBackend.update_pipeline)
    # The protocol's times are numbers; the SDK for Python takes moto's texts, that for Go does not.
    CodePipeline.metadata = property(lambda self: {"created": self._created.timestamp(), "updated": self._updated.timestamp()})
    CodePipelineResponse.get_pipeline_state = history.state
    CodePipelineResponse.list_pipeline_executions = history.executions
    CodePipelineResponse.list_action_executions = history.action_executions
    STSBackend.assume_role = assume_only_what_is_there(STSBackend.assume_role)
    KmsBackend.replicate_key = replicas_of_their_own(KmsBackend.replicate_key)
