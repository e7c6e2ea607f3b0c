"""What the ads cost: has the dashboard pull it before the deals come, and asks the sandbox what it should be.

Deals that carry nothing but ids get a team only if their ads are known when their hooks arrive: so this comes first.
"""

import time
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Callable

from dashboard import Admin, Unanswered, ask
from teams import ACCOUNTS

ROUTE = "/api/traffic-facebook/refresh"
DEADLINE_SECONDS = 180
_PAUSE_SECONDS = 1


class NotPulled(Exception):
    """Spend is not there, or not all of it."""


def pull(
    admin: Admin,
    first: date,
    last: date,
    say: Callable[[str], None],
    pause: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> int:
    """Pulls these days of all accounts and returns how many rows there were."""
    wanted = {"from": first.isoformat(), "to": last.isoformat()}
    deadline = clock() + DEADLINE_SECONDS
    while True:
        begun = admin.post(ROUTE, wanted)
        if not begun.get("job_id"):
            raise NotPulled(f"{ROUTE} answered without a job_id")
        ended = _ended(admin, begun["job_id"], say, pause, lambda: clock() > deadline)
        # One that ran already was about other days, and how it ended is no matter of ours.
        if not begun.get("joined"):
            return _rows(ended)


def sums(sandbox_url: str, first: date, last: date) -> dict:
    """By team and day, and in all: what the sandbox would tell now, as exact text by currency."""
    told = ask(sandbox_url.rstrip("/"), f"/control/graph/sums?from={first}&to={last}")
    owners = {account: team for team, account in ACCOUNTS.items()}
    total, teams, days = _money(), defaultdict(_money), defaultdict(_money)
    both = defaultdict(lambda: defaultdict(_money))
    for row in told["days"]:
        team, day = owners.get(row["account_id"], "unattributed"), row["day"]
        for money in (total, teams[team], days[day], both[team][day]):
            money[row["currency"]] += Decimal(row["spend"])
    return {
        "total": _texts(total),
        "by_team": _tables(teams),
        "by_day": _tables(days),
        "by_team_and_day": {team: _tables(rows) for team, rows in sorted(both.items())},
    }


def _ended(admin: Admin, job_id: str, say, pause, is_late) -> dict:
    """The job when it is done or has failed."""
    shown = None
    while True:
        job = _look(admin, job_id)
        line = _line(job) or shown
        if line != shown:
            say(f"  {line}")
            shown = line
        if is_late():
            raise NotPulled(f"the refresh is not done after {DEADLINE_SECONDS} s ({line or 'no answer'})")
        if job.get("state") in ("done", "failed"):
            return job
        pause(_PAUSE_SECONDS)


def _line(job: dict) -> str | None:
    summary = job.get("summary") or {}
    if not summary.get("total"):
        return job.get("state")
    closed = sum(summary.get(name, 0) for name in ("done", "postponed", "parked"))
    return f"{closed}/{summary['total']} accounts"


def _look(admin: Admin, job_id: str) -> dict:
    try:
        return admin.get(f"{ROUTE}/{job_id}")
    except Unanswered as problem:
        # A machine that is busy pulling may answer late; what is refused stays refused.
        if problem.status is None or problem.status >= 500:
            return {}
        raise


def _rows(job: dict) -> int:
    if job["state"] == "failed":
        raise NotPulled("the refresh failed" + _because(job.get("notes")))
    accounts = job.get("accounts") or []
    if not accounts:
        raise NotPulled("the refresh found no ad account" + _because(job.get("notes")))
    for account in accounts:
        if account["state"] != "done":
            why = [account.get("message") or account.get("reason"), account.get("what_to_do")]
            raise NotPulled(f"ad account {account['account_id']} is {account['state']}" + _because(filter(None, why)))
    return sum(account.get("rows") or 0 for account in accounts)


def _because(reasons) -> str:
    text = " ".join(str(reason) for reason in reasons or [])
    return f": {text}" if text else ""


def _money() -> defaultdict:
    return defaultdict(Decimal)


def _texts(money: dict) -> dict:
    return {currency: str(amount) for currency, amount in sorted(money.items())}


def _tables(rows: dict) -> dict:
    return {key: _texts(money) for key, money in sorted(rows.items())}
