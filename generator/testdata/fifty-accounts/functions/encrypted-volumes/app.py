import json

import boto3

config = boto3.client("config")


def lambda_handler(event, context):
    item = json.loads(event["invokingEvent"])["configurationItem"]
    encrypted = item["configuration"]["encrypted"]
    config.put_evaluations(
        Evaluations=[
            {
                "ComplianceResourceType": item["resourceType"],
                "ComplianceResourceId": item["resourceId"],
                "ComplianceType": "COMPLIANT" if encrypted else "NON_COMPLIANT",
                "OrderingTimestamp": item["configurationItemCaptureTime"],
            }
        ],
        ResultToken=event["resultToken"],
    )
