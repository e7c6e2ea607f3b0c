"""What can happen to a deal that is sold at a given moment. A story is the list of its steps."""

from dataclasses import replace

from deal import FUNNEL, IN_WORK, LOST, NEW, PAID, SALES, TRAFFIC, WON, Step, Tags
from dice import Dice

MINUTE, HOUR, DAY = 60, 3600, 86400

EXPRESS, FLAGSHIP, CONSULTATION = 5_000, 490_000, 120_000
EXPRESS_DISCOUNTS, FLAGSHIP_DISCOUNTS = [4_000, 4_500, 3_990], [450_000, 441_000]


def express(dice: Dice, at: int, tags: Tags, day_end: int) -> list[Step]:
    paid = Step(at, FUNNEL, "status", PAID, IN_WORK, EXPRESS, tags)
    won = replace(paid, stage=WON, old_stage=PAID)
    story = dice.weighted(
        {"plain": 56, "filled later": 13, "both routes": 9, "twice": 6, "discount": 5, "late add": 2,
         "lost": 4, "lost and back": 2, "deleted": 1, "restored": 1, "pipeline": 1}
    )  # fmt: skip
    after = at + dice.whole(3 * MINUTE, 40 * MINUTE)
    match story:
        case "filled later":
            return _filled_later(FUNNEL, at, after, EXPRESS, tags)
        case "both routes":
            return [paid, replace(won, at=after, route=SALES)]
        case "twice":
            return [replace(dice.pick([paid, won]), copies=2)]
        case "discount":
            return [paid, _discount(paid, after, dice.pick(EXPRESS_DISCOUNTS))]
        case "late add":
            return _late_add(FUNNEL, at, min(after, day_end), EXPRESS, tags)
        case "lost":
            return [won, _refund(dice, won)]
        case "lost and back":
            return [won, *_lost_by_mistake(won, day_end)]
        case "deleted":
            return [paid, Step(at + dice.whole(1, 5) * DAY, FUNNEL, "delete")]
        case "restored" if tags.style == "plain":
            return [paid, Step(after, FUNNEL, "restore", PAID)]
        case "pipeline":
            return [paid, Step(after, FUNNEL, "dp", WON, PAID)]
        case _:
            return [dice.pick([paid, won])]


def flagship(dice: Dice, at: int, tags: Tags, day_end: int) -> list[Step]:
    won = Step(at, SALES, "status", WON, PAID, FLAGSHIP, tags, copies=2 if dice.happens(0.1) else 1)
    sold = replace(won, at=at + dice.whole(1, 20), route=TRAFFIC, copies=1)
    first_met = at - dice.whole(1, 6) * DAY - dice.whole(0, 3 * HOUR)
    met = [Step(first_met, SALES, "add", NEW), *_worked_on(first_met, tags)]
    story = dice.weighted(
        {"both routes": 36, "sales route": 20, "product route": 18, "price later": 8, "discount": 8,
         "lost": 6, "lost and back": 4}
    )  # fmt: skip
    after = at + dice.whole(5 * MINUTE, 50 * MINUTE)
    match story:
        case "both routes":
            return [*met, won, sold]
        case "sales route":
            return [*met, won, Step(after, SALES, "note")]
        case "product route":
            first = Step(at, TRAFFIC, "status", PAID, IN_WORK, 0, tags)
            return [first, replace(won, at=after, route=TRAFFIC)]
        case "price later":
            return [met[0], replace(won, price=0, copies=1), replace(won, at=after, old_stage=IN_WORK)]
        case "discount":
            return [sold, _discount(sold, after, dice.pick(FLAGSHIP_DISCOUNTS))]
        case "lost":
            return [*met, won, sold, _refund(dice, sold)]
        case _:
            return [*met, won, *_lost_by_mistake(won, day_end)]


def consultation(dice: Dice, at: int, tags: Tags) -> list[Step]:
    """Sold, but neither of the two courses."""
    return [Step(at, SALES, "status", WON, IN_WORK, CONSULTATION, tags, copies=2 if dice.happens(0.2) else 1)]


def no_sale(dice: Dice, at: int, tags: Tags) -> list[Step]:
    """A deal that stays open, or is lost without ever having been a sale."""
    first = Step(at, SALES, "add", NEW)
    if dice.happens(0.5):
        return [first]
    return [first, Step(at + dice.whole(1, 4) * DAY, SALES, "status", LOST, IN_WORK, FLAGSHIP, tags)]


def _worked_on(first_met: int, tags: Tags) -> list[Step]:
    """A manager's edit; only deals with fields that have a code are edited so."""
    if tags.style != "codes":
        return []
    return [Step(first_met + 40 * MINUTE, SALES, "update", IN_WORK, NEW, FLAGSHIP, tags)]


def _filled_later(route: str, at: int, after: int, price: int, tags: Tags) -> list[Step]:
    """First nothing but the deal, then its price and its UTM values."""
    filled = replace(tags, style="codes") if tags.is_whole else tags
    action = "update" if tags.is_whole else "status"
    return [Step(at, route, "add", PAID), Step(after, route, action, PAID, IN_WORK, price, filled)]


def _late_add(route: str, at: int, after: int, price: int, tags: Tags) -> list[Step]:
    """The same day's first hook arrives after the second one: a retry."""
    return [Step(after, route, "status", WON, PAID, price, tags), Step(at, route, "add", PAID)]


def _discount(sold: Step, at: int, price: int) -> Step:
    return replace(sold, at=at, old_stage=IN_WORK, price=price, copies=1)


def _refund(dice: Dice, sold: Step) -> Step:
    return replace(sold, at=sold.at + dice.whole(1, 9) * DAY, stage=LOST, old_stage=WON, copies=1)


def _lost_by_mistake(sold: Step, day_end: int) -> list[Step]:
    """Lost and won again before the day is over, so that its day of sale stays; too late for that: not at all."""
    lost, back = sold.at + 12 * MINUTE, sold.at + 35 * MINUTE
    if back > day_end:
        return []
    return [
        replace(sold, at=lost, stage=LOST, old_stage=WON, copies=1),
        replace(sold, at=back, old_stage=LOST, copies=1),
    ]
