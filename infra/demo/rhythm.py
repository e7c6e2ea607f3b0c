"""What the sandbox makes an ad spend on a day, told a second time: sales can only follow what is known beforehand.

The first telling is `infra/sandbox/src/graph/world/rhythm.rs`, and this is its step 0: nothing that moves later, and
today whole. What the stack really shows comes from the sandbox itself.
"""

from datetime import date
from functools import cache

# Monday to Sunday, percent of a usual day.
_WEEKDAYS = [98, 104, 106, 103, 100, 86, 103]
# Days in a spell, of which an ad works or pauses as a whole; of eight spells it works in five.
_SPELL, _WORKING = 9, 5

_START = 0xCBF2_9CE4_8422_2325
_MASK = (1 << 64) - 1


@cache
def cents(per_day: int, bursts: bool, ads: int, ad: str, day: date) -> int:
    """Of one of `ads` ads that together spend `per_day` cents on a usual day; 0 while it pauses."""
    if not _works(ad, day):
        return 0
    strong = day.isocalendar().week % 2 == 0
    percents = (
        _WEEKDAYS[day.weekday()],
        (140 if strong else 60) if bursts else 100,
        _between(40, 160, "weight", ad),
        _between(80, 120, "day", ad, day.isoformat()),
    )
    spent = per_day * 8 // _WORKING // ads
    for percent in percents:
        spent = spent * percent // 100
    return max(spent, 1)


def clicks(cents: int, ad: str, day: date) -> int:
    """On an ad that cost so many cents that day."""
    if not cents:
        return 0
    impressions = max(cents * 1000 // _between(100, 250, "cpm", ad, day.isoformat()), 1)
    return impressions * _between(80, 250, "ctr", ad, day.isoformat()) // 10_000


def _works(ad: str, day: date) -> bool:
    spell = (day.toordinal() + _between(0, 8, "shift", ad)) // _SPELL
    return _throw("spell", ad, str(spell)) % 8 < _WORKING


def _between(low: int, high: int, *words: str) -> int:
    return low + _throw(*words) % (high - low + 1)


@cache
def _throw(*words: str) -> int:
    """The sandbox's dice (`infra/sandbox/src/dice.rs`)."""
    state = _after(words)
    state = (state ^ (state >> 30)) * 0xBF58_476D_1CE4_E5B9 & _MASK
    state = (state ^ (state >> 27)) * 0x94D0_49BB_1331_11EB & _MASK
    return state ^ (state >> 31)


def _after(words: tuple[str, ...]) -> int:
    if not words:
        return _START
    # All days of an ad begin with the same words.
    state = _prefix(words[:-1])
    for byte in (*words[-1].encode(), 0xFF):
        state = (state ^ byte) * 0x0000_0100_0000_01B3 & _MASK
    return state


_prefix = cache(_after)
