"""`make rebuild`: works a period out anew, as many calls of the function as that takes, and says what it found.

Each call ends with where the next one goes on. Stopped at any moment and begun again, it ends the same.
"""

import json

from aws import Aws
from console import Fail, say
from servers import Servers
from settings import STACK_NAME, Settings

WHAT = ["events", "sales", "deals", "counters"]

# What a report counts, and how a person calls it.
_CHECKED = {
    "events_checked": "events",
    "sales_checked": "sales",
    "deals_checked": "deals",
    "leads_checked": "leads",
}


def rebuild(settings: Settings, first: str, last: str, what: str, write: str) -> int:
    """Prints a line for each day and a sum; 1 when differences remain."""
    order = order_of(first, last, what, write)
    Servers(settings).require_up()
    client = Aws(settings).client("lambda")
    return carry_out(order, lambda payload: _invoke(client, payload))


def order_of(first: str, last: str, what: str, write: str) -> dict:
    steps = [step.strip() for step in what.split(",") if step.strip()] or WHAT
    unknown = [step for step in steps if step not in WHAT]
    if unknown:
        raise Fail(f"WHAT is a list of: {', '.join(WHAT)}; there is no {', '.join(unknown)}")
    if write not in ("", "0", "1"):
        raise Fail("WRITE is 1 or 0")
    days = {name: day for name, day in (("from", first), ("to", last)) if day}
    return {**days, "what": steps, "write": write == "1"}


def carry_out(order: dict, call) -> int:
    """Calls until all is done."""
    checked, repaired, remaining = dict.fromkeys(_CHECKED, 0), 0, 0
    while True:
        report = call(order)
        for line in report["lines"]:
            say(line)
        for problem in report["not_repaired"]:
            say(f"not mended: {problem}")
        for name in checked:
            checked[name] += report[name]
        repaired += report["repaired"]
        remaining += report["remaining"]
        if report["done"]:
            break
        # The default period moves at midnight: the first answer settles it.
        days = {end: report["period"][end] for end in ("from", "to")}
        order = {**order, **days, "after": report["next"]}
    say(_sum(report["period"], checked, repaired, remaining))
    return 1 if remaining else 0


def _sum(period: dict, checked: dict, repaired: int, remaining: int) -> str:
    looked_at = ", ".join(f"{count} {_CHECKED[name]}" for name, count in checked.items() if count) or "nothing"
    found = [f"{repaired} mended"] if repaired else []
    found += [f"{remaining} differ still"] if remaining else []
    return f"{period['from']} to {period['to']}: {looked_at} looked at; {', '.join(found) or 'nothing differs'}"


def _invoke(client, order: dict) -> dict:
    answer = client.invoke(FunctionName=f"{STACK_NAME}-rebuild", Payload=json.dumps(order).encode())
    report = json.loads(answer["Payload"].read() or b"null")
    if "FunctionError" in answer:
        raise Fail(f"the function failed: {report.get('errorMessage', report)}; run it again, it goes on")
    return report
