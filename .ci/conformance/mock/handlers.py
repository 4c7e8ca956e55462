"""How each type of resource is made: by the public API of its service.

A type that is not here fails the stack that has it, and so do a property and an update
that its handler does not know. What a service of moto lacks is said where it matters;
what it lacks altogether is kept in RECORDED, with the reason.
"""

import json
import random
import string
import uuid

import boto3
import botocore.config

from template import Refused

ENDPOINT = None  # of the server; set when it has started

CONFIG = botocore.config.Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, max_pool_connections=4)

# Whoever first comes into an account of an organisation.
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html
ADMINISTRATOR = "OrganizationAccountAccessRole"

clients = {}


class Region:
    """A region of an account, as a role sees it."""

    def __init__(self, account, name, role):
        self.account, self.name = account, name
        self.role = role or f"arn:aws:iam::{account}:role/{ADMINISTRATOR}"

    def client(self, service, region=None):
        key = (service, self.role, region or self.name)
        if key not in clients:
            keys = dict(aws_access_key_id="mock", aws_secret_access_key="mock")
            if service != "sts":
                credentials = self.client("sts").assume_role(RoleArn=self.role, RoleSessionName="mock")["Credentials"]
                keys = dict(aws_access_key_id=credentials["AccessKeyId"], aws_secret_access_key=credentials["SecretAccessKey"], aws_session_token=credentials["SessionToken"])
            clients[key] = session.client(service, region_name=region or self.name, endpoint_url=ENDPOINT, config=CONFIG, **keys)
        return clients[key]


session = boto3.session.Session()


class Handler:
    """Makes, changes and removes one resource. A property that is named in replaced_by
    cannot be changed: another resource takes the place of this one."""

    types = {}
    replaced_by = frozenset()

    def __init__(self, region, resource):
        self.region, self.resource = region, resource

    @staticmethod
    def handles(kind, replaced_by=()):
        def register(cls):
            Handler.types[kind] = cls
            cls.replaced_by = frozenset(replaced_by)
            return cls

        return register

    @staticmethod
    def of(kind):
        if kind not in Handler.types:
            raise Refused(f"the mock makes no {kind}")
        return Handler.types[kind]

    def create(self, p):
        raise NotImplementedError

    def update(self, old, p):
        raise Refused(f"the mock does not change a {self.resource.cf_resource_type}")

    def revert(self, now, p):
        """Takes back an update."""
        return self.update(now, p)

    def delete(self, physical, p):
        raise NotImplementedError

    def name(self, limit, given=None):
        """The name that was given, or one as CloudFormation makes it."""
        if given:
            return given
        return f"{self.resource.stack.name}-{self.resource.logical_resource_id}"[: limit - 13] + "-" + suffix()

    def only(self, p, *known):
        """Refuses a property that would be made nothing of."""
        unknown = sorted(set(p) - set(known))
        if unknown:
            raise Refused(f"the mock does not know {unknown} of {self.resource.cf_resource_type}")


def suffix():
    """The end of a name that CloudFormation makes; the first letter tells it from an account's number."""
    return random.choice(string.ascii_uppercase) + "".join(random.choices(string.ascii_uppercase + string.digits, k=11))


def document(policy):
    return policy if isinstance(policy, str) else json.dumps(policy)


def lower(value, keep=()):
    """The names of an API whose members begin in lower case."""
    if isinstance(value, list):
        return [lower(v, keep) for v in value]
    if isinstance(value, dict):
        return {k[0].lower() + k[1:]: v if k in keep else lower(v, keep) for k, v in value.items()}
    return value


def tags(p):
    return [{"Key": t["Key"], "Value": t["Value"]} for t in p.get("Tags", [])]


# What moto has no service for, and why it is enough to write it down.
RECORDED = {
    # Nothing reads a connection but the source of a pipeline, which the tests replace by S3.
    "AWS::CodeConnections::Connection": "arn:aws:codeconnections:{region}:{account}:connection/{id}",
}


class Recorded(Handler):
    def create(self, p):
        arn = RECORDED[self.resource.cf_resource_type].format(region=self.region.name, account=self.region.account, id=uuid.uuid4())
        return arn, {}

    def delete(self, physical, p):
        pass


for kind in RECORDED:
    Handler.handles(kind)(Recorded)


# --- keys, buckets, repositories


@Handler.handles("AWS::KMS::Key", ("MultiRegion",))
class Key(Handler):
    def create(self, p):
        self.only(p, "Description", "EnableKeyRotation", "KeyPolicy", "MultiRegion")
        kms = self.region.client("kms")
        key = kms.create_key(Policy=document(p["KeyPolicy"]), Description=p["Description"], MultiRegion=p.get("MultiRegion", False))["KeyMetadata"]
        if p.get("EnableKeyRotation"):
            kms.enable_key_rotation(KeyId=key["KeyId"])
        return key["KeyId"], {"Arn": key["Arn"], "KeyId": key["KeyId"]}

    def settle(self, key, p):
        kms = self.region.client("kms")
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy=document(p["KeyPolicy"]))
        kms.update_key_description(KeyId=key, Description=p["Description"])

    def update(self, old, p):
        self.settle(old.physical_resource_id, p)
        return old.attributes

    def delete(self, physical, p):
        self.region.client("kms").schedule_key_deletion(KeyId=physical, PendingWindowInDays=7)


@Handler.handles("AWS::KMS::ReplicaKey", ("PrimaryKeyArn",))
class ReplicaKey(Key):
    def create(self, p):
        self.only(p, "Description", "KeyPolicy", "PrimaryKeyArn")
        primary = p["PrimaryKeyArn"].split(":")
        where = primary[3]
        if where == self.region.name:
            raise Refused("a replica lies in another region than its primary")
        self.region.client("kms", where).describe_key(KeyId=p["PrimaryKeyArn"])
        key = self.region.client("kms", where).replicate_key(KeyId=primary[5].removeprefix("key/"), ReplicaRegion=self.region.name)["ReplicaKeyMetadata"]
        self.settle(key["KeyId"], p)
        return key["KeyId"], {"Arn": key["Arn"], "KeyId": key["KeyId"]}


@Handler.handles("AWS::KMS::Alias", ("AliasName",))
class KeyAlias(Handler):
    def create(self, p):
        self.only(p, "AliasName", "TargetKeyId")
        self.region.client("kms").create_alias(**p)
        return p["AliasName"], {}

    def update(self, old, p):
        self.region.client("kms").update_alias(**p)
        return {}

    def delete(self, physical, p):
        self.region.client("kms").delete_alias(AliasName=physical)


@Handler.handles("AWS::S3::Bucket", ("BucketName",))
class Bucket(Handler):
    def create(self, p):
        name = self.name(63, p.get("BucketName")).lower()
        s3 = self.region.client("s3")
        where = {} if self.region.name == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": self.region.name}}
        s3.create_bucket(Bucket=name, **where)
        self.settle(s3, name, p)
        arn = f"arn:aws:s3:::{name}"
        return name, {"Arn": arn}

    def settle(self, s3, name, p):
        self.only(p, "BucketName", "BucketEncryption", "LifecycleConfiguration", "NotificationConfiguration", "OwnershipControls", "PublicAccessBlockConfiguration", "VersioningConfiguration")
        if "BucketEncryption" in p:
            rules = [
                {"ApplyServerSideEncryptionByDefault": r["ServerSideEncryptionByDefault"], "BucketKeyEnabled": r.get("BucketKeyEnabled", False)}
                for r in p["BucketEncryption"]["ServerSideEncryptionConfiguration"]
            ]
            s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": rules})
        if "LifecycleConfiguration" in p:
            rules = [self.lifecycle(dict(r)) for r in p["LifecycleConfiguration"]["Rules"]]
            s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
        if "NotificationConfiguration" in p:
            self.only(p["NotificationConfiguration"], "EventBridgeConfiguration")
            s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration={"EventBridgeConfiguration": {}})
        if "OwnershipControls" in p:
            s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls=p["OwnershipControls"])
        if "PublicAccessBlockConfiguration" in p:
            s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=p["PublicAccessBlockConfiguration"])
        if "VersioningConfiguration" in p:
            s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=p["VersioningConfiguration"])

    def lifecycle(self, rule):
        rule["ID"] = rule.pop("Id")
        if "ExpirationInDays" in rule:
            rule["Expiration"] = {"Days": rule.pop("ExpirationInDays")}
        return {"Filter": {"Prefix": ""}, **rule}

    def update(self, old, p):
        self.settle(self.region.client("s3"), old.physical_resource_id, p)
        return old.attributes

    def delete(self, physical, p):
        self.region.client("s3").delete_bucket(Bucket=physical)


@Handler.handles("AWS::S3::BucketPolicy", ("Bucket",))
class BucketPolicy(Handler):
    def create(self, p):
        self.only(p, "Bucket", "PolicyDocument")
        self.region.client("s3").put_bucket_policy(Bucket=p["Bucket"], Policy=document(p["PolicyDocument"]))
        return p["Bucket"], {}

    def update(self, old, p):
        return self.create(p)[1]

    def delete(self, physical, p):
        self.region.client("s3").delete_bucket_policy(Bucket=physical)


@Handler.handles("AWS::ECR::Repository", ("RepositoryName", "EncryptionConfiguration"))
class Repository(Handler):
    def create(self, p):
        self.only(p, "RepositoryName", "EncryptionConfiguration", "ImageScanningConfiguration", "ImageTagMutability", "LifecyclePolicy", "RepositoryPolicyText")
        ecr, name = self.region.client("ecr"), p["RepositoryName"]
        encryption = {"encryptionType": p["EncryptionConfiguration"]["EncryptionType"], "kmsKey": p["EncryptionConfiguration"]["KmsKey"]}
        arn = ecr.create_repository(repositoryName=name, encryptionConfiguration=encryption)["repository"]["repositoryArn"]
        self.settle(ecr, name, p)
        return name, {"Arn": arn}

    def settle(self, ecr, name, p):
        ecr.put_image_tag_mutability(repositoryName=name, imageTagMutability=p["ImageTagMutability"])
        ecr.put_image_scanning_configuration(repositoryName=name, imageScanningConfiguration=lower(p["ImageScanningConfiguration"]))
        ecr.set_repository_policy(repositoryName=name, policyText=document(p["RepositoryPolicyText"]))
        ecr.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=p["LifecyclePolicy"]["LifecyclePolicyText"])

    def update(self, old, p):
        self.settle(self.region.client("ecr"), old.physical_resource_id, p)
        return old.attributes

    def delete(self, physical, p):
        self.region.client("ecr").delete_repository(repositoryName=physical)


# --- roles and policies


@Handler.handles("AWS::IAM::Role", ("RoleName", "Path"))
class Role(Handler):
    def create(self, p):
        self.only(p, "RoleName", "Path", "Description", "AssumeRolePolicyDocument", "ManagedPolicyArns", "PermissionsBoundary", "Policies")
        iam, name = self.region.client("iam"), self.name(64, p.get("RoleName"))
        optional = {k: p[k] for k in ("Path", "Description", "PermissionsBoundary") if k in p}
        if "PermissionsBoundary" in p:
            iam.get_policy(PolicyArn=p["PermissionsBoundary"])
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(p["AssumeRolePolicyDocument"]), **optional)["Role"]
        self.settle(iam, name, {}, p)
        return name, {"Arn": role["Arn"], "RoleId": role["RoleId"]}

    def settle(self, iam, name, old, p):
        wanted = {i["PolicyName"]: i["PolicyDocument"] for i in p.get("Policies", [])}
        for gone in {i["PolicyName"] for i in old.get("Policies", [])} - set(wanted):
            iam.delete_role_policy(RoleName=name, PolicyName=gone)
        for policy, body in wanted.items():
            iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=document(body))
        for gone in set(old.get("ManagedPolicyArns", [])) - set(p.get("ManagedPolicyArns", [])):
            iam.detach_role_policy(RoleName=name, PolicyArn=gone)
        for arn in p.get("ManagedPolicyArns", []):
            iam.attach_role_policy(RoleName=name, PolicyArn=arn)

    def update(self, old, p):
        iam, name = self.region.client("iam"), old.physical_resource_id
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=document(p["AssumeRolePolicyDocument"]))
        iam.update_role(RoleName=name, Description=p.get("Description", ""))
        if "PermissionsBoundary" in p:
            iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=p["PermissionsBoundary"])
        self.settle(iam, name, old.properties, p)
        return old.attributes

    def delete(self, physical, p):
        iam = self.region.client("iam")
        self.settle(iam, physical, p, {})
        iam.delete_role(RoleName=physical)


@Handler.handles("AWS::IAM::ManagedPolicy", ("ManagedPolicyName", "Path", "Description"))
class ManagedPolicy(Handler):
    def create(self, p):
        self.only(p, "ManagedPolicyName", "Path", "Description", "PolicyDocument", "Roles")
        iam = self.region.client("iam")
        optional = {k: p[k] for k in ("Path", "Description") if k in p}
        arn = iam.create_policy(PolicyName=self.name(128, p.get("ManagedPolicyName")), PolicyDocument=document(p["PolicyDocument"]), **optional)["Policy"]["Arn"]
        for role in p.get("Roles", []):
            iam.attach_role_policy(RoleName=role, PolicyArn=arn)
        return arn, {"PolicyArn": arn}

    def update(self, old, p):
        iam, arn = self.region.client("iam"), old.physical_resource_id
        if old.properties.get("Roles") != p.get("Roles"):
            raise Refused("the mock does not attach a managed policy to other roles")
        before = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(p["PolicyDocument"]), SetAsDefault=True)
        iam.delete_policy_version(PolicyArn=arn, VersionId=before)
        return old.attributes

    def delete(self, physical, p):
        iam = self.region.client("iam")
        for role in p.get("Roles", []):
            iam.detach_role_policy(RoleName=role, PolicyArn=physical)
        for role in iam.list_entities_for_policy(PolicyArn=physical)["PolicyRoles"]:
            raise Refused(f"Cannot delete a policy attached to entities: {role['RoleName']}")
        iam.delete_policy(PolicyArn=physical)


# --- what is delivered


@Handler.handles("AWS::Logs::LogGroup", ("LogGroupName",))
class LogGroup(Handler):
    def create(self, p):
        self.only(p, "LogGroupName", "RetentionInDays", "KmsKeyId")
        logs, name = self.region.client("logs"), self.name(512, p.get("LogGroupName"))
        logs.create_log_group(logGroupName=name, **({"kmsKeyId": p["KmsKeyId"]} if "KmsKeyId" in p else {}))
        self.settle(logs, name, p)
        return name, {"Arn": f"arn:aws:logs:{self.region.name}:{self.region.account}:log-group:{name}:*"}

    def settle(self, logs, name, p):
        if "RetentionInDays" in p:
            logs.put_retention_policy(logGroupName=name, retentionInDays=p["RetentionInDays"])

    def update(self, old, p):
        self.settle(self.region.client("logs"), old.physical_resource_id, p)
        return old.attributes

    def delete(self, physical, p):
        self.region.client("logs").delete_log_group(logGroupName=physical)


CONFIGURATION = ("Description", "Environment", "Handler", "LoggingConfig", "MemorySize", "Role", "Runtime", "Timeout", "TracingConfig", "VpcConfig", "EphemeralStorage", "Layers")


@Handler.handles("AWS::Lambda::Function", ("FunctionName", "PackageType"))
class Function(Handler):
    def create(self, p):
        self.check(p)
        awslambda, name = self.region.client("lambda"), self.name(64, p.get("FunctionName"))
        configuration = {k: p[k] for k in (*CONFIGURATION, "Architectures", "PackageType") if k in p}
        arn = awslambda.create_function(FunctionName=name, Code=p["Code"], **configuration)["FunctionArn"]
        self.reserve(awslambda, name, p)
        return name, {"Arn": arn}

    def check(self, p):
        self.only(p, "FunctionName", "Code", "Architectures", "PackageType", "ReservedConcurrentExecutions", *CONFIGURATION)
        if "ImageUri" in p["Code"]:
            raise Refused("the mock runs no images")
        # moto takes a key that is not there for an empty archive.
        self.region.client("s3").head_object(Bucket=p["Code"]["S3Bucket"], Key=p["Code"]["S3Key"])
        role = p["Role"].split(":role")[1].split("/")[-1]
        self.region.client("iam").get_role(RoleName=role)
        for group in [p.get("LoggingConfig", {}).get("LogGroup")] if "LoggingConfig" in p else []:
            if not self.region.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
                raise Refused(f"there is no log group {group}")

    def reserve(self, awslambda, name, p):
        if "ReservedConcurrentExecutions" in p:
            awslambda.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=p["ReservedConcurrentExecutions"])

    def update(self, old, p):
        self.check(p)
        awslambda, name = self.region.client("lambda"), old.physical_resource_id
        if {**old.properties, "Code": None} != {**p, "Code": None}:
            awslambda.update_function_configuration(FunctionName=name, **{k: p[k] for k in CONFIGURATION if k in p})
        if (old.properties["Code"], old.properties.get("Architectures")) != (p["Code"], p.get("Architectures")):
            awslambda.update_function_code(FunctionName=name, **p["Code"], **({"Architectures": p["Architectures"]} if "Architectures" in p else {}))
        self.reserve(awslambda, name, p)
        return old.attributes

    def delete(self, physical, p):
        self.region.client("lambda").delete_function(FunctionName=physical)


@Handler.handles("AWS::Lambda::Version", ("*",))
class Version(Handler):
    def create(self, p):
        self.only(p, "FunctionName")
        awslambda = self.region.client("lambda")
        *_, latest = awslambda.list_versions_by_function(FunctionName=p["FunctionName"])["Versions"]
        if latest["Version"] != "$LATEST":
            function = awslambda.get_function_configuration(FunctionName=p["FunctionName"])
            if all(function.get(k) == latest.get(k) for k in ("CodeSha256", *CONFIGURATION)):
                # https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
                raise Refused(f"A version for this Lambda function exists ( {latest['Version']} ). Modify the function to create a new version.")
        version = awslambda.publish_version(FunctionName=p["FunctionName"])
        return version["FunctionArn"], {"Version": version["Version"], "FunctionArn": version["FunctionArn"]}

    def delete(self, physical, p):
        function, _, version = physical.rpartition(":")
        self.region.client("lambda").delete_function(FunctionName=function, Qualifier=version)


@Handler.handles("AWS::Lambda::Alias", ("FunctionName", "Name"))
class Alias(Handler):
    def create(self, p):
        self.only(p, "FunctionName", "FunctionVersion", "Name")
        arn = self.region.client("lambda").create_alias(**p)["AliasArn"]
        return arn, {"AliasArn": arn}

    def update(self, old, p):
        self.region.client("lambda").update_alias(**p)
        return old.attributes

    def delete(self, physical, p):
        self.region.client("lambda").delete_alias(FunctionName=p["FunctionName"], Name=p["Name"])


def qualified(name):
    """The function of an ARN or name, and the alias in it."""
    name = name.split(":function:")[-1]
    function, _, alias = name.partition(":")
    return {"FunctionName": function, **({"Qualifier": alias} if alias else {})}


@Handler.handles("AWS::Lambda::Permission", ("*",))
class Permission(Handler):
    def create(self, p):
        self.only(p, "FunctionName", "Action", "Principal", "SourceArn", "SourceAccount")
        sid = self.name(100)
        rest = {k: v for k, v in p.items() if k != "FunctionName"}
        self.region.client("lambda").add_permission(**qualified(p["FunctionName"]), StatementId=sid, **rest)
        return sid, {"Id": sid}

    def delete(self, physical, p):
        self.region.client("lambda").remove_permission(**qualified(p["FunctionName"]), StatementId=physical)


@Handler.handles("AWS::Lambda::EventSourceMapping", ("EventSourceArn",))
class EventSourceMapping(Handler):
    def create(self, p):
        if ":sqs:" in p["EventSourceArn"]:
            self.patient(p)
        made = self.region.client("lambda").create_event_source_mapping(**p)
        return made["UUID"], {"Id": made["UUID"]}

    def patient(self, p):
        """https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"""
        url = self.region.client("sqs").get_queue_url(QueueName=p["EventSourceArn"].split(":")[5])["QueueUrl"]
        visible = self.region.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]["VisibilityTimeout"]
        timeout = self.region.client("lambda").get_function_configuration(**qualified(p["FunctionName"]))["Timeout"]
        if int(visible) < timeout:
            raise Refused(f"Queue visibility timeout: {visible} seconds is less than Function timeout: {timeout} seconds")

    def update(self, old, p):
        rest = {k: v for k, v in p.items() if k != "EventSourceArn"}
        self.region.client("lambda").update_event_source_mapping(UUID=old.physical_resource_id, **rest)
        return old.attributes

    def delete(self, physical, p):
        self.region.client("lambda").delete_event_source_mapping(UUID=physical)


@Handler.handles("AWS::SQS::Queue", ("QueueName", "FifoQueue"))
class Queue(Handler):
    def attributes(self, p):
        return {k: document(v) if isinstance(v, dict) else str(v).lower() if isinstance(v, bool) else str(v) for k, v in p.items() if k not in ("QueueName", "Tags")}

    def create(self, p):
        sqs, name = self.region.client("sqs"), self.name(80, p.get("QueueName"))
        url = sqs.create_queue(QueueName=name, Attributes=self.attributes(p))["QueueUrl"]
        return url, {"Arn": f"arn:aws:sqs:{self.region.name}:{self.region.account}:{name}", "QueueName": name, "QueueUrl": url}

    def update(self, old, p):
        self.region.client("sqs").set_queue_attributes(QueueUrl=old.physical_resource_id, Attributes=self.attributes(p))
        return old.attributes

    def delete(self, physical, p):
        self.region.client("sqs").delete_queue(QueueUrl=physical)


@Handler.handles("AWS::SQS::QueuePolicy")
class QueuePolicy(Handler):
    def create(self, p):
        self.only(p, "PolicyDocument", "Queues")
        for url in p["Queues"]:
            self.region.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": document(p["PolicyDocument"])})
        return self.name(128), {}

    def update(self, old, p):
        self.create(p)
        return {}

    def delete(self, physical, p):
        for url in p["Queues"]:
            self.region.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})


@Handler.handles("AWS::SNS::Topic", ("TopicName", "FifoTopic"))
class Topic(Handler):
    def create(self, p):
        self.only(p, "TopicName", "DisplayName", "KmsMasterKeyId")
        sns, name = self.region.client("sns"), self.name(256, p.get("TopicName"))
        arn = sns.create_topic(Name=name)["TopicArn"]
        self.settle(sns, arn, p)
        return arn, {"TopicArn": arn, "TopicName": name}

    def settle(self, sns, arn, p):
        for attribute in ("DisplayName", "KmsMasterKeyId"):
            if attribute in p:
                sns.set_topic_attributes(TopicArn=arn, AttributeName=attribute, AttributeValue=p[attribute])

    def update(self, old, p):
        self.settle(self.region.client("sns"), old.physical_resource_id, p)
        return old.attributes

    def delete(self, physical, p):
        self.region.client("sns").delete_topic(TopicArn=physical)


@Handler.handles("AWS::SNS::TopicPolicy")
class TopicPolicy(Handler):
    def create(self, p):
        self.only(p, "PolicyDocument", "Topics")
        for arn in p["Topics"]:
            self.region.client("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=document(p["PolicyDocument"]))
        return self.name(128), {}

    def update(self, old, p):
        self.create(p)
        return {}

    def delete(self, physical, p):
        pass  # CloudFormation puts back SNS's own policy, and the topic goes with the stack


@Handler.handles("AWS::SNS::Subscription", ("Endpoint", "Protocol", "TopicArn"))
class Subscription(Handler):
    def create(self, p):
        self.only(p, "Endpoint", "Protocol", "TopicArn", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy")
        sns = self.region.client("sns")
        attributes = {k: document(p[k]) for k in ("FilterPolicy", "FilterPolicyScope", "RedrivePolicy") if k in p}
        arn = sns.subscribe(TopicArn=p["TopicArn"], Protocol=p["Protocol"], Endpoint=p["Endpoint"], Attributes=attributes, ReturnSubscriptionArn=True)["SubscriptionArn"]
        return arn, {"Arn": arn}

    def update(self, old, p):
        for attribute in ("FilterPolicy", "FilterPolicyScope", "RedrivePolicy"):
            if attribute in p:
                self.region.client("sns").set_subscription_attributes(SubscriptionArn=old.physical_resource_id, AttributeName=attribute, AttributeValue=document(p[attribute]))
        return old.attributes

    def delete(self, physical, p):
        self.region.client("sns").unsubscribe(SubscriptionArn=physical)


@Handler.handles("AWS::Events::EventBus", ("Name",))
class EventBus(Handler):
    def create(self, p):
        self.only(p, "Name")
        arn = self.region.client("events").create_event_bus(Name=p["Name"])["EventBusArn"]
        return p["Name"], {"Arn": arn, "Name": p["Name"]}

    def delete(self, physical, p):
        self.region.client("events").delete_event_bus(Name=physical)


@Handler.handles("AWS::Events::Rule", ("Name", "EventBusName"))
class Rule(Handler):
    def create(self, p):
        name = self.name(64, p.get("Name"))
        arn = self.settle(name, p)
        bus = p.get("EventBusName", "default").split("/")[-1]
        return name if bus == "default" else f"{bus}|{name}", {"Arn": arn}

    def bus(self, p):
        return {"EventBusName": p["EventBusName"]} if "EventBusName" in p else {}

    def settle(self, name, p):
        self.only(p, "Name", "EventBusName", "Description", "EventPattern", "State", "Targets")
        events = self.region.client("events")
        optional = {k: p[k] for k in ("Description", "State") if k in p}
        arn = events.put_rule(Name=name, EventPattern=document(p["EventPattern"]), **optional, **self.bus(p))["RuleArn"]
        failed = events.put_targets(Rule=name, Targets=p["Targets"], **self.bus(p))["FailedEntries"]
        if failed:
            raise Refused(f"{failed}")
        return arn

    def update(self, old, p):
        name = old.physical_resource_id.split("|")[-1]
        gone = {t["Id"] for t in old.properties["Targets"]} - {t["Id"] for t in p["Targets"]}
        if gone:
            self.region.client("events").remove_targets(Rule=name, Ids=sorted(gone), **self.bus(p))
        return {"Arn": self.settle(name, p)}

    def delete(self, physical, p):
        events, name = self.region.client("events"), physical.split("|")[-1]
        events.remove_targets(Rule=name, Ids=[t["Id"] for t in p["Targets"]], **self.bus(p))
        events.delete_rule(Name=name, **self.bus(p))


@Handler.handles("AWS::Scheduler::Schedule", ("Name", "GroupName"))
class Schedule(Handler):
    def create(self, p):
        name = self.name(64, p.get("Name"))
        arn = self.region.client("scheduler").create_schedule(**{**p, "Name": name})["ScheduleArn"]
        return name, {"Arn": arn}

    def update(self, old, p):
        self.region.client("scheduler").update_schedule(**{**p, "Name": old.physical_resource_id})
        return old.attributes

    def delete(self, physical, p):
        self.region.client("scheduler").delete_schedule(Name=physical)


@Handler.handles("AWS::ApiGatewayV2::Api", ("ProtocolType",))
class Api(Handler):
    def create(self, p):
        self.only(p, "Name", "ProtocolType", "Description")
        api = self.region.client("apigatewayv2").create_api(**p)
        return api["ApiId"], {"ApiId": api["ApiId"], "ApiEndpoint": api["ApiEndpoint"]}

    def update(self, old, p):
        self.region.client("apigatewayv2").update_api(ApiId=old.physical_resource_id, Name=p["Name"])
        return old.attributes

    def delete(self, physical, p):
        self.region.client("apigatewayv2").delete_api(ApiId=physical)


@Handler.handles("AWS::ApiGatewayV2::Stage", ("ApiId", "StageName"))
class Stage(Handler):
    def create(self, p):
        self.region.client("apigatewayv2").create_stage(**p)
        return p["StageName"], {}

    def delete(self, physical, p):
        self.region.client("apigatewayv2").delete_stage(ApiId=p["ApiId"], StageName=physical)


@Handler.handles("AWS::ApiGatewayV2::Integration", ("ApiId",))
class Integration(Handler):
    def create(self, p):
        made = self.region.client("apigatewayv2").create_integration(**p)["IntegrationId"]
        return made, {"IntegrationId": made}

    def update(self, old, p):
        self.region.client("apigatewayv2").update_integration(IntegrationId=old.physical_resource_id, **p)
        return old.attributes

    def delete(self, physical, p):
        self.region.client("apigatewayv2").delete_integration(ApiId=p["ApiId"], IntegrationId=physical)


@Handler.handles("AWS::ApiGatewayV2::Route", ("ApiId",))
class Route(Handler):
    def create(self, p):
        apis = self.region.client("apigatewayv2")
        apis.get_integration(ApiId=p["ApiId"], IntegrationId=p["Target"].removeprefix("integrations/"))
        made = apis.create_route(**p)["RouteId"]
        return made, {"RouteId": made}

    def update(self, old, p):
        self.region.client("apigatewayv2").update_route(RouteId=old.physical_resource_id, **p)
        return old.attributes

    def delete(self, physical, p):
        self.region.client("apigatewayv2").delete_route(ApiId=p["ApiId"], RouteId=physical)


@Handler.handles("AWS::DynamoDB::Table", ("TableName", "KeySchema"))
class Table(Handler):
    def create(self, p):
        name = self.name(255, p.get("TableName"))
        rest = {k: p[k] for k in ("AttributeDefinitions", "BillingMode", "KeySchema") if k in p}
        self.only(p, "TableName", "SSESpecification", "PointInTimeRecoverySpecification", *rest)
        table = self.region.client("dynamodb").create_table(TableName=name, **rest)["TableDescription"]
        return name, {"Arn": table["TableArn"]}

    def delete(self, physical, p):
        self.region.client("dynamodb").delete_table(TableName=physical)


@Handler.handles("AWS::Config::ConfigRule", ("ConfigRuleName",))
class ConfigRule(Handler):
    def put(self, name, p):
        self.region.client("config").put_config_rule(ConfigRule={**p, "ConfigRuleName": name, "InputParameters": document(p.get("InputParameters", {}))})
        return {"Arn": f"arn:aws:config:{self.region.name}:{self.region.account}:config-rule/{name}", "ConfigRuleId": name}

    def create(self, p):
        name = self.name(128, p.get("ConfigRuleName"))
        return name, self.put(name, p)

    def update(self, old, p):
        return self.put(old.physical_resource_id, p)

    def delete(self, physical, p):
        self.region.client("config").delete_config_rule(ConfigRuleName=physical)


# --- the pipeline


@Handler.handles("AWS::CodeBuild::Project", ("Name",))
class Project(Handler):
    def settled(self, p):
        project = lower(p)
        project["timeoutInMinutes"] = p["TimeoutInMinutes"]
        # moto wants places, which what a pipeline hands over has not.
        project["source"] = {"type": p["Source"]["Type"], "buildspec": p["Source"]["BuildSpec"], "location": "pipeline"}
        project["artifacts"]["location"] = "pipeline"
        return project

    def create(self, p):
        codebuild = self.region.client("codebuild")
        arn = codebuild.create_project(**self.settled(p))["project"]["arn"]
        return p["Name"], {"Arn": arn}

    def update(self, old, p):
        self.region.client("codebuild").update_project(**self.settled(p))
        return old.attributes

    def delete(self, physical, p):
        self.region.client("codebuild").delete_project(name=physical)


@Handler.handles("AWS::CodePipeline::Pipeline", ("Name",))
class Pipeline(Handler):
    def declared(self, p):
        self.only(p, "Name", "ArtifactStores", "ExecutionMode", "PipelineType", "RestartExecutionOnUpdate", "RoleArn", "Stages", "ArtifactStore")
        declaration = lower({k: v for k, v in p.items() if k not in ("ArtifactStores", "RestartExecutionOnUpdate")}, keep=("Configuration",))
        if "ArtifactStores" in p:
            declaration["artifactStores"] = {s["Region"]: lower(s["ArtifactStore"]) for s in p["ArtifactStores"]}
        return declaration

    def create(self, p):
        self.region.client("codepipeline").create_pipeline(pipeline=self.declared(p))
        return p["Name"], {"Version": "1"}

    def update(self, old, p):
        made = self.region.client("codepipeline").update_pipeline(pipeline=self.declared(p))["pipeline"]
        return {"Version": str(made["version"])}

    def delete(self, physical, p):
        self.region.client("codepipeline").delete_pipeline(name=physical)
