import json
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import context  # noqa: F401
import neighbour_secrets
from deploy import parameter_values
from neighbour_secrets import FACEBOOK, OPENAI, SMS, SUPABASE, TELEGRAM
from settings import Settings

NOT_FOUND = type("ResourceNotFoundException", (Exception,), {})


class Secret:
    """The one secret of a stack, as boto3's client shows it."""

    class exceptions:
        ResourceNotFoundException = NOT_FOUND

    def __init__(self, text=None, settings=None):
        self.text = text
        self.settings = settings
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
        neighbour_secrets.write(secret, self.OUTPUTS, {}, {})
        neighbour_secrets.write(secret, self.OUTPUTS, {}, {})
        self.assertEqual((1, "traffic-facebook"), (secret.writes, secret.name))
        self.assertEqual({"access_token", "app_id", "app_secret"}, set(json.loads(secret.text)))

    def test_variables_win_and_without_them_the_sandbox_is_back(self):
        secret = Secret()
        env = {"FACEBOOK_ACCESS_TOKEN": "real", "FACEBOOK_APP_ID": "7", "FACEBOOK_APP_SECRET": "s"}
        neighbour_secrets.write(secret, self.OUTPUTS, {}, env)
        self.assertEqual({"access_token": "real", "app_id": "7", "app_secret": "s"}, json.loads(secret.text))
        neighbour_secrets.write(secret, self.OUTPUTS, {}, {})
        self.assertEqual(FACEBOOK.value({}), json.loads(secret.text))

    def test_a_stack_without_the_secret_is_left_alone(self):
        secret = Secret()
        neighbour_secrets.write(secret, {"TableSales": "t"}, {}, {})
        self.assertEqual(0, secret.writes)

    def test_a_secret_that_is_no_token_is_replaced(self):
        for text in ("{}garbage", "{}", "[]"):
            secret = Secret(text)
            neighbour_secrets.write(secret, self.OUTPUTS, {}, {})
            self.assertEqual(1, secret.writes)


class MessagesSecretTest(unittest.TestCase):
    def test_without_variables_they_are_the_sandboxs(self):
        self.assertEqual({"bot_token", "chat_id"}, set(TELEGRAM.value({})))
        self.assertIsInstance(TELEGRAM.value({})["chat_id"], str)
        self.assertEqual({"api_key", "from"}, set(SMS.value({})))

    def test_openais_key_is_the_sandboxs_or_a_real_one(self):
        self.assertEqual({"api_key"}, set(OPENAI.value({})))
        self.assertEqual({"api_key": "sk"}, OPENAI.value({"OPENAI_API_KEY": "sk"}))

    def test_a_real_account_does_not_send_under_the_sandboxs_name(self):
        self.assertEqual({"api_key": "k"}, SMS.value({"SMS_API_KEY": "k"}))
        self.assertEqual({"api_key": "k", "from": "School"}, SMS.value({"SMS_API_KEY": "k", "SMS_FROM": "School"}))

    def test_each_goes_into_its_own_secret(self):
        secret = Secret()
        neighbour_secrets.write(secret, {"SecretTelegram": "t-telegram"}, {}, {"TELEGRAM_CHAT_ID": "-5"})
        self.assertEqual(("t-telegram", "-5"), (secret.name, json.loads(secret.text)["chat_id"]))


class SupabaseSecretTest(unittest.TestCase):
    OUTPUTS = {"SecretSupabase": "traffic-supabase"}

    def test_without_variables_both_keys_are_the_sandboxs(self):
        secret = Secret()
        neighbour_secrets.write(secret, self.OUTPUTS, {}, {})
        self.assertEqual({"landing_key", "tripwire_key"}, set(json.loads(secret.text)))

    def test_a_real_database_is_not_opened_with_the_sandboxs_key(self):
        self.assertEqual({"landing_key": "k"}, SUPABASE.value({"SUPABASE_LANDING_KEY": "k"}))


class AmocrmSecretTest(unittest.TestCase):
    """Functions renew an OAuth token: a redeploy must not bring back one that is spent."""

    OUTPUTS = {"SecretAmocrm": "traffic-amocrm"}
    OAUTH = {
        "AMOCRM_ACCESS_TOKEN": "a1", "AMOCRM_REFRESH_TOKEN": "r1", "AMOCRM_CLIENT_ID": "c",
        "AMOCRM_CLIENT_SECRET": "s", "AMOCRM_REDIRECT_URI": "https://x",
    }

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        worlds = mock.patch.object(neighbour_secrets, "_WORLDS", self.folder)
        worlds.start()
        self.addCleanup(worlds.stop)
        (self.folder / "amocrm.json").write_text(json.dumps({"tokens": {"long_lived": ["ours"], "oauth": None}}))
        self.secret = Secret(settings=Settings.from_env({"LOCAL_DIR": folder.name}))

    def write(self, env, address="http://127.0.0.1:1/amocrm"):
        neighbour_secrets.write(self.secret, self.OUTPUTS, {"AmocrmBaseUrl": address}, env)
        return json.loads(self.secret.text)

    def renew(self):
        self.secret.text = json.dumps(json.loads(self.secret.text) | {"access_token": "a2", "refresh_token": "r2"})

    def test_without_variables_it_is_the_sandboxs_long_lived_token(self):
        self.assertEqual({"access_token": "ours"}, self.write({}))

    def test_what_a_function_renewed_stays(self):
        self.assertEqual(
            {"access_token": "a1", "refresh_token": "r1", "client_id": "c", "client_secret": "s", "redirect_uri": "https://x"},
            self.write(self.OAUTH),
        )
        self.renew()
        self.assertEqual("r2", self.write(self.OAUTH)["refresh_token"])
        self.assertEqual(1, self.secret.writes)

    def test_other_variables_another_address_and_an_empty_secret_are_written(self):
        self.write(self.OAUTH)
        self.renew()
        self.assertEqual("r9", self.write(self.OAUTH | {"AMOCRM_REFRESH_TOKEN": "r9"})["refresh_token"])
        self.assertEqual({"access_token": "ours"}, self.write({}))
        self.renew()
        self.assertEqual({"access_token": "ours"}, self.write({}, "https://school.amocrm.ru"))
        self.secret.text = None
        self.assertEqual({"access_token": "ours"}, self.write({}, "https://school.amocrm.ru"))

    def test_the_mark_tells_no_token(self):
        self.write(self.OAUTH)
        (mark,) = self.folder.glob("*.sha256")
        self.assertRegex(mark.read_text(), "^[0-9a-f]{64}$")

    def test_every_variable_is_known(self):
        expected = set(self.OAUTH) | {
            "FACEBOOK_ACCESS_TOKEN", "FACEBOOK_APP_ID", "FACEBOOK_APP_SECRET",
            "TELEGRAM_BOT_TOKEN", "TELEGRAM_CHAT_ID", "SMS_API_KEY", "SMS_FROM",
            "SUPABASE_LANDING_KEY", "SUPABASE_TRIPWIRE_KEY", "OPENAI_API_KEY",
        }
        self.assertEqual(expected, neighbour_secrets.variables())


class NeighboursTest(unittest.TestCase):
    class Template:
        parameters = {
            "FacebookBaseUrl": {"Default": "https://graph.facebook.com"},
            "NbkBaseUrl": {"Default": "https://nationalbank.kz"},
            "AmocrmBaseUrl": {"Default": ""},
            "TelegramBaseUrl": {"Default": "https://api.telegram.org"},
            "OpenaiBaseUrl": {"Default": "https://api.openai.com"},
            "SmsBaseUrl": {"Default": "https://api.mobizon.kz"},
            "EmailFrom": {"Default": ""},
            "LandingOrigins": {"Default": ""},
        }

    def test_the_neighbours_are_the_sandboxs_unless_others_are_named(self):
        settings = Settings.from_env({"PORT": "9080"})
        ours = {
            "FacebookBaseUrl": "http://127.0.0.1:9082/graph",
            "NbkBaseUrl": "http://127.0.0.1:9082/nbk",
            "AmocrmBaseUrl": "http://127.0.0.1:9082/amocrm",
            "TelegramBaseUrl": "http://127.0.0.1:9082/telegram",
            "OpenaiBaseUrl": "http://127.0.0.1:9082/openai",
            "SmsBaseUrl": "http://127.0.0.1:9082/sms",
            "EmailFrom": "school@example.com",
            "LandingOrigins": "http://localhost:3000,https://landing.example",
        }
        self.assertEqual(ours, parameter_values(self.Template, settings, {}))
        theirs = {"NBK_BASE_URL": "http://127.0.0.1:1/bank"}
        self.assertEqual({**ours, "NbkBaseUrl": "http://127.0.0.1:1/bank"}, parameter_values(self.Template, settings, theirs))


if __name__ == "__main__":
    unittest.main()
