"""The forms that the system before this one received: those of its own time, and during the move some that both did.

Of a date they depend on that date alone. The old system's id is an imported lead's own: so both are known for one.
"""

import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Iterable

import school
from dice import Dice
from histories import MINUTE
from landing import PAYMENTS, from_ad
from lead import EXPRESS, PROFTEST, Lead
from teams import ACCOUNTS

# Of so many dates one has a form that the old system alone received, and another one that both did.
_EVERY = 3
# An order is called after the buyer whose page it came from, which is the slug; else after the course.
_ORDER = "expresscourse"
_MARK = "landing:"
_COPIED_AFTER = 10 * MINUTE
# Every so many copies do not say whose they are.
_NAMELESS = 10
# Their links are older than what ids would lead to.
_LINKS = {"names": 80, "campaign": 20}


def with_both(day: date, leads: Iterable[Lead]) -> list[Lead]:
    """The leads of a date; the one that both systems received has the old one's id."""
    leads = list(leads)
    if day.toordinal() % _EVERY == 0 and leads:
        place = Dice(f"both systems {day.isoformat()}").whole(0, len(leads) - 1)
        leads[place] = replace(leads[place], external_id=_mark(leads[place].external_id))
    return leads


def alone_on(day: date) -> list[Lead]:
    """The forms of a date that the old system alone received."""
    if day.toordinal() % _EVERY != 1:
        return []
    dice = Dice(f"old system {day.isoformat()}")
    team = dice.pick(list(ACCOUNTS))
    ad = dice.pick(school.ads(ACCOUNTS[team]))
    lead = from_ad(dice, f"demo-{day}-old", team, ad, day, _LINKS)
    if dice.happens(0.3):
        lead = replace(lead, form=EXPRESS, payment=dice.weighted(PAYMENTS))
    return [replace(lead, external_id=_mark(lead.external_id))]


def alone(now: int, first: date, last: date) -> list[Lead]:
    """Those from one date to another, without anything that lies after `now`."""
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return [lead for day in days for lead in alone_on(day) if lead.at <= now]


def is_there(lead: Lead) -> bool:
    """Whether the old system received it."""
    return lead.external_id.startswith(_MARK)


def row(lead: Lead) -> dict:
    """The lead as a row of `landing_leads`. Half of them have their UTM values in columns, half beside the form's own."""
    source = f"proftest_{lead.slug}" if lead.form == PROFTEST and lead.slug else None
    source = source or (PROFTEST if lead.form == PROFTEST else lead.slug or _ORDER)
    beside = {"paymentMethod": lead.payment} if lead.payment else {}
    in_columns = Dice(lead.external_id).happens(0.5)
    found = {
        "id": _id(lead),
        "name": lead.person.name,
        "email": lead.person.email,
        "phone": lead.phone,
        "source": source,
        "metadata": beside if in_columns else beside | dict(lead.values),
        "amocrm_lead_id": str(lead.deal_id) if lead.deal_id else None,
        "amocrm_synced": lead.deal_id is not None,
        "created_at": moment(lead.at),
    }
    return found | (dict(lead.values) if in_columns else {})


def copy(lead: Lead) -> dict:
    """Its copy in `unified_lead_tracking`."""
    original = row(lead)
    is_named = Dice(f"copy {lead.external_id}").whole(1, _NAMELESS) > 1
    return {
        "id": _uuid(f"copy {lead.external_id}"),
        "full_name": original["name"],
        "email": original["email"],
        "phone": original["phone"],
        "source": "landing",
        "source_campaign": original["source"],
        "source_lead_id": original["id"] if is_named else None,
        "created_at": moment(copied_at(lead)),
    }


def copied_at(lead: Lead) -> int:
    return lead.at + _COPIED_AFTER


def moment(at: int) -> str:
    """As its columns have it: UTC, and nothing says so."""
    return datetime.fromtimestamp(at, timezone.utc).replace(tzinfo=None).isoformat()


def _mark(name: str) -> str:
    return f"{_MARK}{_uuid(name)}"


def _id(lead: Lead) -> str:
    return lead.external_id.removeprefix(_MARK)


def _uuid(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))
