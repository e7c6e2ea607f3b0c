"""A deal stands in amoCRM as its hooks tell of it."""

import json
import unittest
from datetime import date, datetime, timezone
from unittest import mock

import amocrm
import forms
from almaty import instant
from deal import FUNNEL, IN_WORK, LOST, NEW, PAID, PIPELINE, SALES, WON, Deal, Step, Tags
from hooks import EVENTS, body
from lead import PROFTEST, Lead
from people import Person
from quarter import deals

TODAY = date(2026, 11, 20)
AT = 1_795_099_332
WORLD = json.loads((EVENTS.parent / "infra/sandbox/worlds/amocrm.json").read_text(encoding="utf-8"))
VALUES = {
    "utm_campaign": "запуск курса", "utm_source": "facebook", "utm_medium": "cpc", "utm_content": "сторис+рилс",
    "utm_term": "almaty_25_44",
}  # fmt: skip
WHO = Person("Айгерим", "7010000000", "a@example.com")
TEST = Lead("x", PROFTEST, AT - 900, WHO, "8 (701) 000-00-00", None)


def told(*steps: Step, forms: tuple[Lead, ...] = ()) -> dict:
    return amocrm.lead(Deal(40_000_001, AT - 600, 9_750_002, steps, forms))


class Leads(unittest.TestCase):
    def test_a_deal_stands_as_after_its_last_step_in_time(self):
        won = Step(AT + 50, FUNNEL, "status", WON, PAID, 4_500)
        found = told(won, Step(AT, FUNNEL, "add", PAID))
        self.assertEqual((found["status_id"], found["price"], found["pipeline_id"]), (WON, 4_500, PIPELINE))
        self.assertEqual((found["created_at"], found["updated_at"], found["closed_at"]), (AT - 600, AT + 50, AT + 50))

    def test_it_is_closed_when_it_came_to_its_end_and_open_again_when_it_left_it(self):
        won = Step(AT, SALES, "status", WON, PAID, 490_000)
        again = Step(AT + 9, SALES, "update", WON, None, 450_000)
        self.assertEqual(told(won, again, Step(AT + 20, SALES, "note"))["closed_at"], AT)
        self.assertEqual(told(won, again, Step(AT + 20, SALES, "note"))["updated_at"], AT + 20)
        self.assertEqual(told(won, Step(AT + 9, SALES, "status", LOST, WON, 490_000))["closed_at"], AT + 9)
        self.assertNotIn("closed_at", told(won, Step(AT + 9, SALES, "status", IN_WORK, WON, 490_000)))

    def test_an_unset_price_takes_nothing_away(self):
        found = told(Step(AT, FUNNEL, "status", PAID, NEW, 5_000), Step(AT + 9, FUNNEL, "restore", PAID))
        self.assertEqual(found["price"], 5_000)

    def test_values_stand_in_the_fields_that_its_hooks_have_and_the_sandbox_knows_them(self):
        fields = {name for field in WORLD["lead_fields"] for name in (field.get("code"), field["name"]) if name}
        for style, name in (("codes", "UTM_CAMPAIGN"), ("texts", "Название кампании"), ("link", "Ссылка на сайт")):
            step = Step(AT, FUNNEL, "status", WON, PAID, 5_000, Tags("muha", style, VALUES))
            values = told(step)["values"]
            self.assertIn(name, values)
            self.assertLessEqual(set(values), fields)
            hooked = forms.decode(body(Deal(1, AT, 1, (step,)), step))
            self.assertLessEqual(set(values.values()), {value for _, value in hooked})

    def test_who_filled_in_its_forms_is_its_person(self):
        deal = Deal(40_000_001, AT, 1, (Step(AT, SALES, "add", NEW),), (TEST,))
        found = amocrm.contact(deal)
        self.assertEqual(amocrm.lead(deal)["contacts"], [found["id"]])
        self.assertEqual(found["values"], {"PHONE": "+77010000000", "EMAIL": "a@example.com"})
        self.assertEqual(told(Step(AT, SALES, "add", NEW))["contacts"], [])

    def test_hooks_and_sandbox_are_of_one_account(self):
        for deal in deals(instant(TODAY, 80_000), TODAY):
            for step in deal.steps:
                read = dict(forms.decode(body(deal, step)))
                self.assertIn(read.get("account[id]", str(WORLD["account"]["id"])), (str(WORLD["account"]["id"]),))
                self.assertEqual(read["account[subdomain]"], WORLD["account"]["subdomain"])
                pipelines = {value for key, value in read.items() if key.endswith("[pipeline_id]")}
                self.assertLessEqual(pipelines, {str(PIPELINE)})

    def test_no_id_of_a_quarter_is_one_that_the_sandbox_has(self):
        taken = {one["id"] for kind in ("leads", "contacts") for one in WORLD[kind]}
        for deal in deals(instant(TODAY, 80_000), TODAY):
            self.assertNotIn(deal.lead_id, taken)
            if deal.forms:
                self.assertNotIn(amocrm.contact(deal)["id"], taken)


class Polls(unittest.TestCase):
    NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)

    def poll(self, *answers: dict) -> tuple[int, list]:
        functions = mock.Mock()
        functions.invoke.side_effect = answers
        healed = amocrm.poll(functions, self.NOW)
        return healed, [call.args for call in functions.invoke.call_args_list]

    def test_the_first_reading_is_of_the_month(self):
        found = self.poll({"ok": True, "since": "2026-10-20T12:00:00Z", "healed": 8})
        self.assertEqual(found, (8, [("amocrm-poll", {})]))

    def test_where_amocrm_was_read_before_the_month_is_read_too(self):
        first, month = {"ok": True, "since": "2026-11-20T11:50:00Z", "healed": 1}, {"ok": True, "healed": 2}
        found = self.poll(first, month)
        self.assertEqual(found, (3, [("amocrm-poll", {}), ("amocrm-poll", {"window": "month"})]))

    def test_a_reading_that_did_not_come_to_its_end_says_why(self):
        with self.assertRaisesRegex(amocrm.NotRead, "amoCRM is not paid for"):
            self.poll({"ok": False, "problem": "amoCRM is not paid for", "healed": 0})


if __name__ == "__main__":
    unittest.main()
