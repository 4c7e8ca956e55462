"""What moto's services do otherwise than AWS's, where a delivery depends on it."""

import copy

from moto.iam import iam_backends
from moto.kms.models import KmsBackend
from moto.sts.exceptions import STSClientError
from moto.sts.models import STSBackend


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


def install():
    STSBackend.assume_role = assume_only_what_is_there(STSBackend.assume_role)
    KmsBackend.replicate_key = replicas_of_their_own(KmsBackend.replicate_key)
