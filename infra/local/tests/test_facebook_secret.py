import json
import unittest

import context  # noqa: F401
import facebook_secret
from deploy import parameter_values
from settings import Settings

NOT_FOUND = type("ResourceNotFoundException", (Exception,), {})


class Secret:
    """The one secret of a stack, as boto3's client shows it."""

    class exceptions:
        ResourceNotFoundException = NOT_FOUND

    def __init__(self, text=None):
        self.text = text
        self.writes = 0

    def client(self, service):
        assert service == "secretsmanager"
        return self

    def get_secret_value(self, SecretId):
        if self.text is None:
            raise NOT_FOUND
        return {"SecretString": self.text}

    def put_secret_value(self, SecretId, SecretString):
        self.name, self.text = SecretId, SecretString
        self.writes += 1


class FacebookSecretTest(unittest.TestCase):
    OUTPUTS = {"SecretFacebook": "traffic-facebook"}

    def test_an_empty_secret_gets_the_sandboxs_token_once(self):
        secret = Secret()
        facebook_secret.write(secret, self.OUTPUTS, {})
        facebook_secret.write(secret, self.OUTPUTS, {})
        self.assertEqual((1, "traffic-facebook"), (secret.writes, secret.name))
        self.assertEqual({"access_token", "app_id", "app_secret"}, set(json.loads(secret.text)))

    def test_variables_win_and_without_them_the_sandbox_is_back(self):
        secret = Secret()
        facebook_secret.write(secret, self.OUTPUTS, {"FACEBOOK_ACCESS_TOKEN": "real", "FACEBOOK_APP_ID": "7", "FACEBOOK_APP_SECRET": "s"})
        self.assertEqual({"access_token": "real", "app_id": "7", "app_secret": "s"}, json.loads(secret.text))
        facebook_secret.write(secret, self.OUTPUTS, {})
        self.assertEqual(facebook_secret.value({}), json.loads(secret.text))

    def test_a_stack_without_the_secret_is_left_alone(self):
        secret = Secret()
        facebook_secret.write(secret, {"TableSales": "t"}, {})
        self.assertEqual(0, secret.writes)

    def test_a_secret_that_is_no_token_is_replaced(self):
        secret = Secret("{}garbage")
        facebook_secret.write(secret, self.OUTPUTS, {})
        self.assertEqual(1, secret.writes)


class NeighboursTest(unittest.TestCase):
    class Template:
        parameters = {"FacebookBaseUrl": {"Default": "https://graph.facebook.com"}, "NbkBaseUrl": {"Default": "https://nationalbank.kz"}}

    def test_the_neighbours_are_the_sandboxs_unless_others_are_named(self):
        settings = Settings.from_env({"PORT": "9080"})
        ours = {"FacebookBaseUrl": "http://127.0.0.1:9082/graph", "NbkBaseUrl": "http://127.0.0.1:9082/nbk"}
        self.assertEqual(ours, parameter_values(self.Template, settings, {}))
        theirs = {"NBK_BASE_URL": "http://127.0.0.1:1/bank"}
        self.assertEqual({**ours, "NbkBaseUrl": "http://127.0.0.1:1/bank"}, parameter_values(self.Template, settings, theirs))


if __name__ == "__main__":
    unittest.main()
