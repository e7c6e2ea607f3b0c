import tempfile
import unittest

import context  # noqa: F401
import servers
from console import Fail
from servers import Servers
from settings import ROOT, Settings


class SettingsTest(unittest.TestCase):
    def test_ports_follow_port(self):
        settings = Settings.from_env({"PORT": "9080"})
        self.assertEqual([9080, 9081, 9082, 9083], list(settings.ports().values()))
        self.assertEqual("http://localhost:9080", settings.base_url)

    def test_stacks_of_two_ports_and_their_test_stacks_do_not_meet(self):
        ports = [p for port in ("8080", "8180", "9080", "9180") for p in Settings.from_env({"PORT": port}).ports().values()]
        self.assertEqual(len(ports), len(set(ports)))

    def test_each_port_can_be_set(self):
        settings = Settings.from_env({"GATE_PORT": "7000", "PORT": ""})
        self.assertEqual((8080, 7000), (settings.port, settings.gate_port))

    def test_a_bad_port_is_named(self):
        for env in ({"PORT": "x"}, {"PORT": "70000"}, {"SANDBOX_PORT": "8080"}):
            with self.assertRaises(Fail):
                Settings.from_env(env)

    def test_another_folder(self):
        settings = Settings.from_env({"LOCAL_DIR": ".local/test", "DEMO": "0"})
        self.assertEqual(ROOT / ".local" / "test" / "env", settings.env_file)
        self.assertFalse(settings.demo)

    def test_amocrm_is_kept_where_the_tables_are_and_writing_it_restarts_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings.from_env({"LOCAL_DIR": folder})
            self.assertTrue(settings.amocrm_state.is_relative_to(settings.state))
            settings.amocrm_state.parent.mkdir(parents=True)
            command = Servers(settings)._sandbox_command()
            self.assertEqual(["--amocrm-state", str(settings.amocrm_state)], command[-2:])
            digests = set()
            for text in ("{}", "{ }"):
                settings.amocrm_state.write_text(text)
                digests.add(servers._digest(command, {}))
            self.assertEqual(1, len(digests))


if __name__ == "__main__":
    unittest.main()
