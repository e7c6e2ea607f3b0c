import contextlib
import io
import unittest

import context  # noqa: F401
from console import Fail
from rebuild import WHAT, carry_out, order_of

PERIOD = {"from": "2026-11-01", "to": "2026-11-02", "timezone": "Asia/Almaty"}


def report(**more) -> dict:
    empty = {"events_checked": 0, "sales_checked": 0, "deals_checked": 0, "leads_checked": 0}
    found = {"lines": [], "not_repaired": [], "repaired": 0, "remaining": 0}
    return {**empty, **found, "done": True, "period": PERIOD, **more}


class RebuildTest(unittest.TestCase):
    def carry_out(self, *reports: dict) -> tuple:
        orders, waiting, told = [], list(reports), io.StringIO()

        def call(order: dict) -> dict:
            orders.append(order)
            return waiting.pop(0)

        with contextlib.redirect_stdout(told):
            code = carry_out(order_of("", "", "", "1"), call)
        return code, orders, told.getvalue().splitlines()

    def test_an_order_names_what_it_is_given_and_all_steps_by_default(self):
        self.assertEqual({"what": WHAT, "write": False}, order_of("", "", "", ""))
        expected = {"from": "2026-11-01", "to": "2026-11-30", "what": ["events", "counters"], "write": True}
        self.assertEqual(expected, order_of("2026-11-01", "2026-11-30", "events, counters", "1"))
        for what, write in (("event", ""), ("", "yes")):
            with self.assertRaises(Fail):
                order_of("", "", what, write)

    def test_it_goes_on_where_each_answer_says_until_all_is_done(self):
        place = {"step": "sales", "day": "2026-11-02"}
        code, orders, told = self.carry_out(
            report(done=False, next=place, sales_checked=3, lines=["2026-11-01: one"], repaired=1),
            report(sales_checked=4, lines=["2026-11-02: two"]),
        )
        self.assertEqual(0, code)
        self.assertNotIn("after", orders[0])
        self.assertEqual((place, "2026-11-01"), (orders[1]["after"], orders[1]["from"]))
        self.assertEqual("2026-11-01 to 2026-11-02: 7 sales looked at; 1 mended", told[-1])
        self.assertEqual(["2026-11-01: one", "2026-11-02: two"], told[:2])

    def test_differences_that_remain_are_a_failure(self):
        code, _, told = self.carry_out(report(remaining=2, repaired=1, not_repaired=["deal 1: no"]))
        self.assertEqual(1, code)
        self.assertEqual(
            ["not mended: deal 1: no", "2026-11-01 to 2026-11-02: nothing looked at; 1 mended, 2 differ still"], told
        )


if __name__ == "__main__":
    unittest.main()
