"""What amoCRM keeps to itself can be found by asking it, and changes no figure."""

import json
import unittest
from dataclasses import replace
from datetime import date, timedelta

from almaty import day_of, instant
from deal import FUNNEL, LOST, NEW, PAID, SALES, WON, Deal, Step, Tags
from hooks import EVENTS, hooks
from ledger import sale_of
from losses import DAYS, change, heard, held_back
from quarter import deals, sold_on

TODAY = date(2026, 11, 20)
NIGHT = 23 * 3600
AT = instant(TODAY, 9 * 3600)
WORLD = json.loads((EVENTS.parent / "infra/sandbox/worlds/amocrm.json").read_text(encoding="utf-8"))


def of(*steps: Step) -> str | None:
    return change(Deal(1, AT, 1, steps))


class Losses(unittest.TestCase):
    def test_some_eight_young_hooks_are_held_back_one_of_them_a_deletion(self):
        for offset in range(0, 60, 7):
            today = TODAY + timedelta(days=offset)
            found = held_back(deals(instant(today, NIGHT), today), today)
            self.assertTrue(5 <= len(found) <= 10, found)
            self.assertGreaterEqual(len({what for _, what in found}), 3)
            self.assertEqual([what for _, what in found].count("deleted"), 1, found)
            for deal, _ in found:
                lost = [step for step in deal.steps if step.lost]
                self.assertEqual(lost, [deal.steps[-1]])
                self.assertLess((today - day_of(lost[0].at)).days, DAYS)

    def test_only_their_hooks_are_missing(self):
        known = deals(instant(TODAY, NIGHT), TODAY)
        silent = {deal.lead_id for deal, _ in held_back(known, TODAY)}
        sent = {deal.lead_id: hooks(deal) for deal in heard(known, TODAY)}
        self.assertEqual(len(sent), len(known))
        for deal in known:
            whole = hooks(deal)
            missing = deal.steps[-1].copies if deal.lead_id in silent else 0
            self.assertEqual(sent[deal.lead_id], whole[: len(whole) - missing])

    def test_once_they_are_old_they_are_sent(self):
        known = deals(instant(TODAY, NIGHT), TODAY)
        self.assertEqual(heard(known, TODAY + timedelta(days=DAYS)), known)

    def test_who_looks_at_the_deal_afterwards_comes_to_the_same_sale(self):
        for back in range(200):
            for deal in sold_on(TODAY - timedelta(days=back)):
                for step in deal.steps:
                    if step.lost and step.action != "delete":
                        *before, last = deal.steps
                        seen = replace(last, route=SALES, action="update")
                        self.assertEqual(sale_of(replace(deal, steps=(*before, seen))), sale_of(deal))

    def test_what_a_look_would_not_show_is_not_lost(self):
        won = Step(AT, SALES, "status", WON, PAID, 490_000)
        self.assertEqual(of(won), "added")
        self.assertIsNone(of(replace(won, stage=PAID, route=FUNNEL)), "no sale on the sales route")
        self.assertIsNone(of(won, replace(won, at=AT + 5)), "a repetition")
        self.assertIsNone(of(won, replace(won, at=AT - 5, stage=NEW)), "older than what is known")
        self.assertIsNone(of(won, Step(AT + 5, SALES, "note")))
        self.assertIsNone(of(won, Step(AT + 5, FUNNEL, "dp", PAID, WON)))
        self.assertEqual(of(won, replace(won, at=AT + 5, stage=LOST)), "stage")
        self.assertEqual(of(won, replace(won, at=AT + 5, price=450_000)), "price")
        tags = Tags("muha", "link", {"utm_campaign": "onai2_reels"})
        self.assertEqual(of(won, replace(won, at=AT + 5, tags=tags)), "utm")


class Pipeline(unittest.TestCase):
    def test_the_sandbox_has_the_stages_that_deals_go_through(self):
        from deal import IN_WORK, PIPELINE

        stages = {stage["id"] for one in WORLD["pipelines"] if one["id"] == PIPELINE for stage in one["statuses"]}
        self.assertLessEqual({NEW, IN_WORK, PAID, WON, LOST}, stages)


if __name__ == "__main__":
    unittest.main()
