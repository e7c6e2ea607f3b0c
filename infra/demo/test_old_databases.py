"""The old system's rows: the same forms and sales as the demo's, and some of its own."""

import json
import unittest
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from functools import cache
from unittest import mock

import old_databases
import old_leads
import old_sales
from almaty import day_of, instant
from lead import EXPRESS, PROFTEST, Lead
from ledger import sale_of
from quarter import deals, leads, sold_on
from teams import ACCOUNTS

TODAY = date(2026, 11, 20)
FIRST = TODAY - timedelta(days=91)
NOW = instant(TODAY, 23 * 3600)


@cache
def imported() -> list[Lead]:
    return leads(NOW, TODAY)


@cache
def tables() -> dict:
    return old_databases.rows(NOW, TODAY, imported())


def at(row: dict, column: str = "created_at") -> int:
    return int(datetime.fromisoformat(row[column]).replace(tzinfo=timezone.utc).timestamp())


class Leads(unittest.TestCase):
    def test_some_forty_came_before_and_half_of_the_others_are_imported_too(self):
        rows = tables()["landing", "landing_leads"]
        both = {lead.external_id.removeprefix("landing:") for lead in imported() if old_leads.is_there(lead)}
        within = [row for row in rows if day_of(at(row)) >= FIRST]
        self.assertEqual(len(rows) - len(within), 40)
        self.assertTrue(28 <= len(both) <= 32 and 28 <= len(within) - len(both) <= 32)
        self.assertLess(both, {row["id"] for row in within})

    def test_a_form_of_both_is_told_alike(self):
        rows = {row["id"]: row for row in tables()["landing", "landing_leads"]}
        for lead in filter(old_leads.is_there, imported()):
            row, told = rows[lead.external_id.removeprefix("landing:")], lead.told()
            self.assertEqual((row["phone"], row["email"], at(row)), (told["phone"], told["email"], lead.at))
            self.assertEqual(row["source"].startswith(PROFTEST), lead.form == PROFTEST)

    def test_they_depend_on_their_date_alone(self):
        now, today = NOW - 5 * 86_400, TODAY - timedelta(days=5)
        for table, rows in old_databases.rows(now, today, leads(now, today)).items():
            for row in rows:
                if at(row) >= instant(FIRST, 0):
                    self.assertIn(row, tables()[table])

    def test_sources_and_values_say_whose_they_are(self):
        rows = {row["id"]: row for row in tables()["landing", "landing_leads"]}
        for lead in old_databases.leads(NOW, TODAY):
            row = rows[lead.external_id.removeprefix("landing:")]
            if lead.slug:
                self.assertEqual(row["source"], f"proftest_{lead.slug}" if lead.form == PROFTEST else lead.slug)
                self.assertIn(lead.slug, ACCOUNTS)
            else:
                self.assertEqual(row["source"], PROFTEST if lead.form == PROFTEST else "expresscourse")
            self.assertEqual({**row["metadata"], **row} | lead.values, {**row["metadata"], **row})
            self.assertEqual(row["metadata"].get("paymentMethod"), lead.payment)
            self.assertFalse(any(value.isdigit() for value in lead.values.values()), "no ids of ads")
        self.assertEqual({lead.form for lead in old_databases.leads(NOW, TODAY)}, {PROFTEST, EXPRESS})

    def test_each_has_its_copy_ten_minutes_later(self):
        rows = {row["id"]: row for row in tables()["landing", "landing_leads"]}
        copies = tables()["tripwire", "unified_lead_tracking"]
        self.assertEqual(len(copies), len({row["id"] for row in copies}))
        named = [copy for copy in copies if copy["source_lead_id"]]
        self.assertTrue(0 < len(copies) - len(named) < len(copies) / 5)
        for copy in named:
            self.assertEqual(at(copy) - at(rows[copy["source_lead_id"]]), 600)
        now = at(copies[0]) - 1
        none = old_databases.rows(now, TODAY, [])["tripwire", "unified_lead_tracking"]
        self.assertNotIn(copies[0]["id"], {copy["id"] for copy in none})


class Sales(unittest.TestCase):
    def test_a_dozen_are_of_deals_that_hooks_tell_of_and_some_are_older(self):
        known = {deal.lead_id: sale_of(deal) for deal in deals(NOW, TODAY)}
        found = Counter()
        for table, product in ((old_sales.EXPRESS, "express"), (old_sales.MAIN, "flagship")):
            for row in tables()["landing", table]:
                is_known = row["deal_id"] in known
                found[is_known] += 1
                found[table] += 1
                self.assertEqual(is_known, day_of(at(row, "sale_date")) >= FIRST)
                if is_known:
                    sale = known[row["deal_id"]]
                    self.assertEqual((sale.product, sale.active, f"{sale.amount}.00"), (product, True, row["amount"]))
        self.assertTrue(10 <= found[True] <= 13 and 3 <= found[False] <= 7, found)
        self.assertTrue(all(found[table] for table in (old_sales.EXPRESS, old_sales.MAIN)), found)

    def test_none_is_of_a_deal_whose_hook_is_lost(self):
        rows = [row for table in (old_sales.EXPRESS, old_sales.MAIN) for row in tables()["landing", table]]
        lost = {
            deal.lead_id
            for back in range(150)
            for deal in sold_on(TODAY - timedelta(days=back))
            if any(step.lost for step in deal.steps)
        }
        self.assertTrue(lost and lost.isdisjoint(row["deal_id"] for row in rows))


class Reading(unittest.TestCase):
    def read(self, report: dict) -> int:
        functions = mock.Mock()
        functions.invoke.return_value = {"landing": report}
        synced = old_databases.read(functions)
        names = [call.args[0] for call in functions.invoke.call_args_list]
        self.assertEqual(names, ["landing-database", "proftest-database", "tripwire-database"])
        return synced

    def test_what_is_in_the_store_is_counted(self):
        self.assertEqual(self.read({"ended": "done", "synced": 7}), 21)

    def test_a_database_that_cannot_be_read_says_why(self):
        problem = {"ended": "problem", "synced": 0, "problem": {"message": "Invalid API key", "hint": None}}
        with self.assertRaisesRegex(old_databases.NotRead, r"landing not to its end \(problem\): Invalid API key"):
            self.read(problem)
        with self.assertRaisesRegex(old_databases.NotRead, r"\(not_configured\)"):
            self.read({"ended": "not_configured", "synced": 0, "problem": None})

    def test_rows_take_the_place_of_those_with_their_ids(self):
        with mock.patch.object(old_databases, "ask", return_value={}) as ask:
            self.assertEqual(old_databases.put("http://x/", {("landing", "landing_leads"): [{"id": 1}]}), 1)
        ask.assert_called_once_with(
            "http://x", "/control/supabase/landing/tables/landing_leads", body=json.dumps({"rows": [{"id": 1}]}).encode()
        )


if __name__ == "__main__":
    unittest.main()
