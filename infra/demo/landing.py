"""The leads of a day that no sale came of: people who clicked an ad, and some who came by themselves.

They depend on that calendar date and the few before it, of which some people come again.
"""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Mapping

import school
from almaty import instant
from dice import Dice
from hours import moment
from lead import EXPRESS, PROFTEST, Lead
from links import LINKS, link, unknown
from people import person
from school import Ad
from teams import ACCOUNTS, BURNERS, CONVERSIONS, WINNER

PAYMENTS = {"kaspi": 75, "halyk": 15, "robokassa": 10}

# What is left of where they came from. An ad without good tags leaves no UTM values.
_KEPT = {"slug and values": 82, "slug": 9, "values": 6, "nothing": 3}
_KEPT_UNTAGGED = {"slug": 80, "nothing": 20}

# Rarely ids: each of them has to be looked up, which takes longer than the whole lead.
_LINKS = {**LINKS, "ids": 3}

# How many come once more within this many days, and how many order what they never pay for.
_REPEATS, _REPEAT_DAYS = 0.08, 4
_UNPAID = 0.03
# So many a day come by themselves.
_ORGANIC = (1, 3)


@cache
def leads_on(day: date) -> tuple[Lead, ...]:
    firsts = _firsts(day)
    return (*firsts, *_again(day, len(firsts)), *_unpaid(day, firsts))


@cache
def _firsts(day: date) -> tuple[Lead, ...]:
    found = [
        lead for team, account in ACCOUNTS.items() for ad in school.ads(account) for lead in _of_ad(team, ad, day)
    ]
    dice = Dice(f"organic leads {day.isoformat()}")
    for number in range(dice.whole(*_ORGANIC)):
        values = unknown(dice) if dice.happens(0.5) else {}
        found.append(_proftest(dice, f"demo-{day}-organic-{number}", moment(dice, day), None, None, values))
    return tuple(found)


@cache
def _of_ad(team: str, ad: Ad, day: date) -> tuple[Lead, ...]:
    clicks = ad.clicks(day)
    if not clicks:
        return ()
    dice = Dice(f"leads {day.isoformat()} {ad.id}")
    wanted = clicks * CONVERSIONS[team] * _appeal(ad)
    count = int(wanted) + dice.happens(wanted % 1)
    return tuple(from_ad(dice, f"demo-{day}-{ad.id}-{number}", team, ad, day) for number in range(count))


def from_ad(dice: Dice, external_id: str, team: str, ad: Ad, day: date, links: Mapping[str, int] = _LINKS) -> Lead:
    """A career test of somebody who clicked this ad on that day."""
    kept = dice.weighted(_KEPT if ad.tagged else _KEPT_UNTAGGED)
    kind, values = link(dice, team, ad, day, links)
    if kind == "ids" and kept == "values":
        # Ids alone would leave it to the pulled ads whose lead it is.
        kept = "slug and values"
    return _proftest(
        dice,
        external_id,
        moment(dice, day),
        None if kept == "nothing" else team,
        team if "slug" in kept else None,
        values if "values" in kept else {},
    )


def _proftest(dice: Dice, external_id: str, at: int, team: str | None, slug: str | None, values: dict) -> Lead:
    who = person(dice)
    return Lead(external_id, PROFTEST, at, who, who.phone(dice), team, slug, values)


def _appeal(ad: Ad) -> float:
    if (ad.campaign, ad.adset, ad.name) in BURNERS:
        return 0.5
    return 1.4 if ad.campaign == WINNER else 1


def _again(day: date, firsts: int) -> list[Lead]:
    """Those who were here in the days before, by the same link; many write their phone in another way."""
    dice = Dice(f"leads again {day.isoformat()}")
    before = [lead for back in range(1, _REPEAT_DAYS + 1) for lead in _firsts(day - timedelta(days=back))]
    found = []
    for number in range(round(firsts * _REPEATS)):
        lead, at = dice.pick(before), moment(dice, day)
        found.append(replace(lead, external_id=f"demo-{day}-again-{number}", at=at, phone=lead.person.phone(dice)))
    return found


def _unpaid(day: date, firsts: tuple[Lead, ...]) -> list[Lead]:
    dice = Dice(f"unpaid orders {day.isoformat()}")
    found = []
    for lead in firsts:
        if dice.happens(_UNPAID):
            at = min(lead.at + dice.whole(180, 5400), instant(day, 86_399))
            payment = dice.weighted(PAYMENTS)
            found.append(replace(lead, external_id=f"{lead.external_id}-order", form=EXPRESS, at=at, payment=payment))
    return found
