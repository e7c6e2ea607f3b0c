"""The school's ads are read as the sandbox plays them, and cost what it says."""

import unittest
from datetime import date

import school
from teams import ACCOUNTS, BURNERS, CAMPAIGNS, WINNER

# What `GET /control/graph/sums` of a sandbox with `{"step": 0}` says, in cents.
TOLD = {
    ("kenesary", "2025-12-31"): 32_935,
    ("kenesary", "2026-06-23"): 26_011,
    ("kenesary", "2026-06-29"): 26_092,
    ("arystan", "2025-12-31"): 21_574,
    ("arystan", "2026-06-23"): 16_457,
    ("arystan", "2026-06-29"): 14_217,
    ("muha", "2025-12-31"): 10_149,
    ("muha", "2026-06-23"): 26_312,
    ("muha", "2026-06-29"): 9_973,
    ("traf4", "2025-12-31"): 8_973,
    ("traf4", "2026-06-23"): 8_457,
    ("traf4", "2026-06-29"): 7_848,
}


# The same of clicks.
CLICKED = {
    ("kenesary", "2025-12-31"): 3_647,
    ("arystan", "2025-12-31"): 2_215,
    ("muha", "2025-12-31"): 957,
    ("traf4", "2025-12-31"): 972,
    ("kenesary", "2026-06-23"): 2_489,
    ("arystan", "2026-06-23"): 1_605,
    ("muha", "2026-06-23"): 2_802,
    ("traf4", "2026-06-23"): 882,
    ("kenesary", "2026-06-29"): 2_515,
    ("arystan", "2026-06-29"): 1_184,
    ("muha", "2026-06-29"): 1_002,
    ("traf4", "2026-06-29"): 753,
}


class School(unittest.TestCase):
    def test_an_account_costs_what_the_sandbox_says(self):
        """A difference means that the sandbox's rhythm or world changed, and that sales no longer follow its spend."""
        for (team, day), cents in TOLD.items():
            spent = sum(ad.cents(date.fromisoformat(day)) for ad in school.ads(ACCOUNTS[team]))
            self.assertEqual(spent, cents, (team, day))

    def test_an_account_is_clicked_as_often_as_the_sandbox_says(self):
        for (team, day), clicks in CLICKED.items():
            told = sum(ad.clicks(date.fromisoformat(day)) for ad in school.ads(ACCOUNTS[team]))
            self.assertEqual(told, clicks, (team, day))

    def test_every_team_has_its_account_with_the_campaigns_that_it_names(self):
        for team, account in ACCOUNTS.items():
            campaigns = list(dict.fromkeys(ad.campaign for ad in school.ads(account)))
            self.assertEqual(campaigns, [campaign for campaign, _ in CAMPAIGNS[team]])

    def test_ids_are_facebooks_and_tell_ads_apart(self):
        ads = [ad for account in ACCOUNTS.values() for ad in school.ads(account)]
        self.assertEqual(len({ad.id for ad in ads}), len(ads))
        self.assertEqual(len({(ad.campaign, ad.adset, ad.name) for ad in ads}), len(ads))
        for ad in ads:
            for each in (ad.id, ad.adset_id, ad.campaign_id):
                self.assertRegex(each, r"\A\d{18}\Z")

    def test_one_ad_of_each_account_has_no_good_tags(self):
        for account in ACCOUNTS.values():
            self.assertEqual(sum(not ad.tagged for ad in school.ads(account)), 1)

    def test_the_winner_and_the_burners_are_there_and_apart(self):
        for account in ACCOUNTS.values():
            named = [ad for ad in school.ads(account) if (ad.campaign, ad.adset, ad.name) in BURNERS]
            self.assertEqual([ad.tagged for ad in named], [True])
            self.assertNotEqual(named[0].campaign, WINNER)


if __name__ == "__main__":
    unittest.main()
