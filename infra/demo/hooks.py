"""From a step of a deal to the hook that amoCRM sends: a golden body of `events/` with other values in the same places.

A value that the golden body has no place for is an error, so every hook keeps a shape that was really seen.
"""

import re
from functools import cache
from pathlib import Path
from typing import Mapping, NamedTuple
from urllib.parse import quote_plus

import forms
from almaty import wall_clock
from deal import FUNNEL, SALES, TRAFFIC, UTM, Deal, Step

EVENTS = Path(__file__).resolve().parents[2] / "events"

PATHS = {
    SALES: "/api/amocrm/sales-webhook",
    FUNNEL: "/api/amocrm/funnel-sale",
    TRAFFIC: "/webhook/amocrm/traffic",
}

_FOLDERS = {SALES: "amocrm-sales-webhook", FUNNEL: "amocrm-funnel-sale", TRAFFIC: "amocrm-traffic"}

# (action, style) -> golden body
_SALES_BODIES = {
    ("status", "codes"): "won-utm-codes",
    ("status", "texts"): "won-text-fields",
    ("status", "link"): "won-utm-link",
    ("status", "plain"): "won-no-utm",
    ("update", "codes"): "update-utm-codes",
    ("add", "plain"): "new-deal",
    ("note", "plain"): "note",
}
_PRODUCT_BODIES = {
    ("status", "codes"): "{product}-won",
    ("status", "texts"): "{product}-text-fields",
    ("status", "link"): "{product}-utm-link",
    ("status", "plain"): "{product}-no-utm",
    ("update", "codes"): "{product}-update-utm-codes",
    ("add", "plain"): "{product}-add-price-0",
    ("delete", "plain"): "{product}-delete",
    ("restore", "plain"): "{product}-restore",
    ("dp", "plain"): "{product}-dp-status",
}
_PRODUCTS = {FUNNEL: "express", TRAFFIC: "flagship"}

# Text fields without a code, known by their names.
FIELD_NAMES = {
    "utm_source": "Источник трафика",
    "utm_medium": "Тип трафика",
    "utm_campaign": "Название кампании",
    "utm_term": "Ключевое слово",
}
LINK_FIELD = "Ссылка на сайт"

_LEAD_KEY = re.compile(r"leads\[\w+\]\[\d+\]")


class Hook(NamedTuple):
    lead_id: int
    at: int
    path: str
    body: bytes


def hooks(deal: Deal) -> list[Hook]:
    """What amoCRM sends about the deal, in the order in which it arrives."""
    sent = []
    for step in deal.steps:
        hook = Hook(deal.lead_id, step.at, PATHS[step.route], body(deal, step))
        sent += [hook] * step.copies
    return sent


def body(deal: Deal, step: Step) -> bytes:
    pairs, places = _read(golden_file(step))
    return forms.encode(_fill(pairs, _values(deal, step) | _utm_values(step, pairs, places)))


def golden_file(step: Step) -> Path:
    kind = (step.action, step.tags.style)
    if step.route == SALES:
        name = _SALES_BODIES[kind]
    else:
        name = _PRODUCT_BODIES[kind].format(product=_PRODUCTS[step.route])
    return EVENTS / _FOLDERS[step.route] / f"{name}.form"


@cache
def _read(path: Path):
    """The pairs of a golden body, and where the value of each custom field stands, by its code or else its name."""
    pairs = forms.decode(path.read_bytes())
    inside = {_LEAD_KEY.sub("", key, count=1): value for key, value in pairs}
    places = {}
    for key, value in inside.items():
        if field := re.fullmatch(r"(\[custom_fields\]\[\d+\])\[name\]", key):
            places[inside.get(f"{field[1]}[code]", value)] = f"{field[1]}[values][0][value]"
    return pairs, places


def _fill(pairs, values: dict[str, str]):
    """`values` by key inside the lead; a key that the body lacks is an error."""
    left = dict(values)
    filled = []
    for key, old in pairs:
        inside = _LEAD_KEY.sub("", key, count=1)
        filled.append((key, left.pop(inside, old) if inside != key else old))
    if left:
        raise KeyError(f"the golden body has no place for {sorted(left)}")
    return filled


def _values(deal: Deal, step: Step) -> dict[str, str]:
    lead = str(deal.lead_id)
    match step.action:
        case "note":
            return {
                "[note][id]": str(deal.lead_id + 50_000_000),
                "[note][element_id]": lead,
                "[note][created_by]": str(deal.owner),
                "[note][date_create]": wall_clock(step.at),
            }
        case "delete":
            return {"[id]": lead}
        case "dp":
            return {"[id]": lead, "[status_id]": str(step.stage), "[old_status_id]": str(step.old_stage)}
    values = {
        "[id]": lead,
        "[name]": f"Сделка #{deal.lead_id}",
        "[status_id]": str(step.stage),
        "[price]": str(step.price),
        "[responsible_user_id]": str(deal.owner),
        "[last_modified]": str(step.at),
        "[date_create]": str(deal.created_at),
    }
    if step.action == "restore":
        return values | {"[price]": ""}
    values |= {"[created_at]": str(deal.created_at), "[updated_at]": str(step.at)}
    if step.action == "status":
        values["[old_status_id]"] = str(step.old_stage)
    return values


def _utm_values(step: Step, pairs, places) -> dict[str, str]:
    utm = step.tags.values
    match step.tags.style:
        case "codes":
            return {places[name.upper()]: utm[name] for name in UTM}
        case "texts":
            return {places[name]: utm[key] for key, name in FIELD_NAMES.items()}
        case "link":
            place = places[LINK_FIELD]
            golden_link = next(value for key, value in pairs if key.endswith(place))
            return {place: f"{golden_link.partition('?')[0]}?{query(utm)}"}
        case _:
            return {}


def query(utm: Mapping[str, str]) -> str:
    """The UTM values of a link, escaped as amoCRM tells them."""
    return "&amp;".join(f"{name}={quote_plus(utm[name])}" for name in UTM if name in utm)
