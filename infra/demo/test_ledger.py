"""The expected figures, worked out by hand for one deal of each kind."""

import unittest
from datetime import date

from almaty import instant
from deal import FUNNEL, LOST, NEW, PAID, SALES, TRAFFIC, WON, Deal, Step, Tags
from lead import EXPRESS, PROFTEST, Lead
from ledger import expected, expected_leads, sale_of
from people import Person

DAY = date(2026, 11, 19)
KENESARY = Tags("kenesary", "codes", {"utm_campaign": "kenesary"})


def at(hour: int, day: date = DAY) -> int:
    return instant(day, hour * 3600)


def sale(*steps: Step, forms: tuple[Lead, ...] = ()):
    return sale_of(Deal(1, at(0), 1, steps, forms))


def lead(form: str, moment: int, team: str | None) -> Lead:
    return Lead("x", form, moment, Person("Айгерим", "7010000000", "a@example.com"), "87010000000", team)


class Ledger(unittest.TestCase):
    def test_a_product_route_makes_a_sale_at_any_stage(self):
        self.assertEqual(sale(Step(at(9), FUNNEL, "add", PAID)).amount, 5_000)
        self.assertEqual(sale(Step(at(9), TRAFFIC, "add", PAID)).amount, 490_000)

    def test_the_sales_route_makes_a_sale_only_when_won(self):
        self.assertIsNone(sale(Step(at(9), SALES, "add", NEW)))
        self.assertIsNone(sale(Step(at(9), SALES, "status", LOST, price=490_000)))
        self.assertEqual(sale(Step(at(9), SALES, "status", WON, price=120_000)).product, "other")

    def test_two_routes_are_one_sale_with_the_product_of_the_product_route(self):
        both = sale(
            Step(at(9), SALES, "status", WON, price=490_000), Step(at(10), TRAFFIC, "status", WON, price=450_000)
        )
        self.assertEqual((both.product, both.amount), ("flagship", 450_000))

    def test_a_price_that_comes_later_decides_about_the_product(self):
        late = sale(Step(at(9), SALES, "status", WON), Step(at(10), SALES, "status", WON, price=490_000))
        self.assertEqual((late.product, late.amount), ("flagship", 490_000))

    def test_an_older_hook_that_arrives_late_overwrites_nothing(self):
        late = sale(Step(at(10), FUNNEL, "status", WON, price=4_000, tags=KENESARY), Step(at(9), FUNNEL, "add", PAID))
        self.assertEqual((late.amount, late.team), (4_000, "kenesary"))

    def test_lost_deleted_and_won_again(self):
        won = Step(at(9), FUNNEL, "status", WON, price=5_000)
        lost = Step(at(10), FUNNEL, "status", LOST, price=5_000)
        self.assertTrue(sale(won).active)
        self.assertFalse(sale(won, lost).active)
        self.assertFalse(sale(won, Step(at(10), FUNNEL, "delete")).active)
        next_day = date(2026, 11, 20)
        again = sale(won, lost, Step(at(9, next_day), FUNNEL, "status", WON, price=5_000))
        self.assertEqual((again.active, again.day), (True, next_day))

    def test_a_sale_at_midnight_belongs_to_the_day_in_almaty(self):
        self.assertEqual(sale(Step(at(0) - 1, FUNNEL, "status", WON)).day, date(2026, 11, 18))
        self.assertEqual(sale(Step(at(0), FUNNEL, "status", WON)).day, DAY)

    def test_a_form_tells_the_team_only_where_values_do_not(self):
        forms = (lead(PROFTEST, at(7), None), lead(PROFTEST, at(8), "muha"), lead(EXPRESS, at(8), "arystan"))
        plain, told = Step(at(9), FUNNEL, "status", WON), Step(at(9), FUNNEL, "status", WON, tags=KENESARY)
        found = sale(plain, forms=forms)
        self.assertEqual((found.team, found.told_by_a_lead), ("muha", True))
        found = sale(told, forms=forms)
        self.assertEqual((found.team, found.told_by_a_lead), ("kenesary", False))
        found = sale(plain, forms=forms[:1])
        self.assertEqual((found.team, found.told_by_a_lead), (None, False))
        deals = [Deal(1, at(0), 1, (step,), forms) for step in (plain, told, Step(at(0) - 1, FUNNEL, "add", PAID))]
        self.assertEqual(expected(deals, DAY, DAY)["told_by_leads"], 1)

    def test_every_form_counts_on_its_day_and_for_its_team(self):
        leads = [
            lead(PROFTEST, at(0), "muha"), lead(PROFTEST, at(23), "muha"), lead(EXPRESS, at(12), "muha"),
            lead(PROFTEST, at(12), None), lead(PROFTEST, at(0) - 1, "muha"),
        ]  # fmt: skip
        figures = expected_leads(leads, DAY, DAY)
        self.assertEqual((figures["total"], figures["by_form"]), (4, {"proftest": 3, "express": 1}))
        self.assertEqual(figures["by_team"]["muha"], {"count": 3, "proftest": 2, "express": 1})
        self.assertEqual(figures["by_team"]["unattributed"], {"count": 1, "proftest": 1, "express": 0})
        self.assertEqual(figures["by_day"], {"2026-11-19": {"count": 4, "proftest": 3, "express": 1}})
        self.assertEqual(figures["by_team_and_day"]["muha"], {"2026-11-19": {"count": 3, "proftest": 2, "express": 1}})

    def test_figures_leave_out_cancelled_sales_and_other_days(self):
        deals = [
            Deal(1, at(0), 1, (Step(at(9), FUNNEL, "status", WON, price=5_000, tags=KENESARY),)),
            Deal(2, at(0), 1, (Step(at(9), TRAFFIC, "status", WON, price=490_000),)),
            Deal(3, at(0), 1, (Step(at(9), FUNNEL, "status", WON), Step(at(10), FUNNEL, "delete"))),
            Deal(4, at(0), 1, (Step(at(0) - 1, FUNNEL, "status", WON),)),
        ]
        figures = expected(deals, DAY, DAY)
        self.assertEqual(
            figures["total"], {"count": 2, "revenue": 495_000, "cancelled": 1, "cancelled_revenue": 5_000}
        )
        self.assertEqual(figures["by_product"]["express"]["count"], 1)
        self.assertEqual(figures["by_team"]["unattributed"]["revenue"], 490_000)
        self.assertEqual(figures["by_product_and_team"]["express"]["kenesary"]["revenue"], 5_000)
        self.assertEqual(list(figures["by_day"]), ["2026-11-19"])


if __name__ == "__main__":
    unittest.main()
