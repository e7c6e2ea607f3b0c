"""A lead: one form that one person filled in on a landing page."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Mapping

from almaty import ALMATY
from people import Person

PROFTEST, EXPRESS = "proftest", "express"


@dataclass(frozen=True)
class Lead:
    """`team` is whom its slug or its UTM values mean; none where it came without either."""

    external_id: str
    form: str
    at: int
    person: Person
    phone: str
    team: str | None
    slug: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    payment: str | None = None
    deal_id: int | None = None

    def told(self) -> dict:
        """As the function `lead-import` reads it: the fields of the form, and what a form does not say."""
        facts = {
            "external_id": self.external_id,
            "form": self.form,
            "received_at": datetime.fromtimestamp(self.at, ALMATY).isoformat(),
            "deal_id": self.deal_id,
            "name": self.person.name,
            "email": self.person.email,
            "phone": self.phone,
            "slug": self.slug,
            "paymentMethod": self.payment,
        }
        return {name: fact for name, fact in facts.items() if fact is not None} | dict(self.values)
