#!/usr/bin/env python3
"""Loads the demo: the last quarter's amoCRM hooks, sent through the front door. Loading again changes nothing.

  seed.py                                        load it into the stack that .local/env describes
  seed.py --dry-run                              print what would be sent
  seed.py --expect --from 2026-11-01 --to 2026-11-19
                                                 print, as JSON, the figures that the dashboard must show
"""

import argparse
import json
import sys
import time
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import env_file
import front_door
import ledger
import quarter
from almaty import day_of
from deal import Deal
from hooks import hooks


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    now = int(options.now.timestamp()) if options.now else int(time.time())
    today = day_of(now)
    deals = quarter.deals(now, today, options.days)
    first = options.first or today - timedelta(days=options.days - 1)
    last = options.last or today
    if options.expect:
        print(json.dumps(ledger.expected(deals, first, last), indent=2))
        return 0
    if options.dry_run:
        _print_plan(deals, ledger.expected(deals, first, last))
        return 0
    if now > time.time():
        return _fail("--now lies in the future, and amoCRM never tells the future")
    return _load(options, deals)


def _load(options: argparse.Namespace, deals: list[Deal]) -> int:
    try:
        settings = env_file.read(options.env)
        base_url, key = settings["BASE_URL"], settings["WEBHOOK_KEY"]
    except OSError as problem:
        return _fail(f"cannot read {options.env}: {problem.strerror}")
    except KeyError as missing:
        return _fail(f"{options.env} does not name {missing.args[0]}")
    batches = [hooks(deal) for deal in deals]
    total = sum(map(len, batches))
    print(f"Loading {total} hooks about {len(batches)} deals into {base_url}", flush=True)
    started = time.monotonic()

    def progress(sent: int) -> None:
        if sent % 250 == 0 or sent == total:
            print(f"  {sent}/{total}", flush=True)

    try:
        outcomes = front_door.send_all(batches, base_url, key, options.workers, progress)
    except front_door.Refused as refusal:
        return _fail(str(refusal))
    summary = ", ".join(f"{outcome} {count}" for outcome, count in sorted(outcomes.items()))
    print(f"Done in {time.monotonic() - started:.1f} s: {summary}")
    if bad := {name: outcomes[name] for name in ("quarantined", "queued") if outcomes[name]}:
        return _fail("not every hook was taken in: " + ", ".join(f"{name} {count}" for name, count in bad.items()))
    return 0


def _print_plan(deals: list[Deal], figures: dict) -> None:
    posts = Counter(day_of(hook.at).isoformat() for deal in deals for hook in hooks(deal))
    nothing = {"count": 0, "revenue": 0, "cancelled": 0}
    print(f"{'day':<12}{'hooks':>7}{'sales':>7}{'cancelled':>11}{'revenue':>13}")
    for day in sorted(set(posts) | set(figures["by_day"])):
        row = figures["by_day"].get(day, nothing)
        print(f"{day:<12}{posts[day]:>7}{row['count']:>7}{row['cancelled']:>11}{row['revenue']:>13,}")
    print(f"{sum(posts.values())} hooks about {len(deals)} deals. Expected:")
    shown = {name: table for name, table in figures.items() if name != "by_day"}
    print(json.dumps(shown, indent=2))


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--env", type=Path, default=Path(".local/env"), help="file with BASE_URL and WEBHOOK_KEY")
    parser.add_argument("--days", type=int, default=quarter.DAYS, help="how many days back (%(default)s)")
    parser.add_argument("--workers", type=int, default=8, help="connections at a time (%(default)s)")
    parser.add_argument("--now", type=_instant, help="pretend that it is this moment, as RFC 3339 with an offset")
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
