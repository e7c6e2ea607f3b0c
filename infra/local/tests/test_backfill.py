import contextlib
import io
import unittest

import context  # noqa: F401
from backfill import carry_out, order_of
from console import Fail

ALIKE = {
    "crm": {"count": 2, "sum": 495_000}, "ledger": {"count": 2, "sum": 495_000},
    "missing": 0, "extra": 0, "different": 0,
}


def day(day: str, **more) -> dict:
    return {"day": day, "deals": 0, "stored": 0, "recorded": 0, "linked": 0, **more}


def compared(first: str, last: str, mended: int = 0, **sides) -> dict:
    return {"from": first, "to": last, "compared": 2, "found": mended, "mended": mended, "sides": {**ALIKE, **sides}}


class BackfillTest(unittest.TestCase):
    def carry_out(self, *reports: dict) -> tuple:
        orders, waiting, told = [], list(reports), io.StringIO()

        def call(order: dict) -> dict:
            orders.append(order)
            return waiting.pop(0)

        with contextlib.redirect_stdout(told):
            code = carry_out(order_of("2026-11-01", "2026-11-02"), call)
        return code, orders, told.getvalue().splitlines()

    def test_an_order_is_two_days_in_their_order(self):
        self.assertEqual({"from": "2026-11-01", "to": "2026-11-01"}, order_of("2026-11-01", "2026-11-01"))
        for first, last in (("", ""), ("2026-11-01", ""), ("2026-11-31", "2026-12-01"), ("2026-11-02", "2026-11-01")):
            with self.assertRaises(Fail):
                order_of(first, last)

    def test_it_goes_on_where_each_answer_says_until_all_is_compared(self):
        code, orders, told = self.carry_out(
            {"done": False, "next": "2026-11-02", "compared_from": "2026-11-01", "days": [day("2026-11-01", deals=3)]},
            {"done": False, "next": "2026-11-03", "compared_from": "2026-11-01",
             "days": [day("2026-11-02", deals=4, stored=2, recorded=1)]},
            {"done": True, "days": [], "compared": [compared("2026-11-01", "2026-11-02", mended=1)]},
        )
        self.assertEqual(0, code)
        self.assertEqual(
            [
                {"from": "2026-11-01", "to": "2026-11-02"},
                {"from": "2026-11-02", "to": "2026-11-02", "compared_from": "2026-11-01"},
                {"from": "2026-11-03", "to": "2026-11-02", "compared_from": "2026-11-01"},
            ],
            orders,
        )
        self.assertEqual(
            [
                "2026-11-01: 3 deals read",
                "2026-11-02: 4 deals read, 2 with something new, 1 with a new sale",
                "2026-11-01 to 2026-11-02: amoCRM 2 sales of 495,000 ₸, the ledger 2 sales of 495,000 ₸; 1 put right",
                "2026-11-01 to 2026-11-02: 7 deals read, 2 with something new, 1 with a new sale; nothing differs",
            ],
            told,
        )

    def test_sales_that_differ_are_a_failure(self):
        found = {**compared("2026-11-01", "2026-11-02", missing=2, different=1), "notice": "look"}
        code, _, told = self.carry_out({"done": True, "days": [], "compared": [found]})
        self.assertEqual(1, code)
        self.assertTrue(told[0].endswith("; 2 missing, 1 different (look)"), told)
        self.assertEqual("2026-11-01 to 2026-11-02: 0 deals read; 3 sales differ", told[1])

    def test_where_amocrm_refuses_it_says_how_to_go_on_without_leaving_a_day_out(self):
        place = {"next": "2026-11-02", "compared_from": "2026-11-01"}
        refused = {"done": False, **place, "days": [], "problem": "HTTP 402"}
        with self.assertRaises(Fail) as raised:
            self.carry_out(refused)
        self.assertIn("HTTP 402; go on with: make backfill FROM=2026-11-01 TO=2026-11-02", str(raised.exception))


if __name__ == "__main__":
    unittest.main()
