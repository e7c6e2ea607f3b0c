import hashlib
import stat
import tempfile
import unittest
from pathlib import Path

import context  # noqa: F401
import envfile
from secrets_file import Secrets
from settings import Settings


class SecretsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.settings = Settings.from_env({"LOCAL_DIR": folder.name})

    def test_a_secret_is_made_once(self):
        key = Secrets(self.settings).webhook_key
        self.assertRegex(key, "^[0-9a-f]{64}$")
        self.assertEqual(key, Secrets(self.settings).webhook_key)
        self.assertEqual(hashlib.sha256(key.encode()).hexdigest(), Secrets(self.settings).webhook_key_digest)

    def test_passwords_satisfy_the_pool(self):
        for number in range(200):
            self.assertRegex(
                Secrets(self.settings).password(f"{number}@demo.local"),
                r"^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9]{12,}$",
            )

    def test_the_env_file_is_private_and_can_be_sourced(self):
        users = {"admin": "admin@demo.local", "team-traf4": "traf4@demo.local"}
        outputs = {"TableSales": "t-sales", "QueueHookRetry": "http://localhost/q", "SecretFacebook": "t-facebook", "ApiUrl": "x"}
        envfile.write(self.settings, outputs, users, {"LandingOrigins": "http://a,https://b", "EmailFrom": "a@b"})
        mode = Path(self.settings.env_file).stat().st_mode
        self.assertEqual(0o600, stat.S_IMODE(mode))
        values = envfile.read(self.settings)
        self.assertEqual(("t-sales", "traf4@demo.local"), (values["TABLE_SALES"], values["BUYER_EMAIL_TRAF4"]))
        self.assertEqual("t-facebook", values["SECRET_FACEBOOK"])
        self.assertEqual("http://a,https://b", values["LANDING_ORIGINS"])
        self.assertFalse({"API_URL", "EMAIL_FROM"} & values.keys())

    def test_queues_are_told_by_their_outputs_names(self):
        envfile.write(self.settings, {"QueueAmocrmWriter": "http://localhost/q", "TableLeads": "t-leads"}, {}, {})
        values = envfile.read(self.settings)
        self.assertEqual(("http://localhost/q", "t-leads"), (values["QUEUE_AMOCRM_WRITER"], values["TABLE_LEADS"]))


if __name__ == "__main__":
    unittest.main()
