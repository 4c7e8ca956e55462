"""An AWS Config rule: every resource carries the tags that the company asks for."""

import json
import os

_config = None


def lambda_handler(event, context):
    """Judges the resource of one configuration change.

    https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_lambda-functions.html
    """
    global _config
    if _config is None:
        import boto3  # comes with Lambda's Python runtime

        _config = boto3.client("config")
    required = [tag.strip() for tag in os.environ["REQUIRED_TAGS"].split(",")]
    judge(event, required, _config)


def judge(event, required, config):
    item = configuration_item(json.loads(event["invokingEvent"]), config)
    evaluation = {
        "ComplianceResourceType": item["resourceType"],
        "ComplianceResourceId": item["resourceId"],
        "OrderingTimestamp": item["configurationItemCaptureTime"],
        "ComplianceType": "COMPLIANT",
    }
    missing = [tag for tag in required if not item.get("tags", {}).get(tag)]
    if event.get("eventLeftScope") or item["configurationItemStatus"] in ("ResourceDeleted", "ResourceDeletedNotRecorded"):
        evaluation["ComplianceType"] = "NOT_APPLICABLE"
    elif missing:
        evaluation["ComplianceType"] = "NON_COMPLIANT"
        evaluation["Annotation"] = ("missing: " + ", ".join(missing))[:256]
    config.put_evaluations(Evaluations=[evaluation], ResultToken=event["resultToken"])


def configuration_item(invoking, config):
    """The changed item; one too large for an event is fetched."""
    if invoking["messageType"] != "OversizedConfigurationItemChangeNotification":
        return invoking["configurationItem"]
    summary = invoking["configurationItemSummary"]
    history = config.get_resource_config_history(
        resourceType=summary["resourceType"],
        resourceId=summary["resourceId"],
        laterTime=summary["configurationItemCaptureTime"],
        limit=1,
    )
    item = history["configurationItems"][0]
    return {**summary, "tags": item.get("tags", {})}
