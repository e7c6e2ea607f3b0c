"""Spend is pulled to its end or said to be missing, and the sandbox's sums are told by team and day."""

import unittest
from datetime import date
from unittest import mock

import spend
from dashboard import Unanswered
from teams import ACCOUNTS

FIRST, LAST = date(2026, 8, 21), date(2026, 11, 20)
BLOCKED = {
    "account_id": "1", "state": "postponed", "rows": None, "message": None, "reason": "account_blocked",
    "what_to_do": "Nothing: it is pulled again by itself.",
}  # fmt: skip


def job(state: str, *accounts: dict, notes=()) -> dict:
    closed = [account["state"] for account in accounts]
    summary = {name: closed.count(name) for name in ("done", "postponed", "parked", "queued")}
    summary["total"] = len(accounts)
    return {"job_id": "j", "state": state, "accounts": list(accounts), "summary": summary, "notes": list(notes)}


def account(number: int, state: str = "done", rows: int | None = 10) -> dict:
    return {"account_id": str(number), "state": state, "rows": rows if state == "done" else None}


class AdminStub:
    """Answers from a list; the last one again and again."""

    def __init__(self, *looks, begins=({"job_id": "j", "state": "queued", "joined": False},)):
        self.looks, self.begins = list(looks), list(begins)
        self.asked = []

    def post(self, path, body):
        self.asked.append((path, body))
        return self.begins.pop(0)

    def get(self, path):
        self.asked.append(path)
        answer = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


class Pull(unittest.TestCase):
    def setUp(self):
        self.now, self.said = 0.0, []

    def pull(self, admin: AdminStub) -> int:
        def pause(seconds):
            self.now += seconds

        return spend.pull(admin, FIRST, LAST, self.said.append, pause, lambda: self.now)

    def failure(self, admin: AdminStub) -> str:
        with self.assertRaises(spend.NotPulled) as raised:
            self.pull(admin)
        return str(raised.exception)

    def test_it_waits_until_the_refresh_of_all_days_is_done(self):
        running = job("running", account(1), account(2, "queued"))
        admin = AdminStub(job("queued"), running, running, job("done", account(1), account(2, rows=7)))
        self.assertEqual(self.pull(admin), 17)
        self.assertEqual(admin.asked[0], (spend.ROUTE, {"from": "2026-08-21", "to": "2026-11-20"}))
        self.assertEqual(admin.asked[1:], [f"{spend.ROUTE}/j"] * 4)
        self.assertEqual(self.said, ["  queued", "  1/2 accounts", "  2/2 accounts"])

    def test_a_refresh_that_ran_already_was_about_other_days(self):
        begins = [{"job_id": "other", "joined": True}, {"job_id": "own", "joined": False}]
        admin = AdminStub(job("done", account(1, rows=1)), job("done", account(1, rows=92)), begins=begins)
        self.assertEqual(self.pull(admin), 92)
        self.assertEqual([asked for asked in admin.asked if isinstance(asked, str)][-1], f"{spend.ROUTE}/own")

    def test_the_end_of_a_strangers_refresh_is_waited_for_however_it_ends(self):
        begins = [{"job_id": "other", "joined": True}, {"job_id": "own", "joined": False}]
        failed = job("failed", notes=["it could not be queued"])
        self.assertEqual(self.pull(AdminStub(failed, job("done", account(1)), begins=begins)), 10)

    def test_a_late_answer_is_no_failure_and_a_refusal_is_one(self):
        for passing in (Unanswered("busy", 503), Unanswered("nobody")):
            self.assertEqual(self.pull(AdminStub(passing, job("done", account(1)))), 10)
        with self.assertRaises(Unanswered):
            self.pull(AdminStub(Unanswered("no such refresh", 404), job("done", account(1))))

    def test_patience_ends_at_the_deadline(self):
        said = self.failure(AdminStub(job("running", account(1), account(2, "queued"))))
        self.assertIn("not done after 180 s (1/2 accounts)", said)
        self.assertLess(self.now, spend.DEADLINE_SECONDS + 5)
        self.now = 0.0
        self.assertIn("not done after 180 s", self.failure(AdminStub(Unanswered("busy", 503))))

    def test_strangers_do_not_stretch_the_deadline(self):
        def begins():
            while True:
                yield {"job_id": "other", "joined": True}

        admin = AdminStub(job("running", account(1, "queued")))
        admin.post = lambda *_, each=begins(): next(each)
        self.assertIn("not done", self.failure(admin))

    def test_what_failed_says_why(self):
        said = self.failure(AdminStub(job("failed", notes=["The token is dead."])))
        self.assertEqual(said, "the refresh failed: The token is dead.")

    def test_an_account_that_was_not_pulled_is_named(self):
        said = self.failure(AdminStub(job("done", account(2), BLOCKED)))
        self.assertEqual(said, "ad account 1 is postponed: account_blocked Nothing: it is pulled again by itself.")

    def test_no_account_is_no_success(self):
        said = self.failure(AdminStub(job("done", notes=["accounts were not discovered anew"])))
        self.assertIn("no ad account: accounts were not", said)


class Sums(unittest.TestCase):
    def test_days_of_accounts_become_those_of_teams_to_the_cent(self):
        rows = [
            (ACCOUNTS["kenesary"], "2026-11-19", "USD", "0.10"),
            (ACCOUNTS["kenesary"], "2026-11-20", "USD", "0.20"),
            (ACCOUNTS["muha"], "2026-11-20", "EUR", "5.00"),
            ("1", "2026-11-20", "USD", "1.00"),
        ]
        days = [{"account_id": a, "day": d, "currency": c, "spend": s} for a, d, c, s in rows]
        with mock.patch.object(spend, "ask", return_value={"days": days}) as ask:
            told = spend.sums("http://sandbox/", FIRST, LAST)
        ask.assert_called_once_with("http://sandbox", "/control/graph/sums?from=2026-08-21&to=2026-11-20")
        self.assertEqual(told["total"], {"EUR": "5.00", "USD": "1.30"})
        self.assertEqual(
            told["by_team"], {"kenesary": {"USD": "0.30"}, "muha": {"EUR": "5.00"}, "unattributed": {"USD": "1.00"}}
        )
        self.assertEqual(told["by_day"]["2026-11-20"], {"EUR": "5.00", "USD": "1.20"})
        self.assertEqual(told["by_team_and_day"]["kenesary"]["2026-11-19"], {"USD": "0.10"})


if __name__ == "__main__":
    unittest.main()
