"""Writes a receipt for every order on the queue."""

import json
import os

_s3 = None


def lambda_handler(event, context):
    """Handles a batch; only the messages that failed go back to the queue."""
    return process(event["Records"], save)


def process(records, save):
    failures = []
    for record in records:
        try:
            order = json.loads(record["body"])
            save(f"receipts/{order['id']}.txt", receipt(order))
        except Exception as problem:
            print(json.dumps({"message": record["messageId"], "problem": repr(problem)}))
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


def receipt(order):
    lines = [f"Receipt for order {order['id']}", f"Customer: {order['customer']}", ""]
    lines += [f"{item['quantity']:>4} x {item['sku']}" for item in order["items"]]
    return "\n".join(lines) + "\n"


def save(key, text):
    global _s3
    if _s3 is None:
        import boto3  # comes with Lambda's Python runtime

        _s3 = boto3.client("s3")
    _s3.put_object(Bucket=os.environ["BUCKET"], Key=key, Body=text.encode(), ContentType="text/plain; charset=utf-8")
