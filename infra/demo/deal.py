"""A demo deal and the steps of its life. Says nothing about how a step looks on the wire."""

from dataclasses import dataclass, field, replace
from typing import Mapping

from lead import Lead

WON, LOST = 142, 143
NEW, IN_WORK, PAID = 54410001, 54430001, 54420001

SALES, FUNNEL, TRAFFIC = "sales", "funnel", "traffic"

# In the order in which a link has them.
UTM = ["utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"]


@dataclass(frozen=True)
class Tags:
    """The UTM values of a deal, where they stand in its hooks, and the team that they mean."""

    team: str | None
    style: str  # "codes", "texts", "link", or "plain": none at all
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Only then can fields with a code hold them: a golden body has a value in each of them."""
        return len(self.values) == len(UTM)


NO_TAGS = Tags(team=None, style="plain")


@dataclass(frozen=True)
class Step:
    """One change that amoCRM tells us about."""

    at: int
    route: str
    action: str  # "add", "update", "status", "restore", "delete", "note", or "dp": a digital-pipeline hook
    stage: int | None = None
    old_stage: int | None = None
    price: int = 0
    tags: Tags = NO_TAGS
    copies: int = 1


@dataclass(frozen=True)
class Deal:
    """Its steps stand in the order in which amoCRM delivers them, which is not always the order of their times.

    `forms` are the leads behind it, the oldest first.
    """

    lead_id: int
    created_at: int
    owner: int
    steps: tuple[Step, ...]
    forms: tuple[Lead, ...] = ()

    def until(self, now: int) -> "Deal":
        """The deal as amoCRM knows it now: nothing of its future."""
        steps = tuple(step for step in self.steps if step.at <= now)
        forms = tuple(form for form in self.forms if form.at <= now)
        return replace(self, steps=steps, forms=forms)
