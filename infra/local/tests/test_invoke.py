import base64
import json
import tempfile
import unittest
from pathlib import Path

import context  # noqa: F401
import invoke
from console import Fail
from template import Function

HOOK = Function("Hook", "hook", ".build/functions/hook", "POST", "/api/hook")
WORKER = Function("Worker", "worker", ".build/functions/worker", None, None)


class EventTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(setattr, invoke, "EVENTS", invoke.EVENTS)
        self.addCleanup(setattr, invoke, "ROOT", invoke.ROOT)
        invoke.ROOT = Path(folder.name).resolve()
        invoke.EVENTS = invoke.ROOT / "events"
        (invoke.EVENTS / "hook").mkdir(parents=True)

    def event(self, name: str, text: str) -> Path:
        path = invoke.EVENTS / "hook" / name
        path.write_text(text)
        return path

    def test_an_event_is_found_by_each_of_its_names(self):
        path = self.event("won.form", "a=b")
        for name in ("won.form", "hook/won.form", "events/hook/won.form"):
            self.assertEqual(path, invoke.find_event("hook", name))

    def test_an_unknown_event_lists_the_choices(self):
        self.event("won.form", "a=b")
        for name in ("lost.form", "", "../secret"):
            with self.assertRaisesRegex(Fail, "hook/won.form"):
                invoke.find_event("hook", name)

    def test_a_form_is_wrapped_as_api_gateway_wraps_it(self):
        event = json.loads(invoke.read_event(self.event("won.form", "a=б"), HOOK, {"WEBHOOK_KEY": "k1"}))
        self.assertEqual("POST /api/hook", event["routeKey"])
        self.assertEqual({"key": "k1"}, event["queryStringParameters"])
        self.assertEqual("key=k1", event["rawQueryString"])
        self.assertEqual("application/x-www-form-urlencoded", event["headers"]["content-type"])
        self.assertTrue(event["isBase64Encoded"])
        self.assertEqual("a=б", base64.b64decode(event["body"]).decode())

    def test_a_json_body_travels_as_text(self):
        event = json.loads(invoke.read_event(self.event("won.jsonbody", '{"a": 1}'), HOOK, {"WEBHOOK_KEY": "k1"}))
        self.assertEqual(('{"a": 1}', False), (event["body"], event["isBase64Encoded"]))

    def test_a_json_event_is_sent_as_it_is_with_its_placeholders_filled(self):
        path = self.event("retry.json", '{"queue": "{{QUEUE_HOOK_RETRY}}"}')
        self.assertEqual(b'{"queue": "q"}', invoke.read_event(path, WORKER, {"QUEUE_HOOK_RETRY": "q"}))
        with self.assertRaisesRegex(Fail, "QUEUE_HOOK_RETRY"):
            invoke.read_event(path, WORKER, {})

    def test_a_form_for_a_function_without_a_route_is_refused(self):
        with self.assertRaisesRegex(Fail, "no HTTP route"):
            invoke.read_event(self.event("won.form", "a=b"), WORKER, {"WEBHOOK_KEY": "k1"})


if __name__ == "__main__":
    unittest.main()
