"""A call is signed as AWS wants it."""

import unittest
from datetime import datetime, timezone

import functions

SETTINGS = {"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "local-admin", "AWS_SECRET_ACCESS_KEY": "secret"}
PATH = "/2015-03-31/functions/traffic-lead-import/invocations"
NOON = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
# What botocore's SigV4Auth makes of the same request.
SIGNATURE = "f009db57e5ce4999cbb7084616e15a81aacdd47a6ba8689192963caa9cfb0a19"


class Functions(unittest.TestCase):
    def test_the_signature_is_the_one_that_the_aws_library_makes(self):
        headers = functions.signed(SETTINGS, "localhost:8081", PATH, b'{"leads": []}', NOON)
        self.assertEqual(
            headers["Authorization"],
            "AWS4-HMAC-SHA256 Credential=local-admin/20261120/eu-central-1/lambda/aws4_request, "
            f"SignedHeaders=content-type;host;x-amz-date, Signature={SIGNATURE}",
        )
        self.assertEqual(headers["x-amz-date"], "20261120T120000Z")

    def test_nobody_at_the_endpoint_is_said_plainly(self):
        settings = SETTINGS | {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "STACK_NAME": "traffic"}
        with self.assertRaises(functions.Failed) as raised:
            functions.Functions(settings).invoke("lead-import", {})
        self.assertRegex(str(raised.exception), r"\Acannot talk to http://127.0.0.1:1: .*Is the stack up\?\Z")
        self.assertNotIn("secret", str(raised.exception))


if __name__ == "__main__":
    unittest.main()
