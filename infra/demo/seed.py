#!/usr/bin/env python3
"""Loads the demo: has the last quarter's spend pulled and its leads taken in, then sends its amoCRM hooks through the
front door, all but a few, and has amoCRM read, which tells of these. Loading again changes no figure of sales and leads.

  seed.py                                        load it into the stack that .local/env describes
  seed.py --dry-run                              print what would be sent
  seed.py --expect --from 2026-11-01 --to 2026-11-19
                                                 print, as JSON, the figures that the dashboard must show, and where
                                                 the env file names a sandbox, what it would tell of spend
"""

import argparse
import json
import sys
import time
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import env_file
import functions
import ledger
import loading
import losses
import old_databases
import quarter
import spend
from almaty import day_of
from dashboard import Unanswered
from deal import Deal
from hooks import hooks
from lead import Lead


def main(arguments: list[str] | None = None) -> int:
    started = time.time()
    options = _options(arguments)
    now = int(options.now.timestamp()) if options.now else int(time.time())
    today = day_of(now)
    deals = quarter.deals(now, today, options.days)
    leads = quarter.leads(now, today, options.days)
    first = options.first or today - timedelta(days=options.days - 1)
    last = options.last or today
    if options.expect or options.dry_run:
        figures = _figures(options, deals, leads, now, first, last)
        if options.dry_run:
            _print_plan(deals, leads, figures)
        else:
            print(json.dumps(figures | _spend(options.env, first, last), indent=2))
        return 0
    if now > time.time():
        return _fail("--now lies in the future, and amoCRM never tells the future")
    try:
        settings = env_file.read(options.env)
        missing = [name for name in ("BASE_URL", "WEBHOOK_KEY") if name not in settings]
    except OSError as problem:
        return _fail(f"cannot read {options.env}: {problem.strerror}")
    if missing:
        return _fail(f"{options.env} does not name {missing[0]}")
    load = loading.Load(settings, options.env)
    try:
        if options.no_spend:
            print("Spend is left alone (as asked)", flush=True)
        else:
            load.spend(today - timedelta(days=options.days - 1), today)
        load.leads(leads)
        if why := _alone(options, settings, options.no_amocrm):
            print(f"amoCRM is left alone ({why}), so all hooks are sent", flush=True)
            load.hooks(deals, options.workers)
        else:
            load.hooks(losses.heard(deals, today), options.workers)
            load.amocrm(deals, int(started))
        if why := _alone(options, settings, options.no_old_databases):
            print(f"The old databases are left alone ({why})", flush=True)
        else:
            load.old_databases(old_databases.rows(now, today, leads, options.days))
    except loading.Stopped as problem:
        return _fail(str(problem))
    return 0


def _alone(options: argparse.Namespace, settings: dict[str, str], asked: bool) -> str | None:
    """Why a neighbour is left alone; nothing where it is not. It has to be the sandbox's, and there is a function to call."""
    missing = [name for name in ("SANDBOX_URL", *functions.SETTINGS) if name not in settings]
    return "as asked" if asked else f"{options.env} does not name {missing[0]}" if missing else None


def _figures(
    options: argparse.Namespace, deals: list[Deal], leads: list[Lead], now: int, first: date, last: date
) -> dict:
    """What the dashboard must show; of what is left alone there is nothing."""
    today = day_of(now)
    try:
        settings = env_file.read(options.env)
    except OSError:
        settings = {}
    if not _alone(options, settings, options.no_old_databases):
        leads = [*leads, *old_databases.leads(now, today, options.days)]
    healed = [] if _alone(options, settings, options.no_amocrm) else losses.held_back(deals, today)
    return ledger.expected(deals, first, last) | {
        "leads": ledger.expected_leads(leads, first, last),
        "healed": [{"lead_id": deal.lead_id, "change": what} for deal, what in healed],
    }


def _spend(env: Path, first: date, last: date) -> dict:
    """Only where there is a stack to ask; the figures of sales need none."""
    try:
        sandbox_url = env_file.read(env).get("SANDBOX_URL")
        return {"spend": spend.sums(sandbox_url, first, last)} if sandbox_url else {}
    except OSError:
        return {}
    except Unanswered as problem:
        print(f"seed: without spend: {problem}", file=sys.stderr)
        return {}


def _print_plan(deals: list[Deal], leads: list[Lead], figures: dict) -> None:
    posts = Counter(day_of(hook.at).isoformat() for deal in deals for hook in hooks(deal))
    forms = Counter(day_of(lead.at).isoformat() for lead in leads)
    nothing = {"count": 0, "revenue": 0, "cancelled": 0}
    print(f"{'day':<12}{'leads':>7}{'hooks':>7}{'sales':>7}{'cancelled':>11}{'revenue':>13}")
    for day in sorted({*posts, *forms, *figures["by_day"]}):
        row = figures["by_day"].get(day, nothing)
        print(f"{day:<12}{forms[day]:>7}{posts[day]:>7}{row['count']:>7}{row['cancelled']:>11}{row['revenue']:>13,}")
    print(f"{sum(posts.values())} hooks about {len(deals)} deals, {len(leads)} leads. Expected:")
    shown = {name: table for name, table in figures.items() if name != "by_day"}
    shown["leads"] = {name: figures["leads"][name] for name in ("total", "by_form", "by_team")}
    print(json.dumps(shown, indent=2))


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--env", type=Path, default=Path(".local/env"), help="file with BASE_URL, WEBHOOK_KEY, ADMIN_*")
    parser.add_argument("--days", type=int, default=quarter.DAYS, help="how many days back (%(default)s)")
    parser.add_argument("--workers", type=int, default=8, help="connections at a time (%(default)s)")
    parser.add_argument("--now", type=_instant, help="pretend that it is this moment, as RFC 3339 with an offset")
    parser.add_argument("--no-spend", action="store_true", help="do not have spend pulled first")
    parser.add_argument("--no-amocrm", action="store_true", help="send all hooks, and leave amoCRM alone")
    parser.add_argument("--no-old-databases", action="store_true", help="leave the old databases alone")
    parser.add_argument("--dry-run", action="store_true", help="send nothing")
    parser.add_argument("--expect", action="store_true", help="print the expected figures of --from … --to")
    parser.add_argument("--from", dest="first", type=date.fromisoformat, help="first day, included")
    parser.add_argument("--to", dest="last", type=date.fromisoformat, help="last day, included")
    options = parser.parse_args(arguments)
    if options.days < 1 or options.workers < 1:
        parser.error("--days and --workers are at least 1")
    return options


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("the moment needs an offset, such as 2026-11-20T12:00:00+05:00")
    return moment


def _fail(line: str) -> int:
    print(f"seed: {line}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
