"""How the four teams do, and how they name what they run.

Each campaign name is meant for the team it stands under, also where it holds patterns of a later one
(`kenesary_proftest_ast_02`, `pb_agency_test_11`).
"""

from datetime import date

ACCOUNTS = {
    "kenesary": "964264512447589",
    "arystan": "666059476005255",
    "muha": "839340528712304",
    "traf4": "30779210298344970",
}

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

# For each of its tenge this campaign sells so many times what others do.
WINNER, WINNER_FACTOR = "nutcab_video3", 3
# (campaign, ad set, ad): among the dearest of their teams, and nobody ever buys.
BURNERS = {
    ("tripwire_kab3_reels", "astana", "video3"),
    ("ast_reels_7", "lal_1", "reels"),
    ("yourmarketolog_10", "lal_1", "story1"),
    ("proftest_traf4_lookalike", "lal_1", "story1"),
}

# Of so many clicks comes a first ProfTest.
CONVERSIONS = {"kenesary": 0.0105, "arystan": 0.010, "muha": 0.0098, "traf4": 0.0102}

EXPRESS_SHARES = {"kenesary": 36, "arystan": 25, "muha": 22, "traf4": 10, None: 7}
FLAGSHIP_SHARES = {"kenesary": 49, "arystan": 31, "muha": 22, "traf4": 2.5, None: 3.5}


def shares(usual: dict, day: date) -> dict:
    """Muha works in bursts: every other week is a strong one."""
    strong = day.isocalendar().week % 2 == 0
    return {**usual, "muha": usual["muha"] * (1.4 if strong else 0.6)}
