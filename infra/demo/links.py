"""The tags that a deal carries: those of the link in the ad that brought it.

Sales follow spend: an ad sells as much as its money of the days before is a part of its team's. Links are not all
alike. Most name campaign, ad set and ad; some carry their ids; some are older than the ads, or shorter.
"""

from datetime import date
from functools import cache
from typing import Mapping

import school
from deal import NO_TAGS, Tags
from dice import Dice
from school import Ad
from teams import ACCOUNTS, BURNERS, CAMPAIGNS, UNKNOWN, WINNER, WINNER_FACTOR

# Between the click and the sale.
_DAYS = 7

LINKS = {"names": 66, "ids": 15, "campaign": 12, "old": 7}
# Ads that were deleted before anyone looked.
OLD_CONTENTS = ["video1", "reels_old", "story_test"]

# What deals carry that come from no ad of ours.
CONTENTS = ["video3", "reels", "story1", "carousel", "сторис+рилс"]
TERMS = ["almaty_25_44", "astana", "broad", "lal_1"]


def tags(dice: Dice, team: str | None, day: date) -> Tags:
    """UTM values that mean the team; for nobody's deals, none or unknown ones."""
    if team is None:
        return _nobodys(dice)
    ad = _ad(dice, team, day)
    kind, values = link(dice, team, ad, day)
    return Tags(team, _style(dice, kind), values)


def link(dice: Dice, team: str, ad: Ad, day: date, kinds: Mapping[str, int] = LINKS) -> tuple[str, dict[str, str]]:
    """One link of the ad: of which of these kinds it is, and the UTM values in it."""
    kind = dice.weighted(kinds)
    if kind == "ids" and day < ad.account.since:
        # Ids say nothing to a system that never saw the ad.
        kind = "names"
    values = {"utm_source": dict(CAMPAIGNS[team])[ad.campaign], "utm_medium": "cpc", "utm_campaign": ad.campaign}
    match kind:
        case "ids":
            values |= {"utm_campaign": ad.campaign_id, "utm_content": ad.id, "utm_term": ad.adset_id}
        case "old":
            values |= {"utm_content": dice.pick(OLD_CONTENTS), "utm_term": ad.adset}
        case "names":
            values |= {"utm_content": ad.name, "utm_term": ad.adset}
    return kind, values


@cache
def weights(team: str, day: date) -> dict[Ad, int]:
    """How likely each ad of the team has brought a sale of that day."""
    return {ad: ad.cents_until(day, _DAYS) * _appeal(ad) for ad in school.ads(ACCOUNTS[team])}


def _ad(dice: Dice, team: str, day: date) -> Ad:
    return dice.weighted(weights(team, day))


def _appeal(ad: Ad) -> int:
    if not ad.tagged or (ad.campaign, ad.adset, ad.name) in BURNERS:
        return 0
    return WINNER_FACTOR if ad.campaign == WINNER else 1


def _style(dice: Dice, kind: str) -> str:
    """Where the values stand. Text fields have no place for the content, fields with a code none for its absence."""
    if kind == "campaign":
        return "link"
    return dice.weighted({"codes": 50, "texts": 25 if kind == "names" else 0, "link": 25})


def _nobodys(dice: Dice) -> Tags:
    if dice.happens(0.5):
        return NO_TAGS
    values = unknown(dice)
    return Tags(None, _style(dice, "names"), values)


def unknown(dice: Dice) -> dict[str, str]:
    """UTM values that mean nobody."""
    campaign, source = dice.pick(UNKNOWN)
    return {
        "utm_campaign": campaign,
        "utm_source": source,
        "utm_medium": "cpc",
        "utm_content": dice.pick(CONTENTS),
        "utm_term": dice.pick(TERMS),
    }
