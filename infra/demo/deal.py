"""A demo deal and the steps of its life. Says nothing about how a step looks on the wire."""

from dataclasses import dataclass, field, replace
from typing import Mapping

from lead import Lead

# amoCRM's pipeline that all deals stand in, and its stages, as the sandbox's world has them.
PIPELINE = 10350882
WON, LOST = 142, 143
NEW, IN_WORK, PAID = 87654321, 87654325, 87654329

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
    # One of those whose hook never arrives, as long as it is young.
    lost: bool = False


@dataclass(frozen=True)
class Standing:
    """A deal as amoCRM shows it."""

    stage: int | None
    price: int
    # UTM values by the style of the fields that hold them.
    values: Mapping[str, Mapping[str, str]]
    updated_at: int
    closed_at: int | None
    is_deleted: bool


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

    def standing(self) -> Standing:
        """After all of its steps."""
        stage, price, values, closed_at, is_deleted = None, 0, {}, None, False
        steps = sorted(self.steps, key=lambda step: step.at)
        for step in steps:
            if step.action == "delete":
                is_deleted = True
            elif step.stage is not None:
                if step.stage != stage:
                    closed_at = step.at if step.stage in (WON, LOST) else None
                stage, price, is_deleted = step.stage, step.price or price, False
            if step.tags.values:
                values = values | {step.tags.style: step.tags.values}
        return Standing(stage, price, values, steps[-1].at if steps else self.created_at, closed_at, is_deleted)
