"""Leads follow the clicks, most know where they came from, and the demo's sales are made by people who have one."""

import re
import unittest
from collections import Counter
from datetime import date, timedelta
from functools import cache

import landing
import school
from almaty import day_of, instant
from deal import Deal
from dice import Dice
from lead import EXPRESS, PROFTEST, Lead
from ledger import expected, sale_of
from links import OLD_CONTENTS
from old_leads import with_both
from people import person
from quarter import deals, leads, sold_on
from teams import ACCOUNTS, BURNERS, CAMPAIGNS, UNKNOWN, WINNER

TODAY = date(2026, 11, 20)
NIGHT = 23 * 3600
# Dollars for a ProfTest.
COSTS = (3, 10)


@cache
def quarter(last: date = TODAY) -> list[Lead]:
    return leads(instant(last, NIGHT), last)


@cache
def sold(days: int) -> list[Deal]:
    return [deal for back in range(days) for deal in sold_on(TODAY - timedelta(days=back))]


class Leads(unittest.TestCase):
    def test_the_same_date_gives_the_same_leads(self):
        fresh = landing.leads_on.__wrapped__(TODAY)
        self.assertEqual(fresh, landing.leads_on(TODAY))
        self.assertTrue(all(day_of(lead.at) == TODAY for lead in fresh))

    def test_a_later_load_only_adds(self):
        before = set(map(told, leads(instant(TODAY, 12 * 3600), TODAY)))
        self.assertLess(before, set(map(told, quarter())))
        tomorrow = TODAY + timedelta(days=1)
        gone = set(map(told, quarter())) - set(map(told, quarter(tomorrow)))
        # Those of the day that is left out, and of the deals that were sold on it.
        first = TODAY - timedelta(days=91)
        of_deals = (form for deal in sold_on(first) for form in deal.forms)
        left = {told(lead) for lead in (*with_both(first, landing.leads_on(first)), *of_deals)}
        self.assertLessEqual(gone, left)

    def test_nothing_lies_in_the_future_and_no_id_comes_twice(self):
        self.assertLessEqual(max(lead.at for lead in quarter()), instant(TODAY, NIGHT))
        ids = Counter(lead.external_id for lead in quarter())
        self.assertEqual(ids.most_common(1)[0][1], 1)

    def test_what_a_lead_costs_is_believable_in_every_quarter(self):
        for last in (TODAY, date(2026, 3, 1), date(2025, 12, 31)):
            days = [last - timedelta(days=back) for back in range(92)]
            count = Counter(lead.team for lead in quarter(last) if lead.form == PROFTEST and day_of(lead.at) in days)
            for team, account in ACCOUNTS.items():
                spent = sum(ad.cents(day) for ad in school.ads(account) for day in days) / 100
                clicks = sum(ad.clicks(day) for ad in school.ads(account) for day in days)
                low, high = COSTS
                self.assertTrue(low <= spent / count[team] <= high, f"{team} {spent / count[team]:.2f}")
                self.assertLess(count[team] / clicks, 0.14)
            self.assertTrue(0.02 < count[None] / count.total() < 0.07, count)

    def test_the_funnel_narrows_as_a_schools_does(self):
        figures = expected(deals(instant(TODAY, NIGHT), TODAY), TODAY - timedelta(days=91), TODAY)
        count = Counter(lead.team for lead in quarter() if lead.form == PROFTEST)
        for team in ACCOUNTS:
            express = figures["by_product_and_team"]["express"][team]["count"]
            flagship = figures["by_product_and_team"]["flagship"][team]["count"]
            self.assertTrue(0.02 < express / count[team] < 0.12, team)
            self.assertTrue(0.01 < flagship / express < 0.5, team)

    def test_busy_days_bring_more_leads(self):
        clicks, count = Counter(), Counter()
        for back in range(92):
            day = TODAY - timedelta(days=back)
            count[day] = sum(lead.team == "muha" for lead in landing.leads_on(day))
            clicks[day] = sum(ad.clicks(day) for ad in school.ads(ACCOUNTS["muha"]))
        busy = {day for day, _ in clicks.most_common(46)}
        self.assertGreater(sum(count[day] for day in busy), 1.2 * sum(count[day] for day in clicks if day not in busy))

    def test_an_ad_that_pauses_brings_nobody(self):
        for team, account in ACCOUNTS.items():
            for ad in school.ads(account):
                if not ad.clicks(TODAY):
                    self.assertEqual(landing._of_ad(team, ad, TODAY), ())

    def test_the_winner_is_liked_and_the_burners_are_not(self):
        self.assertGreater(conversion(lambda ad: ad.campaign == WINNER), 1.2 * conversion(lambda ad: True))
        burns = conversion(lambda ad: (ad.campaign, ad.adset, ad.name) in BURNERS)
        self.assertTrue(0 < burns < 0.8 * conversion(lambda ad: True))


class Origins(unittest.TestCase):
    def test_values_are_those_of_an_ad_of_the_team_and_the_slug_is_the_teams(self):
        kept = Counter()
        for lead in quarter():
            kept[bool(lead.slug), bool(lead.values)] += 1
            self.assertIn(lead.slug, (None, lead.team))
            if not lead.values:
                continue
            if lead.team is None:
                self.assertIn((lead.values["utm_campaign"], lead.values["utm_source"]), UNKNOWN)
                continue
            ads = school.ads(ACCOUNTS[lead.team])
            asked = (lead.values["utm_campaign"], lead.values.get("utm_term"), lead.values.get("utm_content"))
            of_names = {(ad.campaign, ad.adset, ad.name) for ad in ads}
            of_ids = {(ad.campaign_id, ad.adset_id, ad.id) for ad in ads}
            if asked[2] in OLD_CONTENTS:
                self.assertIn(asked[:2], {name[:2] for name in of_names})
            elif asked[2] is None:
                self.assertIn((asked[0], lead.values["utm_source"]), CAMPAIGNS[lead.team])
            else:
                self.assertIn(asked, of_names | of_ids)
            if asked in of_ids:
                self.assertEqual(lead.slug, lead.team, "ids alone need the pulled ads")
        self.assertGreater(kept[True, True], 0.75 * kept.total())
        for rare in ((True, False), (False, True), (False, False)):
            self.assertTrue(0.01 < kept[rare] / kept.total() < 0.16, kept)

    def test_some_come_again_and_write_their_phone_otherwise(self):
        times, spellings = Counter(), {}
        for lead in quarter():
            if lead.form == PROFTEST:
                times[lead.person] += 1
                spellings.setdefault(lead.person, set()).add(lead.phone)
        again = times.total() - len(times)
        self.assertTrue(0.06 < again / times.total() < 0.1, again)
        self.assertTrue(any(len(written) > 1 for written in spellings.values()))
        for who, written in spellings.items():
            self.assertEqual({re.sub(r"\D", "", phone)[-10:] for phone in written}, {who.digits})

    def test_people_are_of_the_country_and_get_no_mail(self):
        people = {person(Dice(str(number))) for number in range(500)}
        self.assertEqual(len(people), 500)
        for who in people:
            self.assertRegex(who.digits, r"\A7(0[0-25-8]|47|7[15-8])\d{7}\Z")
            self.assertRegex(who.email, r"\A[a-z]+\.\d{6}@example\.(com|org|net)\Z")
            self.assertRegex(who.name, r"\A[А-ЯӘҒҚҢӨҰҮҺІ][а-яёәғқңөұүһі]+( [А-ЯӘҒҚҢӨҰҮҺІ][а-яёәғқңөұүһі]+)?\Z")


class Buyers(unittest.TestCase):
    def test_forms_came_before_the_sale_and_lead_to_its_deal(self):
        for deal in sold(92):
            moments = [form.at for form in deal.forms]
            self.assertEqual(moments, sorted(moments))
            self.assertEqual(len({form.person for form in deal.forms}), min(len(deal.forms), 1))
            for form in deal.forms:
                self.assertEqual(form.deal_id, deal.lead_id)
                self.assertLess(form.at, min(step.at for step in deal.steps))
                # No load would know of it otherwise: see AHEAD.
                self.assertLess((sold_day(deal) - day_of(form.at)).days, 8)

    def test_most_express_sales_have_an_order_and_many_a_test(self):
        count = Counter()
        for deal in sold(92):
            sale = sale_of(deal)
            if sale:
                forms = {form.form for form in deal.forms}
                count[sale.product] += 1
                count.update((sale.product, form) for form in forms)
                for form in deal.forms:
                    self.assertEqual(form.payment is not None, form.form == EXPRESS)
        self.assertGreater(count["express", EXPRESS] / count["express"], 0.8)
        self.assertGreater(count["express", PROFTEST] / count["express"], 0.7)
        self.assertTrue(0.4 < count["flagship", PROFTEST] / count["flagship"] < 0.8)
        self.assertEqual(count["flagship", EXPRESS], 0)

    def test_a_few_sales_have_their_team_from_a_lead_alone(self):
        found = [sale for sale in map(sale_of, sold(365)) if sale and sale.team]
        told_by = [sale for sale in found if sale.told_by_a_lead]
        self.assertTrue(0.03 <= len(told_by) / len(found) <= 0.06, len(told_by) / len(found))
        self.assertEqual({sale.team for sale in told_by}, set(ACCOUNTS))
        for deal in sold(365):
            if (sale := sale_of(deal)) and sale.told_by_a_lead:
                self.assertEqual({form.slug for form in deal.forms}, {sale.team})
                self.assertFalse(any(form.values for form in deal.forms))

    def test_an_order_or_a_test_never_names_another_team(self):
        for deal in sold(92):
            own = next((step.tags.team for step in deal.steps if step.tags.team), None)
            for form in deal.forms:
                if own:
                    self.assertIn(form.team, (own, None))


def conversion(wanted) -> float:
    ads = [(team, ad) for team, account in ACCOUNTS.items() for ad in school.ads(account) if wanted(ad)]
    days = [TODAY - timedelta(days=back) for back in range(92)]
    found = sum(len(landing._of_ad(team, ad, day)) for team, ad in ads for day in days)
    return found / sum(ad.clicks(day) for _, ad in ads for day in days)


def sold_day(deal: Deal) -> date:
    """The date that has it among its deals."""
    return date(2025, 1, 1) + timedelta(days=(deal.lead_id - 40_000_000) // 1_000)


def told(lead: Lead) -> tuple:
    return tuple(sorted(lead.told().items()))


if __name__ == "__main__":
    unittest.main()
