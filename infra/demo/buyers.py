"""Who stands behind a deal: the forms they filled in before, and whether their UTM values reached the deal.

Has dice of its own, so that what is sold does not depend on what is told of the buyers.
"""

from deal import NO_TAGS, Step, Tags
from dice import Dice
from histories import DAY, HOUR, MINUTE
from landing import PAYMENTS
from lead import EXPRESS, PROFTEST, Lead
from people import person

# How many of a kind took the career test before, and how many ordered by the form.
_TESTED = {"express": 0.85, "flagship": 0.6, "consultation": 0.5, "no sale": 0.6}
_ORDERED = {"express": 0.9}
# A link's values get lost on the way to the deal of so many.
_LOST = 0.045
# From a form to what follows it.
_WAITS = {(3 * MINUTE, 40 * MINUTE): 55, (HOUR, 10 * HOUR): 30, (DAY, 3 * DAY): 15}


class Buyer:
    """The person of one deal; `which` names it."""

    def __init__(self, which: str, kind: str, team: str | None, link: Tags):
        self._dice = Dice(f"buyer {which} {kind}")
        self._kind = kind
        self._team = team
        # Only where a form can tell whose sale it is.
        self._is_lost = team is not None and kind != "no sale" and self._dice.happens(_LOST)
        self.tags = NO_TAGS if self._is_lost else link

    def forms(self, deal_id: int, steps: list[Step]) -> tuple[Lead, ...]:
        """Their forms, the oldest first. Made once."""
        dice = self._dice
        who = person(dice)
        slug = self._slug(dice)
        # What was added by hand has just come from a form, where there is one.
        was_added = self._kind != "express" and steps[0].action == "add"
        waits = {(5, 90): 1} if was_added else _WAITS
        at = min(step.at for step in steps)
        team = self._team if slug or self.tags.values else None
        found: list[Lead] = []
        for form in self._filled_in(dice):
            at -= dice.whole(*dice.weighted(waits))
            payment = dice.weighted(PAYMENTS) if form == EXPRESS else None
            found.append(
                Lead(
                    external_id=f"demo-{deal_id}-{form}",
                    form=form,
                    at=at,
                    person=who,
                    phone=who.phone(dice),
                    team=team,
                    slug=slug,
                    values=self.tags.values,
                    payment=payment,
                    deal_id=deal_id,
                )
            )
        return tuple(reversed(found))

    def _filled_in(self, dice: Dice) -> list[str]:
        """Which forms, the last first."""
        ordered = dice.happens(_ORDERED.get(self._kind, 0))
        tested = dice.happens(_TESTED[self._kind]) or (self._is_lost and not ordered)
        return [EXPRESS] * ordered + [PROFTEST] * tested

    def _slug(self, dice: Dice) -> str | None:
        # Ids alone would leave it to the pulled ads whose lead it is.
        is_needed = self._is_lost or self.tags.values.get("utm_campaign", "").isdigit()
        return self._team if dice.happens(0.9) or is_needed else None
