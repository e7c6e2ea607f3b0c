"""What amoCRM keeps to itself: hooks that it loses, and a deletion that it tells of in its journal alone.

Of most dates one deal has such a change, its last one. Which it is depends on the date alone; but only young ones are
held back, and only where amoCRM can be asked afterwards: so the figures are the same with and without.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Iterable

from almaty import day_of
from deal import FUNNEL, PAID, SALES, WON, Deal, Step
from dice import Dice
from histories import HOUR
from ledger import sale_of

# The hooks of so many days are held back. Whoever asks amoCRM for the first time asks for a month.
DAYS = 10

# By the day's number: what of a deal is not told, where a deal of that day has such a change.
_WANTED = ["added", "stage", "price", "stage", "added", None, "price", "deleted", "stage", None]


def with_losses(day: date, deals: list[Deal]) -> list[Deal]:
    """The deals of a date, one of them with a change that amoCRM keeps to itself."""
    wanted = _WANTED[day.toordinal() % len(_WANTED)]
    if wanted is None:
        return deals
    if wanted == "deleted":
        found = [deal for deal in deals if _is_plain(deal)]
    else:
        losable = [deal for deal in deals if change(deal)]
        found = [deal for deal in losable if change(deal) == wanted] or losable
    if not found:
        return deals
    dice = Dice(f"lost {day.isoformat()}")
    chosen = dice.pick(found)
    *before, last = chosen.steps
    if wanted == "deleted":
        gone = Step(last.at + dice.whole(1, 5) * HOUR, last.route, "delete", lost=True)
        steps = (*chosen.steps, gone)
    else:
        steps = (*before, replace(last, lost=True))
    return [replace(deal, steps=steps) if deal is chosen else deal for deal in deals]


def held_back(deals: Iterable[Deal], today: date) -> list[tuple[Deal, str]]:
    """The deals whose last hook is held back, and what of them nobody tells."""
    last = today - timedelta(days=DAYS)
    return [
        (deal, "deleted" if step.action == "delete" else change(deal))
        for deal in deals
        for step in deal.steps
        if step.lost and day_of(step.at) > last
    ]


def heard(deals: Iterable[Deal], today: date) -> list[Deal]:
    """The deals as amoCRM's hooks tell of them."""
    silent = {deal.lead_id for deal, _ in held_back(deals, today)}
    return [
        replace(deal, steps=tuple(step for step in deal.steps if not step.lost)) if deal.lead_id in silent else deal
        for deal in deals
    ]


def change(deal: Deal) -> str | None:
    """What the deal's last hook tells, if all of that is seen in amoCRM without it."""
    *before, last = deal.steps
    if last.action not in ("status", "update") or any(step.at >= last.at for step in before):
        return None
    known = replace(deal, steps=tuple(before))
    # Who looks afterwards sees the deal and not the route of the hook.
    seen = replace(deal, steps=(*before, replace(last, route=SALES, action="update")))
    if sale_of(seen) != sale_of(deal):
        return None
    was, now = known.standing(), deal.standing()
    if not before:
        return "added"
    if was.stage != now.stage:
        return "stage"
    if was.price != now.price:
        return "price"
    return "utm" if was.values != now.values else None


def _is_plain(deal: Deal) -> bool:
    """Sold, and nothing else."""
    return [(step.route, step.action, step.stage in (PAID, WON)) for step in deal.steps] == [(FUNNEL, "status", True)]
