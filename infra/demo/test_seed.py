"""The whole command against a front door that only listens."""

import contextlib
import io
import json
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest import mock

import forms
import front_door
import functions
import intake
import seed
import spend

NOW = "2026-11-19T21:00:00+05:00"
KEY = "a key/with+signs"


class FrontDoorStub(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path in self.server.routes:
            return self.tell(body)
        if self.path == INVOKED:
            return self.invoke(body)
        if name := OTHERS.get(self.path):
            self.server.steps.append(name)
            return self.send(*self.server.answers[name])
        if self.path.startswith(TABLES):
            self.server.rows += json.loads(body)["rows"]
            return self.send(204, None)
        with self.server.lock:
            self.server.received.append((self.path, body, self.headers["Content-Type"]))
            number = len(self.server.received)
        self.send(*self.server.answer(number))

    def invoke(self, body):
        with self.server.lock:
            self.server.invocations.append((self.path, body))
            self.server.hooks_before_leads.append(len(self.server.received))
        status, answer = self.server.invoked(json.loads(body))
        self.send(status, answer)

    def do_GET(self):
        self.tell(b"")

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.steps.append(self.path)
        self.server.put.append((self.path, json.loads(body), len(self.server.received)))
        self.send(200, {"changed": 1})

    def tell(self, body):
        self.server.asked.append((self.command, self.path, self.headers["Authorization"], body))
        self.send(*self.server.routes.get(self.path, (404, {"message": "Not Found"})))

    def send(self, status, answer):
        self.send_response(status)
        text = b"" if status == 204 else json.dumps(answer).encode()
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


INVOKED = "/2015-03-31/functions/x-lead-import/invocations"
POLL, *OLD = "amocrm-poll", "landing-database", "proftest-database", "tripwire-database"
OTHERS = {f"/2015-03-31/functions/x-{name}/invocations": name for name in (POLL, *OLD)}
TABLES = "/control/supabase/"
LEADS, SETTINGS = "/control/amocrm/leads", "/control/amocrm/settings"


def taken(event):
    return 200, {"success": True, "imported": len(event["leads"]), "known": 0, "linked": 0, "rejected": []}


def recorded(_number):
    return 200, {"success": True, "results": [{"action": "status", "lead_id": 1, "outcome": "recorded"}]}


class Seed(unittest.TestCase):
    def setUp(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), FrontDoorStub)
        self.server.lock, self.server.received, self.server.answer = threading.Lock(), [], recorded
        self.server.asked, self.server.routes = [], {}
        self.server.invocations, self.server.hooks_before_leads = [], []
        self.server.steps, self.server.put, self.server.rows = [], [], []
        self.server.answers = {name: (200, {"x": {"ended": "done", "synced": 5}}) for name in OLD}
        self.server.answers[POLL] = (200, {"ok": True, "since": "2026-10-19T00:00:00Z", "healed": 3})
        thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        pauses = mock.patch.object(front_door, "PAUSES", (0, 0))
        pauses.start()
        self.addCleanup(pauses.stop)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.env = Path(folder.name) / "env"
        self.env.write_text(f"# comment\nBASE_URL=http://127.0.0.1:{self.server.server_port}\nWEBHOOK_KEY='{KEY}'\n")

    def seed(self, *arguments: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = seed.main(["--env", str(self.env), "--days", "3", "--now", NOW, *arguments])
        return code, out.getvalue(), err.getvalue()

    def test_all_hooks_arrive_with_the_key_and_are_counted(self):
        code, out, err = self.seed()
        self.assertEqual((code, err), (0, ""))
        self.assertIn(f"recorded {len(self.server.received)}", out)
        for path, _, content_type in self.server.received:
            self.assertTrue(path.endswith("?key=a%20key%2Fwith%2Bsigns"), path)
            self.assertEqual(content_type, "application/x-www-form-urlencoded")

    def test_the_hooks_of_one_deal_arrive_in_their_order(self):
        self.seed("--workers", "8")
        crowd = list(self.server.received)
        self.server.received.clear()
        self.seed("--workers", "1")
        self.assertEqual(by_deal(crowd), by_deal(self.server.received))

    def test_a_second_load_sends_the_same(self):
        self.seed()
        first = sorted(self.server.received)
        self.server.received.clear()
        self.seed()
        self.assertEqual(sorted(self.server.received), first)

    def test_a_refusal_stops_the_load_with_one_line(self):
        self.server.answer = lambda number: (401, {"message": "wrong key"}) if number > 5 else recorded(number)
        code, _, err = self.seed()
        self.assertEqual(code, 1)
        self.assertRegex(err, r"\Aseed: /\S+ answered 401 for deal \d+: wrong key\n\Z")
        self.assertLess(len(self.server.received), 20)
        self.assertNotIn("key=", err)

    def test_an_answer_without_results_is_a_refusal(self):
        self.server.answer = lambda _: (200, {"success": True})
        code, _, err = self.seed()
        self.assertEqual(code, 1)
        self.assertIn("without results", err)

    def test_a_hook_that_was_only_parked_fails_the_load(self):
        for outcome in ("quarantined", "queued"):
            self.server.answer = lambda _: (200, {"results": [{"outcome": outcome}]})
            code, _, err = self.seed()
            self.assertEqual(code, 1)
            self.assertRegex(err, rf"{outcome} \d")

    def test_what_is_refused_for_now_or_put_aside_is_sent_again(self):
        self.seed("--workers", "1")
        usual = list(self.server.received)
        for passing in ((503, {"message": "later"}), (200, {"results": [{"outcome": "queued"}]})):
            self.server.answer = lambda number: passing if number in (3, 4) else recorded(number)
            self.server.received.clear()
            code, out, err = self.seed("--workers", "1")
            self.assertEqual((code, err), (0, ""))
            self.assertNotIn("queued", out)
            self.assertEqual(self.server.received, [*usual[:2], *usual[2:3] * 2, *usual[2:]])

    def test_what_stays_refused_stops_the_load(self):
        self.server.answer = lambda _: (503, {"message": "later"})
        code, _, err = self.seed("--workers", "1")
        self.assertEqual(code, 1)
        self.assertRegex(err, r"\Aseed: /\S+ answered 503 for deal \d+: later\n\Z")
        self.assertEqual(len(self.server.received), len(front_door.PAUSES) + 1)

    def test_nobody_at_the_front_door_is_said_plainly(self):
        self.env.write_text("BASE_URL=http://127.0.0.1:1\nWEBHOOK_KEY=k\n")
        code, _, err = self.seed()
        self.assertEqual(code, 1)
        self.assertRegex(err, r"\Aseed: cannot talk to http://127.0.0.1:1: .*\n\Z")

    def test_settings_that_are_missing_are_named(self):
        self.env.write_text("BASE_URL=http://127.0.0.1:1\n")
        self.assertIn("WEBHOOK_KEY", self.seed()[2])
        self.env.unlink()
        self.assertIn("cannot read", self.seed()[2])

    def with_an_admin(self, state: str = "done") -> None:
        with self.env.open("a") as env:
            env.write("ADMIN_EMAIL=admin@demo.local\nADMIN_PASSWORD=secret\n")
        pulled = {"account_id": "1", "state": "done", "rows": 276}
        job = {"state": state, "accounts": [pulled], "notes": ["no token is stored"]}
        self.server.routes = {
            "/api/auth/login": (200, {"success": True, "access_token": "t"}),
            spend.ROUTE: (202, {"success": True, "job_id": "j", "state": "queued", "joined": False}),
            f"{spend.ROUTE}/j": (200, job),
        }

    def test_spend_of_all_days_is_pulled_before_the_first_hook(self):
        self.with_an_admin()
        self.server.answer = lambda number: recorded(number) if len(self.server.asked) == 3 else (500, {})
        code, out, err = self.seed()
        self.assertEqual((code, err), (0, ""))
        self.assertIn("276 rows", out)
        login, refresh, look = self.server.asked
        self.assertEqual(json.loads(login[3]), {"email": "admin@demo.local", "password": "secret"})
        self.assertEqual(refresh[:3], ("POST", spend.ROUTE, "Bearer t"))
        self.assertEqual(look, ("GET", f"{spend.ROUTE}/j", "Bearer t", b""))
        self.assertEqual(json.loads(refresh[3]), {"from": "2026-11-17", "to": "2026-11-19"})

    def test_without_spend_no_hook_is_sent(self):
        self.with_an_admin("failed")
        code, _, err = self.seed()
        self.assertEqual((code, self.server.received), (1, []))
        self.assertRegex(err, r"\Aseed: spend was not pulled, .*: no token is stored\n\Z")
        self.server.routes["/api/auth/login"] = (401, {"message": "wrong password"})
        code, _, err = self.seed()
        self.assertEqual((code, self.server.received), (1, []))
        self.assertIn("/api/auth/login answered 401: wrong password", err)
        self.assertNotIn("secret", err)

    def test_spend_is_left_alone_where_there_is_no_admin_or_as_asked(self):
        for arguments in ([], ["--no-spend"]):
            self.server.received.clear()
            code, out, _ = self.seed(*arguments)
            self.assertEqual((code, self.server.asked), (0, []))
            self.assertIn("Spend is left alone", out)
            self.assertGreater(len(self.server.received), 0)
            self.with_an_admin()

    def test_expectations_tell_spend_where_a_sandbox_is_named_and_there(self):
        sums = "/control/graph/sums?from=2026-11-18&to=2026-11-19"
        row = {"account_id": "1", "day": "2026-11-18", "currency": "USD", "spend": "1.10"}
        self.server.routes[sums] = (200, {"days": [row]})
        period = ("--expect", "--from", "2026-11-18", "--to", "2026-11-19")
        without = json.loads(self.seed(*period)[1])
        self.assertNotIn("spend", without)
        with self.env.open("a") as env:
            env.write(f"SANDBOX_URL=http://127.0.0.1:{self.server.server_port}\n")
        told = json.loads(self.seed(*period)[1])
        self.assertEqual(told.pop("spend")["by_team"], {"unattributed": {"USD": "1.10"}})
        self.assertEqual(told, without)
        self.env.write_text("SANDBOX_URL=http://127.0.0.1:1\n")
        code, out, err = self.seed(*period)
        self.assertEqual((code, json.loads(out)), (0, without))
        self.assertIn("without spend: cannot talk to http://127.0.0.1:1", err)

    def test_the_future_is_never_loaded(self):
        code, _, err = self.seed("--now", "2200-01-01T00:00:00+05:00")
        self.assertEqual((code, len(self.server.received)), (1, 0))
        self.assertIn("future", err)

    def test_expectations_and_plans_send_nothing(self):
        code, out, _ = self.seed("--expect", "--from", "2026-11-18", "--to", "2026-11-19")
        figures = json.loads(out)
        self.assertEqual((code, sorted(figures["by_day"])), (0, ["2026-11-18", "2026-11-19"]))
        for table in ("by_product", "by_team", "by_day"):
            self.assertEqual(sum(row["revenue"] for row in figures[table].values()), figures["total"]["revenue"])
        code, out, _ = self.seed("--dry-run")
        self.assertEqual((code, self.server.received), (0, []))
        self.assertIn("2026-11-19", out)

    def with_a_key(self, answer=None) -> None:
        with self.env.open("a") as env:
            for name in functions.SETTINGS:
                env.write(f"{name}=x\n" if name != "AWS_ENDPOINT_URL" else f"{name}={self.url()}\n")
        self.server.invoked = answer or taken

    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def leads(self) -> list[dict]:
        return [lead for _, body in self.server.invocations for lead in json.loads(body)["leads"]]

    def test_leads_are_taken_in_before_the_first_hook(self):
        self.with_a_key()
        code, out, err = self.seed()
        self.assertEqual((code, err), (0, ""))
        self.assertEqual({path for path, _ in self.server.invocations}, {INVOKED})
        self.assertEqual(self.server.hooks_before_leads, [0] * len(self.server.invocations))
        self.assertIn(f"imported {len(self.leads())}, known 0", out)
        self.assertTrue(all(len(json.loads(body)["leads"]) <= intake.A_CALL for _, body in self.server.invocations))

    def test_a_second_load_tells_the_same_leads(self):
        self.with_a_key()
        self.seed()
        first = self.leads()
        self.server.invocations.clear()
        self.seed("--workers", "1")
        by_id = sorted(first, key=lambda lead: lead["external_id"])
        self.assertEqual(sorted(self.leads(), key=lambda lead: lead["external_id"]), by_id)
        self.assertEqual(len({lead["external_id"] for lead in first}), len(first))

    def test_expected_leads_are_those_that_are_taken_in(self):
        self.with_a_key()
        self.seed()
        days = [lead["received_at"][:10] for lead in self.leads()]
        figures = json.loads(self.seed("--expect")[1])["leads"]
        self.assertEqual(figures["total"], sum(day >= "2026-11-17" for day in days))
        self.assertEqual(sorted(figures["by_day"]), ["2026-11-17", "2026-11-18", "2026-11-19"])
        for table in ("by_team", "by_day"):
            self.assertEqual(sum(row["count"] for row in figures[table].values()), figures["total"])
        both = [row for days in figures["by_team_and_day"].values() for row in days.values()]
        self.assertEqual(sum(row["count"] for row in both), figures["total"])
        self.assertEqual(sum(figures["by_form"].values()), figures["total"])

    def test_without_its_leads_no_hook_is_sent(self):
        details = [{"field": "phone", "problem": "is no valid phone number"}]
        rejected = [{"external_id": "demo-1", "details": details}]
        refusal = {"success": True, "imported": 0, "known": 0, "rejected": rejected}
        for answer, said in [
            ((200, refusal), "1 leads were refused, the first is demo-1: phone is no valid phone number"),
            ((200, {"errorMessage": "no"}), "lead-import failed"),
            ((200, {"success": True, "imported": 1, "known": 0, "rejected": []}), "took 1 leads of"),
            ((403, {}), "lead-import was not invoked: 403"),
        ]:
            self.with_a_key(lambda _, answer=answer: answer)
            code, _, err = self.seed()
            self.assertEqual((code, self.server.received), (1, []))
            self.assertRegex(err, r"\Aseed: leads were not taken in, so no deal was sent: [^\n]+\n\Z")
            self.assertIn(said, err)

    def with_amocrm(self) -> None:
        self.with_a_key()
        with self.env.open("a") as env:
            env.write(f"SANDBOX_URL={self.url()}\n")
        self.server.routes[SETTINGS] = (200, {"per_second": 7, "hooks": None})

    def test_amocrm_gets_all_deals_after_all_hooks_and_then_is_read(self):
        self.with_amocrm()
        code, out, err = self.seed()
        self.assertEqual((code, err), (0, ""))
        self.assertIn("3 changes found", out)
        self.assertEqual(self.server.steps, [LEADS, SETTINGS, POLL, *OLD])
        (_, whole, hooks_before), (_, settings, _) = self.server.put
        self.assertEqual(hooks_before, len(self.server.received))
        heard = {int(lead) for lead in by_deal(self.server.received)}
        ids = {lead["id"] for lead in whole["leads"]}
        self.assertLessEqual(heard, ids)
        self.assertEqual(settings["per_second"], 7)
        self.assertTrue(settings["hooks"]["url"].endswith("/api/amocrm/sales-webhook?key=a%20key%2Fwith%2Bsigns"))

    def test_what_the_hooks_do_not_tell_is_expected_to_be_found(self):
        self.seed()
        every = sum(map(len, by_deal(self.server.received).values()))
        self.server.received.clear()
        self.with_amocrm()
        self.seed()
        expected = json.loads(self.seed("--expect")[1])["healed"]
        held_back = every - sum(map(len, by_deal(self.server.received).values()))
        self.assertGreaterEqual(held_back, len(expected))
        self.assertGreater(len(expected), 0)

    def test_a_second_load_tells_amocrm_the_same(self):
        self.with_amocrm()
        self.seed()
        (_, first, _), (_, settings, _) = self.server.put
        self.server.routes[SETTINGS] = (200, settings)
        self.server.put.clear()
        self.seed()
        ((path, second, _),) = self.server.put
        first["deleted"] = second["deleted"] = sorted(first["deleted"])
        self.assertEqual((path, second), (LEADS, first))

    def test_amocrm_that_cannot_be_read_fails_the_load(self):
        self.with_amocrm()
        self.server.answers[POLL] = (200, {"ok": False, "problem": "amoCRM is not paid for", "healed": 0})
        code, _, err = self.seed()
        self.assertEqual((code, err), (1, "seed: amoCRM was not read: amoCRM is not paid for\n"))
        del self.server.routes[SETTINGS]
        self.assertIn("/control/amocrm/settings answered 404", self.seed()[2])

    def test_where_amocrm_is_left_alone_every_hook_is_sent(self):
        self.with_amocrm()
        code, out, _ = self.seed("--no-amocrm")
        self.assertEqual((code, self.server.put), (0, []))
        self.assertIn("amoCRM is left alone (as asked)", out)
        sent = sorted(self.server.received)
        self.server.received.clear()
        self.seed()
        self.assertLess(set(self.server.received), set(sent))

    def test_the_old_databases_are_filled_and_read_last(self):
        self.with_amocrm()
        code, out, err = self.seed()
        self.assertEqual((code, err), (0, ""))
        self.assertIn(f"{len(self.server.rows)} rows put in, 15 are in the store", out)
        first = list(self.server.rows)
        self.server.rows.clear()
        self.seed()
        self.assertEqual(self.server.rows, first)

    def test_leads_of_the_old_databases_are_expected_once(self):
        self.with_amocrm()
        self.seed()
        forms = {row["id"] for row in self.server.rows if "source" in row and "source_lead_id" not in row}
        imported = {lead["external_id"].removeprefix("landing:") for lead in self.leads()}
        expected = json.loads(self.seed("--expect", "--from", "2026-01-01")[1])["leads"]["total"]
        self.assertEqual(expected, len(forms | imported))
        without = json.loads(self.seed("--expect", "--from", "2026-01-01", "--no-old-databases")[1])["leads"]["total"]
        self.assertEqual(without, len(imported))

    def test_an_old_database_that_cannot_be_read_fails_the_load(self):
        self.with_amocrm()
        problem = {"ended": "problem", "synced": 0, "problem": {"message": "Invalid API key", "hint": None}}
        self.server.answers[OLD[2]] = (200, {"tripwire": problem})
        code, _, err = self.seed()
        self.assertEqual(code, 1)
        self.assertRegex(err, r"\Aseed: the old databases were not read: tripwire-database .*: Invalid API key\n\Z")
        code, out, _ = self.seed("--no-old-databases")
        self.assertEqual(code, 0)
        self.assertIn("The old databases are left alone (as asked)", out)

    def test_leads_are_left_alone_where_there_is_no_key(self):
        code, out, _ = self.seed()
        self.assertEqual((code, self.server.invocations), (0, []))
        self.assertIn("Leads are left alone", out)


def by_deal(received) -> dict[str, list[tuple[str, bytes]]]:
    grouped = {}
    for path, body, _ in received:
        read = dict(forms.decode(body))
        lead = next(value for key, value in read.items() if key.endswith(("[0][id]", "[note][element_id]")))
        grouped.setdefault(lead, []).append((path, body))
    return grouped


if __name__ == "__main__":
    unittest.main()
