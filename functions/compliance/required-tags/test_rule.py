import json
import unittest

from rule import judge

ITEM = {
    "resourceType": "AWS::S3::Bucket",
    "resourceId": "a-bucket",
    "configurationItemCaptureTime": "2026-01-01T00:00:00.000Z",
    "configurationItemStatus": "OK",
}


class Config:
    """Config as far as a rule speaks to it."""

    def __init__(self, tags=None):
        self.tags = tags or {}
        self.evaluations = []

    def put_evaluations(self, Evaluations, ResultToken):
        self.token = ResultToken
        self.evaluations += Evaluations

    def get_resource_config_history(self, resourceType, resourceId, laterTime, limit):
        return {"configurationItems": [{"resourceId": resourceId, "tags": self.tags}]}


def event(tags, status="OK", **more):
    item = ITEM | {"tags": tags, "configurationItemStatus": status}
    invoking = {"messageType": "ConfigurationItemChangeNotification", "configurationItem": item}
    return {"invokingEvent": json.dumps(invoking), "resultToken": "token"} | more


class RequiredTagsTest(unittest.TestCase):
    def verdict(self, event, config=None):
        config = config or Config()
        judge(event, ["owner", "cost-centre"], config)
        self.assertEqual(config.token, "token")
        (evaluation,) = config.evaluations
        self.assertEqual(evaluation["ComplianceResourceId"], "a-bucket")
        return evaluation["ComplianceType"], evaluation.get("Annotation")

    def test_a_resource_with_every_tag_complies(self):
        self.assertEqual(self.verdict(event({"owner": "ada", "cost-centre": "7"})), ("COMPLIANT", None))

    def test_what_is_missing_is_named(self):
        self.assertEqual(self.verdict(event({"owner": ""})), ("NON_COMPLIANT", "missing: owner, cost-centre"))

    def test_a_deleted_resource_is_not_judged(self):
        self.assertEqual(self.verdict(event({}, status="ResourceDeleted")), ("NOT_APPLICABLE", None))

    def test_a_resource_that_left_the_scope_is_not_judged(self):
        self.assertEqual(self.verdict(event({}, eventLeftScope=True)), ("NOT_APPLICABLE", None))

    def test_an_item_too_large_for_an_event_is_fetched(self):
        invoking = {"messageType": "OversizedConfigurationItemChangeNotification", "configurationItemSummary": ITEM}
        oversized = {"invokingEvent": json.dumps(invoking), "resultToken": "token"}
        self.assertEqual(self.verdict(oversized, Config({"owner": "ada", "cost-centre": "7"})), ("COMPLIANT", None))


if __name__ == "__main__":
    unittest.main()
