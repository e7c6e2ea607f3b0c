"""amoCRM itself, where the sandbox plays it: it gets the deals that its hooks tell of, tells of its later changes by
itself, and is asked what its hooks did not tell.
"""

import json
from datetime import datetime, timedelta, timezone
from typing import Iterable
from urllib.parse import quote

from dashboard import ask
from deal import PIPELINE, SALES, UTM, Deal
from functions import Functions
from hooks import FIELD_NAMES, LINK_FIELD, PATHS, query

FUNCTION = "amocrm-poll"
# Deals in one call.
_CHUNK = 400
# What amoCRM tells of, by the names of its subscriptions.
_TOLD = ["add_lead", "update_lead", "status_lead", "delete_lead", "restore_lead"]
# A person's id is their deal's less this: below all that the sandbox has and gives.
_PEOPLE = 20_000_000
_LANDING = "https://example.org/express"
# Who has asked once asks for what changed since, and the month only when told so.
_MONTH = timedelta(days=30)


class NotRead(Exception):
    """amoCRM was not read to the end."""


def put(sandbox_url: str, deals: list[Deal], began: int) -> int:
    """Puts the deals and their people in as they stand; of how many something was other there. Those that are deleted
    went into the bin when the load began, as their hooks count from their arrival."""
    changed = 0
    for start in range(0, len(deals), _CHUNK):
        part = deals[start : start + _CHUNK]
        whole = {
            "contacts": [contact(deal) for deal in part if deal.forms],
            "leads": [lead(deal) for deal in part],
            "deleted": {str(deal.lead_id): began for deal in part if deal.standing().is_deleted},
        }
        answer = ask(sandbox_url.rstrip("/"), "/control/amocrm/leads", body=json.dumps(whole).encode(), method="PUT")
        changed += answer["changed"]
    return changed


def subscribe(sandbox_url: str, base_url: str, key: str) -> bool:
    """Has later changes told to the front door; whether they were not before."""
    sandbox_url, url = sandbox_url.rstrip("/"), f"{base_url.rstrip('/')}{PATHS[SALES]}?key={quote(key, safe='')}"
    settings = ask(sandbox_url, "/control/amocrm/settings")
    if (settings.get("hooks") or {}).get("url") == url:
        return False
    wanted = settings | {"hooks": {"url": url, "settings": _TOLD}}
    ask(sandbox_url, "/control/amocrm/settings", body=json.dumps(wanted).encode(), method="PUT")
    return True


def poll(functions: Functions, now: datetime | None = None) -> int:
    """Has amoCRM read; of how many things nobody had told."""
    answer = _poll(functions, {})
    healed = answer["healed"]
    if datetime.fromisoformat(answer["since"]) > (now or datetime.now(timezone.utc)) - _MONTH:
        healed += _poll(functions, {"window": "month"})["healed"]
    return healed


def lead(deal: Deal) -> dict:
    """The deal in the shape of a world."""
    standing = deal.standing()
    told = {
        "id": deal.lead_id,
        "name": f"Сделка #{deal.lead_id}",
        "price": standing.price,
        "responsible_user_id": deal.owner,
        "pipeline_id": PIPELINE,
        "status_id": standing.stage,
        "created_at": deal.created_at,
        "updated_at": standing.updated_at,
        "closed_at": standing.closed_at,
        "values": {name: value for style, utm in standing.values.items() for name, value in _fields(style, utm)},
        "contacts": [deal.lead_id - _PEOPLE] if deal.forms else [],
    }
    return {name: fact for name, fact in told.items() if fact is not None}


def contact(deal: Deal) -> dict:
    """Whose deal it is: who filled in the forms behind it."""
    person = deal.forms[0].person
    return {
        "id": deal.lead_id - _PEOPLE,
        "name": person.name,
        "created_at": deal.created_at,
        "values": {"PHONE": f"+7{person.digits}", "EMAIL": person.email},
    }


def _fields(style: str, utm) -> Iterable[tuple[str, str]]:
    match style:
        case "codes":
            return [(name.upper(), utm[name]) for name in UTM]
        case "texts":
            return [(name, utm[key]) for key, name in FIELD_NAMES.items()]
        case _:
            return [(LINK_FIELD, f"{_LANDING}?{query(utm)}")]


def _poll(functions: Functions, event: dict) -> dict:
    answer = functions.invoke(FUNCTION, event)
    if not answer.get("ok"):
        raise NotRead(answer.get("problem") or f"{FUNCTION} answered without a reason")
    return answer

