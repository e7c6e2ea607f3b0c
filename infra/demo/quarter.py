"""Which deals there are. What is sold on a day depends on that calendar date and on nothing else.

So a second load repeats the first one, and tomorrow's load adds tomorrow.
"""

from datetime import date, timedelta

import histories
from almaty import instant
from deal import Deal, Step
from dice import Dice, in_turn
from links import tags
from teams import EXPRESS_SHARES, FLAGSHIP_SHARES, shares

DAYS = 92
# Deals are met up to this many days before they are sold: those of the coming days are open deals today.
AHEAD = 8

_EPOCH = date(2025, 1, 1)
_FIRST_LEAD = 40_000_000
_LEADS_A_DAY = 1_000
_MOST_FLAGSHIPS = 3

# How likely a sale is in each hour of the day: lunch, and above all the evening.
_HOURS = {
    0: 3, 1: 1, 7: 2, 8: 8, 9: 15, 10: 25, 11: 30, 12: 35, 13: 35, 14: 30, 15: 30, 16: 30, 17: 35,
    18: 50, 19: 70, 20: 80, 21: 80, 22: 60, 23: 30,
}  # fmt: skip


def deals(now: int, today: date, days: int = DAYS) -> list[Deal]:
    """All deals of the last `days` days, without anything that lies after `now`; in the order of their first step."""
    planned = (today + timedelta(days=offset) for offset in range(1 - days, AHEAD))
    known = (deal.until(now) for day in planned for deal in sold_on(day))
    return sorted((deal for deal in known if deal.steps), key=lambda deal: (deal.steps[0].at, deal.lead_id))


def sold_on(day: date) -> list[Deal]:
    """The deals of one date: sold on it, or (the last few) open or lost without a sale."""
    dice = Dice(f"demo {day.isoformat()}")
    weekend = day.weekday() >= 5
    express = dice.whole(6, 8) if weekend else dice.whole(7, 12)
    flagship = dice.whole(1, 2) if weekend else dice.whole(1, _MOST_FLAGSHIPS)
    kinds = ["express"] * express + ["flagship"] * flagship
    kinds += ["consultation"] * dice.happens(0.33) + ["no sale"] * dice.whole(0, 1)
    return [_deal(day, number, kind, number - 1 - kinds.index(kind)) for number, kind in enumerate(kinds, 1)]


def _deal(day: date, number: int, kind: str, before: int) -> Deal:
    """The deal with this number; there were so many of its kind `before` it that day."""
    dice = Dice(f"demo {day.isoformat()} {number} {kind}")
    at, day_end = _moment(dice, day), instant(day, 86_399)
    its_tags = tags(dice, _team(dice, day, kind, before), day)
    match kind:
        case "express":
            steps = histories.express(dice, at, its_tags, day_end)
        case "flagship":
            steps = histories.flagship(dice, at, its_tags, day_end)
        case "consultation":
            steps = histories.consultation(dice, at, its_tags)
        case _:
            steps = histories.no_sale(dice, at, its_tags)
    return Deal(
        lead_id=_FIRST_LEAD + (day - _EPOCH).days * _LEADS_A_DAY + number,
        created_at=_created_at(dice, steps),
        owner=dice.whole(9_750_001, 9_750_004),
        steps=tuple(steps),
    )


def _team(dice: Dice, day: date, kind: str, before: int) -> str | None:
    """Flagships are few and dear: left to chance, luck and not the team would decide what a quarter's money brought."""
    if kind == "flagship":
        return in_turn(day.toordinal() * _MOST_FLAGSHIPS + before, shares(FLAGSHIP_SHARES, day))
    return dice.weighted(shares(EXPRESS_SHARES if kind == "express" else FLAGSHIP_SHARES, day))


def _created_at(dice: Dice, steps: list[Step]) -> int:
    created = [step.at for step in steps if step.action == "add"]
    return min(created) if created else min(step.at for step in steps) - dice.whole(600, 3 * 3600)


def _moment(dice: Dice, day: date) -> int:
    return instant(day, dice.weighted(_HOURS) * 3600 + dice.whole(0, 3599))
