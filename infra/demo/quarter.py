"""Which deals and leads there are. What is sold on a day depends on that calendar date and on nothing else.

So a second load repeats the first one, and tomorrow's load adds tomorrow.
"""

from datetime import date, timedelta
from typing import Iterator

import histories
from almaty import instant
from buyers import Buyer
from deal import Deal, Step
from dice import Dice, in_turn
from hours import moment
from landing import leads_on
from lead import Lead
from links import tags
from losses import with_losses
from old_leads import with_both
from teams import EXPRESS_SHARES, FLAGSHIP_SHARES, shares

DAYS = 92
# Deals are met up to this many days before they are sold: those of the coming days are open deals today.
AHEAD = 8

_EPOCH = date(2025, 1, 1)
_FIRST_LEAD = 40_000_000
_LEADS_A_DAY = 1_000
_MOST_FLAGSHIPS = 3
# A lead's deal is in amoCRM within seconds.
_SECONDS_TO_A_DEAL = 20


def deals(now: int, today: date, days: int = DAYS) -> list[Deal]:
    """All deals of the last `days` days, without anything that lies after `now`; in the order of their first step."""
    known = (deal for deal in _known(now, today, days) if deal.steps)
    return sorted(known, key=lambda deal: (deal.steps[0].at, deal.lead_id))


def leads(now: int, today: date, days: int = DAYS) -> list[Lead]:
    """All leads of the last `days` days until `now`, and those of their deals that came before; the oldest first."""
    dates = (today - timedelta(days=back) for back in range(days))
    others = (lead for day in dates for lead in with_both(day, leads_on(day)) if lead.at <= now)
    of_deals = (lead for deal in _known(now, today, days) for lead in deal.forms)
    return sorted((*others, *of_deals), key=lambda lead: (lead.at, lead.external_id))


def _known(now: int, today: date, days: int) -> Iterator[Deal]:
    planned = (today + timedelta(days=offset) for offset in range(1 - days, AHEAD))
    return (deal.until(now) for day in planned for deal in sold_on(day))


def sold_on(day: date) -> list[Deal]:
    """The deals of one date: sold on it, or (the last few) open or lost without a sale."""
    dice = Dice(f"demo {day.isoformat()}")
    weekend = day.weekday() >= 5
    express = dice.whole(6, 8) if weekend else dice.whole(7, 12)
    flagship = dice.whole(1, 2) if weekend else dice.whole(1, _MOST_FLAGSHIPS)
    kinds = ["express"] * express + ["flagship"] * flagship
    kinds += ["consultation"] * dice.happens(0.33) + ["no sale"] * dice.whole(0, 1)
    found = [_deal(day, number, kind, number - 1 - kinds.index(kind)) for number, kind in enumerate(kinds, 1)]
    return with_losses(day, found)


def _deal(day: date, number: int, kind: str, before: int) -> Deal:
    """The deal with this number; there were so many of its kind `before` it that day."""
    dice = Dice(f"demo {day.isoformat()} {number} {kind}")
    at, day_end = moment(dice, day), instant(day, 86_399)
    team = _team(dice, day, kind, before)
    link = tags(dice, team, day)
    buyer = Buyer(f"{day.isoformat()} {number}", kind, team, link)
    its_tags = buyer.tags
    match kind:
        case "express":
            steps = histories.express(dice, at, its_tags, day_end)
        case "flagship":
            steps = histories.flagship(dice, at, its_tags, day_end)
        case "consultation":
            steps = histories.consultation(dice, at, its_tags)
        case _:
            steps = histories.no_sale(dice, at, its_tags)
    lead_id = _FIRST_LEAD + (day - _EPOCH).days * _LEADS_A_DAY + number
    created_at = _created_at(dice, steps)
    forms = buyer.forms(lead_id, steps)
    if forms and not any(step.action == "add" for step in steps):
        created_at = min(created_at, forms[0].at + _SECONDS_TO_A_DEAL)
    return Deal(lead_id, created_at, dice.whole(9_750_001, 9_750_004), tuple(steps), forms)


def _team(dice: Dice, day: date, kind: str, before: int) -> str | None:
    """Flagships are few and dear: left to chance, luck and not the team would decide what a quarter's money brought."""
    if kind == "flagship":
        return in_turn(day.toordinal() * _MOST_FLAGSHIPS + before, shares(FLAGSHIP_SHARES, day))
    return dice.weighted(shares(EXPRESS_SHARES if kind == "express" else FLAGSHIP_SHARES, day))


def _created_at(dice: Dice, steps: list[Step]) -> int:
    created = [step.at for step in steps if step.action == "add"]
    return min(created) if created else min(step.at for step in steps) - dice.whole(600, 3 * 3600)

