"""`make backfill`: reads the past from amoCRM and compares it, in as many calls of the function as that takes.

Each call ends with where the next one goes on. Stopped at any moment and begun again, it ends the same.
"""

import datetime
import json
import sys

import toolbox
from console import Fail, fail, say
from settings import STACK_NAME, Settings

# What is counted of each day, and how a person calls it.
_COUNTED = {
    "deals": "deals read",
    "stored": "with something new",
    "recorded": "with a new sale",
    "linked": "with a form found behind them",
}
# Where the next call goes on, by the name that the answer gives it and the one that the order wants.
_PLACE = {"next": "from", "compared_from": "compared_from"}
# The function is stopped after 900 s; its answer takes a moment.
_LONGEST_CALL_S = 930


def main(arguments: list) -> int:
    try:
        order = order_of(*(arguments + ["", ""])[:2])
        if not toolbox.in_venv():
            toolbox.ensure_venv()
            toolbox.continue_in_venv()
        return _backfill(Settings.from_env(), order)
    except Fail as problem:
        return fail(problem)
    except KeyboardInterrupt:
        say()
        return 130


def order_of(first: str, last: str) -> dict:
    for name, day in (("FROM", first), ("TO", last)):
        try:
            datetime.date.fromisoformat(day)
        except ValueError:
            raise Fail(f"{name} is a day, like 2026-11-01: make backfill FROM=2026-09-01 TO=2026-11-20") from None
    if last < first:
        raise Fail("TO is before FROM")
    return {"from": first, "to": last}


def carry_out(order: dict, call) -> int:
    """Calls until all is read and compared, with a line for each day and a sum; 1 when sales differ."""
    first, counted, apart = order["from"], dict.fromkeys(_COUNTED, 0), 0
    while True:
        report = call(order)
        for day in report["days"]:
            say(f"{day['day']}: {_counts(day)}")
            for name in counted:
                counted[name] += day[name]
        for compared in report.get("compared", []):
            say(_comparison(compared))
            apart += _apart(compared)
        if report["done"]:
            break
        place = {wanted: report[named] for named, wanted in _PLACE.items()}
        if "problem" in report:
            raise Fail(f"{report['problem']}; go on with: make backfill FROM={_again_from(place)} TO={order['to']}")
        order = {**order, **place}
    say(f"{first} to {order['to']}: {_counts(counted)}; {f'{apart} sales differ' if apart else 'nothing differs'}")
    return 1 if apart else 0


def _again_from(place: dict) -> str:
    # Days that are read and not compared are read again: that changes nothing, and they are compared then.
    return min(place["from"], place["compared_from"])


def _counts(counts: dict) -> str:
    told = [f"{counts[name]} {words}" for name, words in _COUNTED.items() if counts[name] or name == "deals"]
    return ", ".join(told)


def _comparison(compared: dict) -> str:
    sides = compared["sides"]
    found = [f"{sides[kind]} {kind}" for kind in ("missing", "extra", "different") if sides[kind]]
    found += [f"{compared['mended']} put right"] if compared["mended"] else []
    notice = f" ({compared['notice']})" if compared.get("notice") else ""
    both = f"amoCRM {_total(sides['crm'])}, the ledger {_total(sides['ledger'])}"
    return f"{compared['from']} to {compared['to']}: {both}; {', '.join(found) or 'nothing differs'}{notice}"


def _total(total: dict) -> str:
    return f"{total['count']} sales of {total['sum']:,} ₸"


def _apart(compared: dict) -> int:
    return sum(compared["sides"][kind] for kind in ("missing", "extra", "different"))


def _backfill(settings: Settings, order: dict) -> int:
    from botocore.config import Config

    from aws import Aws
    from servers import Servers

    class Patient(Aws):
        """Waits for the longest call, and never makes one twice: the first may still be at it."""

        def client(self, service: str):
            config = Config(read_timeout=_LONGEST_CALL_S, retries={"total_max_attempts": 1}, proxies={})
            return self._session.client(service, endpoint_url=self.settings.ministack_url, config=config)

    Servers(settings).require_up()
    client = Patient(settings).client("lambda")
    return carry_out(order, lambda payload: _invoke(client, payload))


def _invoke(client, order: dict) -> dict:
    answer = client.invoke(FunctionName=f"{STACK_NAME}-backfill", Payload=json.dumps(order).encode())
    report = json.loads(answer["Payload"].read() or b"null")
    if "FunctionError" in answer:
        raise Fail(f"the function failed: {report.get('errorMessage', report)}; run it again, it changes nothing twice")
    return report


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
