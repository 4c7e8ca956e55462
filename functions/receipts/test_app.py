import json
import unittest

from app import process, receipt

ORDER = {"id": "42", "customer": "ada", "items": [{"sku": "tea", "quantity": 2}]}


def message(name, body):
    return {"messageId": name, "body": body if isinstance(body, str) else json.dumps(body)}


class ReceiptTest(unittest.TestCase):
    def test_a_receipt_lists_what_was_ordered(self):
        self.assertEqual(receipt(ORDER), "Receipt for order 42\nCustomer: ada\n\n   2 x tea\n")

    def test_every_order_of_a_batch_gets_a_receipt(self):
        saved = {}
        answer = process([message("a", ORDER), message("b", ORDER | {"id": "43"})], saved.__setitem__)
        self.assertEqual(answer, {"batchItemFailures": []})
        self.assertEqual(sorted(saved), ["receipts/42.txt", "receipts/43.txt"])

    def test_only_the_messages_that_failed_go_back(self):
        saved = {}
        answer = process([message("bad", "{"), message("good", ORDER), message("empty", {})], saved.__setitem__)
        self.assertEqual(answer, {"batchItemFailures": [{"itemIdentifier": "bad"}, {"itemIdentifier": "empty"}]})
        self.assertEqual(list(saved), ["receipts/42.txt"])


if __name__ == "__main__":
    unittest.main()
