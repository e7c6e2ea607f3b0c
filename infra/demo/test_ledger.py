"""The expected figures, worked out by hand for one deal of each kind."""

import unittest
from datetime import date

from almaty import instant
from deal import FUNNEL, LOST, NEW, PAID, SALES, TRAFFIC, WON, Deal, Step, Tags
from ledger import expected, sale_of

DAY = date(2026, 11, 19)
KENESARY = Tags("kenesary", "codes", {"utm_campaign": "kenesary"})


def at(hour: int, day: date = DAY) -> int:
    return instant(day, hour * 3600)


def sale(*steps: Step):
    return sale_of(Deal(1, at(0), 1, steps))


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
