"""The encoding is amoCRM's, and every golden body survives reading and writing byte for byte."""

import json
import re
import unittest

import forms
from hooks import EVENTS

NOT_REPRODUCIBLE = {"broken-percent.form"}


class Forms(unittest.TestCase):
    def test_every_golden_body_reads_and_writes_to_the_same_bytes(self):
        bodies = [path for path in sorted(EVENTS.rglob("*.form")) if path.name not in NOT_REPRODUCIBLE]
        self.assertGreater(len(bodies), 60)
        for path in bodies:
            with self.subTest(path.name):
                body = path.read_bytes()
                if path.name != "not-a-form.form":
                    self.assertEqual(forms.encode(forms.decode(body)), body)
                self.assertFalse(body.endswith(b"\n"))

    def test_golden_bodies_are_written_as_on_the_wire(self):
        for path in sorted(EVENTS.rglob("*.form")):
            if path.name in {"not-a-form.form", *NOT_REPRODUCIBLE}:
                continue
            with self.subTest(path.name):
                self.assertRegex(path.read_text("ascii"), r"\A([A-Za-z0-9_.&=+-]|%[0-9A-F]{2})*\Z")

    def test_a_broken_escape_stays_as_text(self):
        body = (EVENTS / "amocrm-sales-webhook" / "broken-percent.form").read_bytes()
        name = dict(forms.decode(body))["leads[status][0][name]"]
        self.assertIn("%ZZ", name)

    def test_brackets_spaces_and_tildes_are_escaped_as_php_does(self):
        self.assertEqual(forms.encode([("a[0][b]", "x y~+-_.*")]), b"a%5B0%5D%5Bb%5D=x+y%7E%2B-_.%2A")
        self.assertEqual(forms.encode([("n", "запуск")]), b"n=%D0%B7%D0%B0%D0%BF%D1%83%D1%81%D0%BA")

    def test_a_pair_without_a_value_is_not_an_empty_value(self):
        self.assertEqual(forms.decode(b"a&b="), [("a", None), ("b", "")])
        self.assertEqual(forms.encode([("a", None), ("b", "")]), b"a&b=")

    def test_lambda_events_and_json_bodies_are_json(self):
        for path in [*EVENTS.rglob("*.json"), *EVENTS.rglob("*.jsonbody")]:
            with self.subTest(path.name):
                json.loads(path.read_text(encoding="utf-8"))

    def test_the_table_of_the_read_me_lists_every_file(self):
        listed = set(re.findall(r"`([\w-]+\.(?:form|jsonbody|json|xml))`", (EVENTS / "README.md").read_text("utf-8")))
        there = {path.name for path in EVENTS.rglob("*.*") if path.name != "README.md"}
        self.assertEqual(listed, there)


if __name__ == "__main__":
    unittest.main()
