"""The school's ads, as the sandbox's default world has them, and what they cost."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import rhythm

WORLD = Path(__file__).resolve().parents[1] / "sandbox" / "worlds" / "school.json"


@dataclass(frozen=True)
class Account:
    id: str
    name: str
    per_day: int  # cents
    bursts: bool
    since: date
    ads: int


@dataclass(frozen=True)
class Ad:
    """An ad with the names and ids above it, as the macros of a link would tell them."""

    account: Account
    campaign: str
    campaign_id: str
    adset: str
    adset_id: str
    name: str
    id: str
    # Whether its link carries the account's tags. One that has broken ones or none brings sales that nobody can tell.
    tagged: bool

    def cents(self, day: date) -> int:
        """Spent on that day; the account's plan goes back for ever, also to before the account began."""
        return rhythm.cents(self.account.per_day, self.account.bursts, self.account.ads, self.id, day)

    def clicks(self, day: date) -> int:
        return rhythm.clicks(self.cents(day), self.id, day)

    def cents_until(self, day: date, days: int) -> int:
        return sum(self.cents(day - timedelta(days=back)) for back in range(days))


@cache
def ads(account_id: str) -> tuple[Ad, ...]:
    """All ads of an account, in the world's order."""
    return next(ads for account, ads in _world() if account.id == account_id)


@cache
def _world() -> tuple[tuple[Account, tuple[Ad, ...]], ...]:
    accounts = json.loads(WORLD.read_text(encoding="utf-8"))["accounts"]
    return tuple(_account(told) for told in accounts)


def _account(told: dict) -> tuple[Account, tuple[Ad, ...]]:
    found = [
        (campaign, adset, ad) for campaign in told["campaigns"] for adset in campaign["adsets"] for ad in adset["ads"]
    ]
    account = Account(
        id=told["id"],
        name=told["name"],
        per_day=int(Decimal(told["plan"]["per_day"]) * 100),
        bursts=told["plan"].get("bursts", False),
        since=date.fromisoformat(told["delivers"]["since"]),
        ads=len(found),
    )
    return account, tuple(
        Ad(
            account, campaign["name"], campaign["id"], adset["name"], adset["id"], ad["name"], ad["id"],
            tagged="url_tags" not in ad,
        )
        for campaign, adset, ad in found
    )  # fmt: skip
