"""What is loaded depends on the calendar date alone, and never on when it is loaded."""

import unittest
from datetime import date, timedelta

from almaty import instant
from deal import Deal
from hooks import hooks
from quarter import DAYS, deals, sold_on

NIGHT = 23 * 3600
TODAY = date(2026, 11, 20)
SECOND_DEAL = (1_795_105_908, "funnel", "arystan_broad_25_44", "astana", "video3")


def loaded(day: date, second: int = NIGHT, days: int = DAYS) -> list[Deal]:
    return deals(instant(day, second), day, days)


def sent(day: date, second: int = NIGHT) -> set[tuple[str, bytes]]:
    return {(hook.path, hook.body) for deal in loaded(day, second) for hook in hooks(deal)}


class Quarter(unittest.TestCase):
    def test_the_same_date_gives_the_same_deals(self):
        self.assertEqual(sold_on(TODAY), sold_on(TODAY))
        self.assertNotEqual(sold_on(TODAY), sold_on(TODAY + timedelta(days=1)))

    def test_this_date_is_what_it_has_been_in_every_version(self):
        """A change here means that loaded demo data and new demo data disagree: `make clean-data` is needed once."""
        second = sold_on(date(2026, 11, 19))[1]
        self.assertEqual(second.lead_id, 40_687_002)
        step = second.steps[0]
        told = (step.tags.values[name] for name in ("utm_campaign", "utm_term", "utm_content"))
        self.assertEqual(SECOND_DEAL, (step.at, step.route, *told))

    def test_a_later_load_of_the_day_only_adds(self):
        self.assertLess(sent(TODAY, 12 * 3600), sent(TODAY))

    def test_a_load_of_the_next_day_repeats_all_but_the_first_day(self):
        gone = sent(TODAY) - sent(TODAY + timedelta(days=1))
        first_day = TODAY - timedelta(days=DAYS - 1)
        oldest = {(hook.path, hook.body) for deal in sold_on(first_day) for hook in hooks(deal)}
        self.assertLessEqual(gone, oldest)

    def test_nothing_lies_in_the_future(self):
        for second in (0, 9 * 3600, NIGHT):
            now = instant(TODAY, second)
            self.assertLessEqual(max(step.at for deal in loaded(TODAY, second) for step in deal.steps), now)

    def test_lead_ids_are_unique(self):
        ids = [deal.lead_id for deal in loaded(TODAY)]
        self.assertEqual(len(ids), len(set(ids)))

    def test_no_two_steps_of_a_deal_on_one_route_share_a_second(self):
        for deal in loaded(TODAY):
            moments = [(step.route, step.at) for step in deal.steps]
            self.assertEqual(len(moments), len(set(moments)), deal)

    def test_hooks_without_a_time_of_their_own_come_last(self):
        """They count from their arrival, so nothing that happened before may follow them."""
        for deal in loaded(TODAY):
            for step in deal.steps[:-1]:
                self.assertNotIn(step.action, ("delete", "dp"), deal)

    def test_a_quarter_is_busy_but_loads_in_a_minute(self):
        for day in (TODAY, date(2027, 3, 1), date(2027, 8, 8)):
            posts = sum(len(hooks(deal)) for deal in loaded(day))
            self.assertTrue(1_500 <= posts <= 2_000, posts)

    def test_weekends_are_quieter(self):
        days = [TODAY - timedelta(days=back) for back in range(84)]
        weekend = [len(sold_on(day)) for day in days if day.weekday() >= 5]
        week = [len(sold_on(day)) for day in days if day.weekday() < 5]
        self.assertLess(sum(weekend) / len(weekend), 0.8 * sum(week) / len(week))


if __name__ == "__main__":
    unittest.main()
