"""Invented people: Kazakh names, phones as people there write them, addresses that no mail ever reaches."""

from dataclasses import dataclass

from dice import Dice

# (as written, as in an address)
_WOMEN = [
    ("Айгерим", "aigerim"), ("Аружан", "aruzhan"), ("Динара", "dinara"), ("Жанар", "zhanar"), ("Мадина", "madina"),
    ("Назерке", "nazerke"), ("Сауле", "saule"), ("Әсел", "asel"), ("Гүлназ", "gulnaz"), ("Томирис", "tomiris"),
    ("Камила", "kamila"), ("Ұлжан", "ulzhan"),
]  # fmt: skip
_MEN = [
    ("Нұрлан", "nurlan"), ("Ерлан", "erlan"), ("Данияр", "daniyar"), ("Алихан", "alikhan"), ("Бекзат", "bekzat"),
    ("Санжар", "sanzhar"), ("Тимур", "timur"), ("Әділ", "adil"), ("Мирас", "miras"), ("Қайрат", "kairat"),
]  # fmt: skip
_SURNAMES = ["Ахметов", "Оспанов", "Сейтқали", "Жұмабаев", "Нұрпейісов", "Касымов", "Ибраев", "Төлеген", "Смағұлов"]
_ENDS_WITH_A = ("ов", "ев")

# Prefixes of the country's mobile operators.
_OPERATORS = ["700", "701", "702", "705", "707", "708", "747", "771", "775", "776", "777", "778"]
_SPELLINGS = {
    "+7{0}{1}{2}{3}": 30, "8{0}{1}{2}{3}": 25, "8 ({0}) {1}-{2}-{3}": 15, "+7 {0} {1} {2} {3}": 12,
    "7{0}{1}{2}{3}": 10, "{0}{1}{2}{3}": 8,
}  # fmt: skip
_DOMAINS = ["example.com", "example.org", "example.net"]


@dataclass(frozen=True)
class Person:
    name: str
    digits: str  # the phone without the country's prefix
    email: str

    def phone(self, dice: Dice) -> str:
        """The phone as they write it this time."""
        digits = self.digits
        return dice.weighted(_SPELLINGS).format(digits[:3], digits[3:6], digits[6:8], digits[8:])


def person(dice: Dice) -> Person:
    is_woman = dice.happens(0.6)
    name, address = dice.pick(_WOMEN if is_woman else _MEN)
    if dice.happens(0.4):
        surname = dice.pick(_SURNAMES)
        name += f" {surname}{'а' if is_woman and surname.endswith(_ENDS_WITH_A) else ''}"
    digits = f"{dice.pick(_OPERATORS)}{dice.whole(0, 9_999_999):07}"
    return Person(name, digits, f"{address}.{digits[-6:]}@{dice.pick(_DOMAINS)}")
