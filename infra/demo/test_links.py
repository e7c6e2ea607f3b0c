"""What deals carry is what the school's links would, and their sales follow the money."""

import unittest
from collections import Counter
from datetime import date, timedelta
from functools import cache

import school
from deal import Deal, Tags
from dice import Dice
from ledger import Sale, sale_of
from links import OLD_CONTENTS, tags, weights
from quarter import sold_on
from teams import ACCOUNTS, BURNERS, CAMPAIGNS, WINNER

LAST = date(2026, 11, 20)
TENGE = 466

# Revenue of the two courses over spend, as the dashboard tells it. Any quarter must look like this, not only today's.
RETURNS = {"kenesary": (2.9, 4), "arystan": (2.3, 3.6), "muha": (1.9, 3.1), "traf4": (0.1, 1)}


@cache
def teams_sales(days: int) -> list[tuple[Sale, Deal]]:
    """The teams' sales of so many days that stand."""
    found = []
    for day in (LAST - timedelta(days=back) for back in range(days)):
        for deal in sold_on(day):
            sale = sale_of(deal)
            if sale and sale.active and sale.team:
                found.append((sale, deal))
    return found


@cache
def sold(days: int) -> list[tuple[Sale, Tags]]:
    """Those that have tags, each with what its last hook carried."""
    return [(sale, last_tags(deal)) for sale, deal in teams_sales(days) if any(step.tags.team for step in deal.steps)]


def last_tags(deal: Deal) -> Tags:
    return next(step.tags for step in reversed(deal.steps) if step.tags.values)


def ads(team: str) -> list[school.Ad]:
    return list(school.ads(ACCOUNTS[team]))


def campaign(team: str, found: Tags) -> str:
    """The name of the campaign that the tags mean, by name or by id."""
    names = {ad.campaign_id: ad.campaign for ad in ads(team)}
    return names.get(found.values["utm_campaign"], found.values["utm_campaign"])


class Links(unittest.TestCase):
    def test_tags_are_those_of_one_ad_and_of_all_kinds(self):
        kinds = Counter()
        for sale, found in sold(92):
            values = found.values
            names = {(ad.campaign, ad.adset, ad.name) for ad in ads(sale.team)}
            ids = {(ad.campaign_id, ad.adset_id, ad.id) for ad in ads(sale.team)}
            self.assertEqual(values["utm_source"], dict(CAMPAIGNS[sale.team])[campaign(sale.team, found)])
            if not found.is_whole:
                kinds["campaign"] += 1
                self.assertIn(values["utm_campaign"], dict(CAMPAIGNS[sale.team]))
                self.assertEqual((found.style, len(values)), ("link", 3))
                continue
            told = (values["utm_campaign"], values["utm_term"], values["utm_content"])
            if values["utm_content"] in OLD_CONTENTS:
                kinds["old"] += 1
                self.assertNotIn(told, names)
                self.assertIn(told[:2], {name[:2] for name in names})
            elif told in ids:
                kinds["ids"] += 1
            else:
                kinds["names"] += 1
                self.assertIn(told, names)
        self.assertGreater(kinds["names"], kinds.total() / 2)
        for kind in ("ids", "campaign", "old"):
            self.assertGreater(kinds[kind], 20)

    def test_what_ids_or_the_content_tell_always_arrives(self):
        for _, found in sold(92):
            content = found.values.get("utm_content", "")
            if content.isdigit() or content in OLD_CONTENTS:
                self.assertIn(found.style, ("codes", "link"))

    def test_before_an_account_began_nothing_carries_its_ids(self):
        seen = Counter()
        for since in {ad.account.since for team in ACCOUNTS for ad in ads(team)}:
            for day in (since - timedelta(days=1), since):
                for number in range(300):
                    values = tags(Dice(str(number)), "kenesary", day).values
                    seen[day < since, values["utm_campaign"].isdigit()] += 1
        self.assertEqual(seen[True, True], 0)
        self.assertGreater(seen[False, True], 0)

    def test_the_burners_and_the_ads_without_tags_spend_and_never_sell(self):
        for team in ACCOUNTS:
            idle = [ad for ad in ads(team) if not can_sell(ad)]
            self.assertEqual(len(idle), 2)
            for ad in idle:
                self.assertGreater(ad.cents_until(LAST, 92), 100_00)
                self.assertTrue(all(weights(team, day)[ad] == 0 for day in (LAST, LAST - timedelta(days=30))))
                told = {(ad.campaign, ad.adset, ad.name), (ad.campaign_id, ad.adset_id, ad.id)}
                for _, found in sold(92):
                    values = found.values
                    arrived = (values["utm_campaign"], values.get("utm_term"), values.get("utm_content"))
                    self.assertNotIn(arrived, told)

    def test_an_ad_that_paused_all_week_sells_nothing(self):
        for ad, weight in weights("muha", LAST).items():
            if not ad.cents_until(LAST, 7):
                self.assertEqual(weight, 0)

    def test_dearer_campaigns_sell_more(self):
        for team in ACCOUNTS:
            spent, count = Counter(), Counter()
            for ad in ads(team):
                if ad.campaign != WINNER and can_sell(ad):
                    spent[ad.campaign] += ad.cents_until(LAST, 365)
            for sale, found in sold(365):
                if sale.team == team and campaign(team, found) in spent:
                    count[campaign(team, found)] += 1
            (dearest, _), *_, (cheapest, _) = spent.most_common()
            self.assertGreater(count[dearest], count[cheapest], team)


class Returns(unittest.TestCase):
    def test_every_quarter_is_believable(self):
        revenue, spent = Counter(), Counter()
        for sale, _ in teams_sales(500):
            if sale.product != "other":
                revenue[sale.team, sale.day] += sale.amount
        for team in ACCOUNTS:
            for day in (LAST - timedelta(days=back) for back in range(500)):
                spent[team, day] = sum(ad.cents(day) for ad in ads(team))
        for ends in range(0, 408, 17):
            days = [LAST - timedelta(days=ends + back) for back in range(92)]
            for team, (low, high) in RETURNS.items():
                cost = sum(spent[team, day] for day in days) / 100 * TENGE
                self.assertGreater(cost, 0)
                roas = sum(revenue[team, day] for day in days) / cost
                self.assertTrue(low <= roas <= high, f"{team} {roas:.2f} in the quarter until {days[0]}")

    def test_one_campaign_is_the_clear_winner(self):
        revenue, spent = Counter(), Counter()
        for sale, found in sold(365):
            revenue[campaign(sale.team, found)] += sale.amount
        for team in ACCOUNTS:
            for ad in ads(team):
                spent[ad.campaign] += ad.cents_until(LAST, 365) / 100 * TENGE
        roas = {name: revenue[name] / cost for name, cost in spent.items()}
        best, second, *_ = sorted(roas, key=roas.get, reverse=True)
        self.assertEqual(best, WINNER)
        self.assertGreater(roas[best], 1.5 * roas[second])

    def test_muhas_strong_weeks_sell_more(self):
        weeks = Counter()
        for sale, _ in sold(364):
            if sale.team == "muha":
                weeks[sale.day.isocalendar().week % 2 == 0] += 1
        self.assertGreater(weeks[True], 1.5 * weeks[False])


def can_sell(ad: school.Ad) -> bool:
    return ad.tagged and (ad.campaign, ad.adset, ad.name) not in BURNERS


if __name__ == "__main__":
    unittest.main()
