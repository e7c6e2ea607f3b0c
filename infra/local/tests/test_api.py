import unittest

import context  # noqa: F401
from api import Api
from console import Fail
from mail import ensure_sender

SETTING = {
    "allowOrigins": {"Fn::Split": [",", {"Ref": "LandingOrigins"}]},
    "allowMethods": ["POST"],
    "allowHeaders": ["content-type", "idempotency-key"],
    "maxAge": 600,
}
CONDITIONS = {"HasLanding": {"Fn::Not": [{"Fn::Equals": [{"Ref": "LandingOrigins"}, ""]}]}}


def api(cors, origins="http://localhost:3000,https://landing.example"):
    body = {"paths": {}} | ({"x-amazon-apigateway-cors": cors} if cors is not None else {})
    resource = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": body}}
    processed = {"Resources": {"Api": resource}, "Conditions": CONDITIONS}
    return Api(processed, "000000000000", {"Api": "api1"}, {"LandingOrigins": origins})


class CorsTest(unittest.TestCase):
    def test_the_setting_is_read_from_the_body(self):
        expected = SETTING | {"allowOrigins": ["http://localhost:3000", "https://landing.example"]}
        self.assertEqual(expected, api(SETTING).cors())

    def test_an_api_without_it_has_none(self):
        self.assertIsNone(api(None).cors())
        self.assertIsNone(api({}).cors())

    def test_a_condition_may_stand_before_it(self):
        chosen = {"Fn::If": ["HasLanding", SETTING, {"Ref": "AWS::NoValue"}]}
        self.assertEqual(600, api(chosen).cors()["maxAge"])
        self.assertIsNone(api(chosen, "").cors())
        part = SETTING | {"maxAge": {"Fn::If": ["HasLanding", {"Ref": "AWS::NoValue"}, 1]}}
        self.assertNotIn("maxAge", api(part).cors())

    def test_what_is_not_known_is_named(self):
        with self.assertRaisesRegex(Fail, "Fn::ImportValue"):
            api({"allowOrigins": {"Fn::ImportValue": "x"}}).cors()


class Mail:
    class exceptions:
        AlreadyExistsException = type("AlreadyExistsException", (Exception,), {})

    def __init__(self):
        self.identities = []

    def client(self, service):
        assert service == "sesv2"
        return self

    def create_email_identity(self, EmailIdentity):
        if EmailIdentity in self.identities:
            raise self.exceptions.AlreadyExistsException
        self.identities.append(EmailIdentity)


class SenderTest(unittest.TestCase):
    def test_the_senders_address_becomes_an_identity_once(self):
        mail = Mail()
        for sender in ("school@example.com", "School <school@example.com>"):
            ensure_sender(mail, {"EmailFrom": sender})
        self.assertEqual(["school@example.com"], mail.identities)

    def test_a_stack_without_mail_needs_none(self):
        mail = Mail()
        for parameters in ({}, {"EmailFrom": ""}):
            ensure_sender(mail, parameters)
        self.assertEqual([], mail.identities)


if __name__ == "__main__":
    unittest.main()
