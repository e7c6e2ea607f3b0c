"""How the four teams do, and how they name what they run.

Each campaign name is meant for the team it stands under, also where it holds patterns of a later one
(`kenesary_proftest_ast_02`, `pb_agency_test_11`).
"""

from datetime import date

from deal import NO_TAGS, Tags
from dice import Dice

# team -> (utm_campaign, utm_source)
CAMPAIGNS = {
    "kenesary": [
        ("kenesary_proftest_ast_02", "facebook"),
        ("nutcab_video3", "facebook"),
        ("nutrients_lookalike_2", "instagram"),
        ("tripwire_kab3_reels", "instagram"),
        ("kenji_stories_almaty", "ig"),
        ("pb_agency_test_11", "fb"),
        ("launch_autumn", "nutcab"),
    ],
    "arystan": [
        ("kz_ar_video_1", "facebook"),
        ("arystan_broad_25_44", "facebook"),
        ("rm_almaty_carousel", "instagram"),
        ("ast_reels_7", "ig"),
        ("week_of_sales", "arystan"),
    ],
    "muha": [
        ("onai2_reels", "instagram"),
        ("запуск курса", "facebook"),
        ("muha_acc3_leads", "facebook"),
        ("yourmarketolog_10", "ig"),
        ("on ai video", "fb"),
    ],
    "traf4": [
        ("proftest_traf4_lookalike", "facebook"),
        ("alex_broad_kz", "facebook"),
        ("smmmcwin_4", "instagram"),
        ("traf4 3-1 wide", "fb"),
    ],
}

# Names that look like a team's and are nobody's.
UNKNOWN = [
    ("fast_start", "google"),
    ("ultimate_sale", "tiktok"),
    ("muhammad_promo", "direct"),
    ("launch_2025-03-15", "google"),
    ("bio_link", "organic"),
]

CONTENTS = ["video3", "reels", "story1", "carousel", "сторис+рилс"]
TERMS = ["almaty_25_44", "astana", "broad", "lal_1"]

EXPRESS_SHARES = {"kenesary": 36, "arystan": 25, "muha": 22, "traf4": 10, None: 7}
FLAGSHIP_SHARES = {"kenesary": 52, "arystan": 22, "muha": 16, "traf4": 3, None: 7}


def shares(usual: dict, day: date) -> dict:
    """Muha works in bursts: every other week is a strong one."""
    strong = day.isocalendar().week % 2 == 0
    return {**usual, "muha": usual["muha"] * (1.4 if strong else 0.6)}


def tags(dice: Dice, team: str | None) -> Tags:
    """UTM values that mean the team; for nobody's deals, none or unknown ones."""
    if team is None and dice.happens(0.5):
        return NO_TAGS
    campaign, source = dice.pick(UNKNOWN if team is None else CAMPAIGNS[team])
    values = {
        "utm_campaign": campaign,
        "utm_source": source,
        "utm_medium": "cpc",
        "utm_content": dice.pick(CONTENTS),
        "utm_term": dice.pick(TERMS),
    }
    return Tags(team, dice.weighted({"codes": 50, "texts": 25, "link": 25}), values)
