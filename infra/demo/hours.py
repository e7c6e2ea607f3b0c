"""When in a day people fill in forms and buy: at lunch, and above all in the evening."""

from datetime import date

from almaty import instant
from dice import Dice

_HOURS = {
    0: 3, 1: 1, 7: 2, 8: 8, 9: 15, 10: 25, 11: 30, 12: 35, 13: 35, 14: 30, 15: 30, 16: 30, 17: 35,
    18: 50, 19: 70, 20: 80, 21: 80, 22: 60, 23: 30,
}  # fmt: skip


def moment(dice: Dice, day: date) -> int:
    return instant(day, dice.weighted(_HOURS) * 3600 + dice.whole(0, 3599))
