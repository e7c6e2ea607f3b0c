"""Hands the leads to the function `lead-import`, some hundred at a time."""

from concurrent.futures import ThreadPoolExecutor
from typing import Callable

from functions import Functions
from lead import Lead

FUNCTION = "lead-import"
A_CALL = 400
# One call is being made ready while another is stored.
_AT_ONCE = 2


class NotTaken(Exception):
    """A lead of the demo was refused."""


def send(functions: Functions, leads: list[Lead], progress: Callable[[int], None]) -> dict[str, int]:
    """How many leads are new, and how many were there before. Stops at the first that is refused."""
    calls = [leads[start : start + A_CALL] for start in range(0, len(leads), A_CALL)]
    counts, sent = {"imported": 0, "known": 0}, 0
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            for part, report in zip(calls, pool.map(lambda part: _call(functions, part), calls)):
                for name in counts:
                    counts[name] += report[name]
                sent += len(part)
                progress(sent)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return counts


def _call(functions: Functions, leads: list[Lead]) -> dict:
    report = functions.invoke(FUNCTION, {"leads": [lead.told() for lead in leads]})
    try:
        taken = report["imported"] + report["known"]
        refused = report["rejected"]
    except (KeyError, TypeError):
        raise NotTaken(f"{FUNCTION} answered without a report") from None
    if refused:
        first = refused[0]
        why = ", ".join(f"{detail['field']} {detail['problem']}" for detail in first["details"])
        raise NotTaken(f"{len(refused)} leads were refused, the first is {first['external_id']}: {why}")
    if taken != len(leads):
        raise NotTaken(f"{FUNCTION} took {taken} leads of {len(leads)}")
    return report
