"""The intended team of every campaign is the one that the school's patterns give it."""

import unittest
from datetime import date

import school
from dice import Dice
from links import CONTENTS, OLD_CONTENTS, TERMS, tags
from teams import ACCOUNTS, CAMPAIGNS, UNKNOWN

# In the order in which teams are tried.
PATTERNS = {
    "kenesary": ["nutrients", "nutcab", "kenesary", "tripwire", "kab3", "1day", "pb_agency", "kenji", "kenes"],
    "arystan": ["arystan", "ar_", "ast_", "rm almaty", "rm_almaty"],
    "muha": ["onai", "on ai", "запуск", "muha", "yourmarketolog", "maqtakyz", "residence", "yourteam", "tima"],
    "traf4": ["alex", "traf4", "proftest", "pb_agency", "smmmcwin", "3-1"],
}
# Those that count only as a word.
LOOKALIKES = {"fast_start": "ast_", "ultimate_sale": "tima", "muhammad_promo": "muha", "launch_2025-03-15": "3-1"}


def named(team: str, value: str) -> bool:
    return any(pattern in value for pattern in PATTERNS[team])


class Teams(unittest.TestCase):
    def test_the_campaign_or_the_source_holds_a_pattern_of_its_team(self):
        for team, campaigns in CAMPAIGNS.items():
            for campaign, source in campaigns:
                self.assertTrue(named(team, campaign) or named(team, source), campaign)

    def test_no_team_that_is_tried_earlier_takes_it(self):
        order = list(PATTERNS)
        for team, campaigns in CAMPAIGNS.items():
            for campaign, _ in campaigns:
                for earlier in order[: order.index(team)]:
                    self.assertFalse(named(earlier, campaign), f"{campaign} is {earlier}'s")

    def test_where_the_source_decides_the_campaign_is_nobodys(self):
        for team, campaigns in CAMPAIGNS.items():
            for campaign, source in campaigns:
                if not named(team, campaign):
                    self.assertFalse(any(named(other, campaign) for other in PATTERNS), campaign)
                    self.assertEqual([other for other in PATTERNS if named(other, source)], [team])

    def test_unknown_names_hold_a_pattern_only_inside_a_word(self):
        for campaign, source in UNKNOWN:
            held = [pattern for patterns in PATTERNS.values() for pattern in patterns if pattern in campaign]
            self.assertEqual(held, [LOOKALIKES[campaign]] if campaign in LOOKALIKES else [], campaign)
            self.assertFalse(any(named(team, source) for team in PATTERNS), source)

    def test_the_other_values_are_nobodys(self):
        ads = [ad for account in ACCOUNTS.values() for ad in school.ads(account)]
        told = {text for ad in ads for text in (ad.name, ad.adset, ad.id, ad.adset_id, ad.campaign_id)}
        for value in [*CONTENTS, *OLD_CONTENTS, *TERMS, *sorted(told), "cpc", "facebook", "instagram", "ig", "fb"]:
            self.assertFalse(any(named(team, value) for team in PATTERNS), value)

    def test_deals_without_a_team_have_unknown_values_or_none(self):
        seen = {tags(Dice(str(number)), None, date(2026, 11, 20)).values.get("utm_campaign") for number in range(100)}
        self.assertEqual(seen, {None, *(campaign for campaign, _ in UNKNOWN)})


if __name__ == "__main__":
    unittest.main()
