"""Chance that repeats: the same seed gives the same throws on every machine and in every year.

Built on `random()` alone, the one method whose sequence Python promises to keep between versions.
"""

import random

# Its multiples, without their whole parts, fill the space from 0 to 1 more evenly than chance does.
_GOLDEN = 0.618_033_988_749_894_9


class Dice:
    def __init__(self, seed: str):
        self._random = random.Random(seed)

    def happens(self, probability: float) -> bool:
        return self._random.random() < probability

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def pick(self, items):
        return items[self.whole(0, len(items) - 1)]

    def weighted(self, weights: dict):
        """A key of `weights`, as likely as its value is large."""
        return _at(self._random.random(), weights)


def in_turn(turn: int, weights: dict):
    """The same without chance: any run of turns, however short, comes near the weights."""
    return _at(turn * _GOLDEN % 1, weights)


def _at(place: float, weights: dict):
    left = place * sum(weights.values())
    for key, weight in weights.items():
        left -= weight
        if left < 0:
            return key
    return next(reversed(weights))
