"""Everything that is there, in every account and region, asked of the services' own APIs.

Two of them say what a deployment did, and the last one says what is left.
"""

import json

from handlers import ADMINISTRATOR, Region


def without(thing, *keys):
    return {k: v for k, v in thing.items() if k not in ("ResponseMetadata", *keys)}


def all_of(client, operation, key, **arguments):
    if client.can_paginate(operation):
        return [thing for page in client.get_paginator(operation).paginate(**arguments) for thing in page.get(key, [])]
    return getattr(client, operation)(**arguments).get(key, [])


def stacks(region):
    for stack in all_of(region.client("cloudformation"), "describe_stacks", "Stacks"):
        yield "stack", stack["StackName"], {
            "Status": stack["StackStatus"],
            "Id": stack["StackId"],
            "Parent": stack.get("ParentId"),
            "Parameters": {p["ParameterKey"]: p["ParameterValue"] for p in stack.get("Parameters", [])},
            "Outputs": {o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", [])},
            "Role": stack.get("RoleARN"),
            "Tags": {t["Key"]: t["Value"] for t in stack.get("Tags", [])},
        }


def functions(region):
    awslambda = region.client("lambda")
    for function in all_of(awslambda, "list_functions", "Functions"):
        name = function["FunctionName"]
        location = awslambda.get_function(FunctionName=name)["Code"]["Location"]
        yield "function", name, {**without(function, "CodeSize", "LastModified", "RevisionId"), "Key": location.split(".amazonaws.com/")[1]}
        for version in all_of(awslambda, "list_versions_by_function", "Versions", FunctionName=name):
            if version["Version"] != "$LATEST":
                yield "version", f"{name}:{version['Version']}", without(version, "CodeSize", "LastModified", "RevisionId")
        for alias in all_of(awslambda, "list_aliases", "Aliases", FunctionName=name):
            yield "alias", f"{name}:{alias['Name']}", without(alias, "RevisionId")
        for statement in statements(awslambda, name):
            yield "permission", f"{name}:{statement['Sid']}", statement
    for mapping in all_of(awslambda, "list_event_source_mappings", "EventSourceMappings"):
        yield "event source mapping", mapping["UUID"], without(mapping, "LastModified")


def statements(awslambda, name):
    try:
        return json.loads(awslambda.get_policy(FunctionName=name)["Policy"])["Statement"]
    except awslambda.exceptions.ResourceNotFoundException:
        return []


def logs(region):
    for group in all_of(region.client("logs"), "describe_log_groups", "logGroups"):
        yield "log group", group["logGroupName"], without(group, "creationTime", "storedBytes")


def messages(region):
    sqs, sns = region.client("sqs"), region.client("sns")
    for url in all_of(sqs, "list_queues", "QueueUrls"):
        yield "queue", url.rsplit("/", 1)[1], sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    for topic in all_of(sns, "list_topics", "Topics"):
        yield "topic", topic["TopicArn"], without(sns.get_topic_attributes(TopicArn=topic["TopicArn"])["Attributes"])
    for subscription in all_of(sns, "list_subscriptions", "Subscriptions"):
        yield "subscription", subscription["SubscriptionArn"], subscription


def events(region):
    events, scheduler = region.client("events"), region.client("scheduler")
    for bus in all_of(events, "list_event_buses", "EventBuses"):
        if bus["Name"] != "default":
            yield "event bus", bus["Name"], bus["Arn"]
        for rule in all_of(events, "list_rules", "Rules", EventBusName=bus["Name"]):
            targets = all_of(events, "list_targets_by_rule", "Targets", EventBusName=bus["Name"], Rule=rule["Name"])
            yield "rule", f"{bus['Name']}/{rule['Name']}", {**rule, "Targets": targets}
    for schedule in all_of(scheduler, "list_schedules", "Schedules"):
        yield "schedule", schedule["Name"], without(scheduler.get_schedule(Name=schedule["Name"]), "CreationDate", "LastModificationDate")


def apis(region):
    gateway = region.client("apigatewayv2")
    for api in all_of(gateway, "get_apis", "Items"):
        name, api_id = api["Name"], api["ApiId"]
        yield "api", name, without(api, "CreatedDate")
        for kind in ("stage", "integration", "route"):
            for thing in all_of(gateway, f"get_{kind}s", "Items", ApiId=api_id):
                label = thing.get("RouteKey") or thing.get("StageName") or thing["IntegrationUri"].split(":function:")[1]
                yield kind, f"{name}/{label}", without(thing, "CreatedDate", "LastUpdatedDate")


def stores(region):
    s3, kms, ecr, dynamodb = (region.client(s) for s in ("s3", "kms", "ecr", "dynamodb"))
    for bucket in s3.list_buckets()["Buckets"]:
        name = bucket["Name"]
        where = s3.get_bucket_location(Bucket=name)["LocationConstraint"] or "us-east-1"
        if where == region.name:
            yield "bucket", name, {
                "Versioning": s3.get_bucket_versioning(Bucket=name).get("Status"),
                "Encryption": s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"],
                "PublicAccess": s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"],
                "Lifecycle": s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"],
                "Policy": policy(s3, name),
            }
            for version in all_of(s3, "list_object_versions", "Versions", Bucket=name):
                yield "object", f"{name}/{version['Key']}@{version['VersionId']}", version["ETag"]
    for key in all_of(kms, "list_keys", "Keys"):
        about = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
        if about["KeyManager"] == "CUSTOMER":
            document = kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"]
            yield "key", key["KeyId"], {**without(about, "CreationDate", "DeletionDate"), "Policy": json.loads(document)}
    for alias in all_of(kms, "list_aliases", "Aliases"):
        if not alias["AliasName"].startswith("alias/aws/"):
            yield "key alias", alias["AliasName"], alias["TargetKeyId"]
    for repository in all_of(ecr, "describe_repositories", "repositories"):
        yield "repository", repository["repositoryName"], without(repository, "createdAt")
    for table in all_of(dynamodb, "list_tables", "TableNames"):
        yield "table", table, without(dynamodb.describe_table(TableName=table)["Table"], "CreationDateTime", "TableId")


def policy(s3, bucket):
    """Nothing where the policy went with its stack and the bucket stayed."""
    try:
        return json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    except s3.exceptions.ClientError:
        return None


def rules(region):
    for rule in all_of(region.client("config"), "describe_config_rules", "ConfigRules"):
        yield "config rule", rule["ConfigRuleName"], rule


def delivery(region):
    codepipeline, codebuild = region.client("codepipeline"), region.client("codebuild")
    for pipeline in all_of(codepipeline, "list_pipelines", "pipelines"):
        yield "pipeline", pipeline["name"], codepipeline.get_pipeline(name=pipeline["name"])["pipeline"]
    names = all_of(codebuild, "list_projects", "projects")
    for project in codebuild.batch_get_projects(names=names)["projects"] if names else []:
        yield "build project", project["name"], without(project, "created", "lastModified")


def identities(region):
    iam = region.client("iam")
    for role in all_of(iam, "list_roles", "Roles"):
        name = role["RoleName"]
        if name == ADMINISTRATOR:
            continue
        inline = {p: iam.get_role_policy(RoleName=name, PolicyName=p)["PolicyDocument"] for p in all_of(iam, "list_role_policies", "PolicyNames", RoleName=name)}
        attached = sorted(p["PolicyArn"] for p in all_of(iam, "list_attached_role_policies", "AttachedPolicies", RoleName=name))
        about = iam.get_role(RoleName=name)["Role"]
        yield "role", name, {**without(about, "CreateDate", "RoleLastUsed"), "Inline": inline, "Attached": attached}
    for policy in all_of(iam, "list_policies", "Policies", Scope="Local"):
        document = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])["PolicyVersion"]["Document"]
        yield "policy", policy["PolicyName"], {"Arn": policy["Arn"], "Document": document}


def take(accounts, regions, only=""):
    """What is there: account/region/kind/name, and what its service says of it."""
    found = {}
    for account in accounts:
        for place in ["global", *regions]:
            region = Region(account, regions[0] if place == "global" else place, None)
            for chapter in (identities,) if place == "global" else (stacks, functions, logs, messages, events, apis, stores, rules, delivery):
                for kind, name, thing in chapter(region) if only in ("", chapter.__name__) else ():
                    found[f"{account}/{place}/{kind}/{name}"] = thing
    return found
