"""Every hook of the demo is a golden body with other values."""

import html
import unittest
from datetime import date
from urllib.parse import parse_qs, urlsplit

import forms
from almaty import instant
from deal import FUNNEL, IN_WORK, SALES, TRAFFIC, WON, Deal, Step, Tags
from hooks import EVENTS, _fill, body, golden_file, hooks
from quarter import deals

VALUES = {
    "utm_campaign": "запуск курса",
    "utm_source": "facebook",
    "utm_medium": "cpc",
    "utm_content": "сторис+рилс",
    "utm_term": "almaty_25_44",
}
AT = 1_795_099_332


def deal(*steps: Step) -> Deal:
    return Deal(lead_id=40_000_001, created_at=AT - 3600, owner=9_750_002, steps=steps)


def won(route: str, style: str, **changes) -> Step:
    step = {"at": AT, "route": route, "action": "status", "stage": WON, "old_stage": IN_WORK, "price": 490_000}
    return Step(**(step | {"tags": Tags("muha", style, VALUES)} | changes))


def fields(step: Step) -> dict[str, str]:
    """The values of the custom fields by code, else by name."""
    read = dict(forms.decode(body(deal(step), step)))
    prefix = "leads[status][0][custom_fields]"
    numbers = {key[len(prefix) + 1 :].split("]")[0] for key in read if key.startswith(prefix)}
    return {
        read.get(f"{prefix}[{n}][code]", read[f"{prefix}[{n}][name]"]): read.get(f"{prefix}[{n}][values][0][value]")
        for n in numbers
    }


class Hooks(unittest.TestCase):
    def test_every_hook_of_a_quarter_has_the_keys_of_its_golden_body_in_their_order(self):
        day = date(2026, 11, 20)
        used = set()
        for each in deals(instant(day, 80_000), day):
            for step in each.steps:
                golden = golden_file(step)
                used.add(golden.relative_to(EVENTS).as_posix())
                keys = [key for key, _ in forms.decode(golden.read_bytes())]
                self.assertEqual([key for key, _ in forms.decode(body(each, step))], keys)
        self.assertGreaterEqual(len(used), 18, used)

    def test_a_golden_body_filled_with_its_own_values_is_itself(self):
        path = EVENTS / "amocrm-traffic" / "flagship-won.form"
        pairs = forms.decode(path.read_bytes())
        own = {key.removeprefix("leads[status][0]"): value for key, value in pairs if key.startswith("leads")}
        self.assertEqual(forms.encode(_fill(pairs, own)), path.read_bytes())

    def test_the_facts_of_the_step_stand_in_the_hook(self):
        step = won(TRAFFIC, "codes")
        read = dict(forms.decode(body(deal(step), step)))
        facts = {"id": "40000001", "status_id": "142", "price": "490000"}
        facts |= {"updated_at": str(AT), "created_at": str(AT - 3600)}
        self.assertEqual({key: read[f"leads[status][0][{key}]"] for key in facts}, facts)
        self.assertEqual(read["account[id]"], "29600001")

    def test_utm_values_stand_in_fields_with_a_code(self):
        for route in (SALES, FUNNEL, TRAFFIC):
            read = fields(won(route, "codes"))
            self.assertEqual({name: read[name.upper()] for name in VALUES}, VALUES)

    def test_utm_values_stand_in_text_fields_known_by_name(self):
        self.assertEqual(fields(won(FUNNEL, "texts"))["Название кампании"], "запуск курса")

    def test_utm_values_stand_in_a_link_with_html_escapes(self):
        link = fields(won(SALES, "link"))["Ссылка на сайт"]
        self.assertIn("&amp;utm_campaign=", link)
        query = parse_qs(urlsplit(html.unescape(link)).query)
        self.assertEqual({name: [value] for name, value in VALUES.items()}, query)

    def test_a_link_may_lack_some_values_and_fields_with_a_code_may_not(self):
        """They would keep the golden body's own ones."""
        few = {name: VALUES[name] for name in ("utm_campaign", "utm_source", "utm_medium")}
        link = fields(won(FUNNEL, "link", tags=Tags("muha", "link", few)))["Ссылка на сайт"]
        query = parse_qs(urlsplit(html.unescape(link)).query)
        self.assertEqual({name: [value] for name, value in few.items()}, query)
        with self.assertRaises(KeyError):
            fields(won(FUNNEL, "codes", tags=Tags("muha", "codes", few)))

    def test_a_value_without_a_place_is_an_error(self):
        with self.assertRaises(KeyError):
            _fill([("leads[status][0][id]", "1")], {"[price]": "5000"})

    def test_copies_are_the_same_bytes_and_keep_their_place(self):
        first, second = won(FUNNEL, "codes", copies=2), won(SALES, "codes", at=AT + 60)
        sent = hooks(deal(first, second))
        self.assertEqual([hook.path for hook in sent], ["/api/amocrm/funnel-sale"] * 2 + ["/api/amocrm/sales-webhook"])
        self.assertEqual(sent[0].body, sent[1].body)


if __name__ == "__main__":
    unittest.main()
