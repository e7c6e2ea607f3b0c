"""The sales that the system before this one noted: some that hooks tell of too, and some from before them."""

import uuid
from datetime import date, timedelta

from deal import PIPELINE, WON, Deal
from ledger import sale_of
from old_leads import moment
from quarter import sold_on

EXPRESS, MAIN = "express_course_sales", "main_product_sales"
_TABLES = {"express": EXPRESS, "flagship": MAIN}
# One deal of every so many dates.
_EVERY = 8


# Of so many such dates one had a sale of the main product.
_MAIN_EVERY = 3


def rows(now: int, first: date, last: date) -> dict[str, list[dict]]:
    """By table, of the deals of these dates."""
    found = {table: [] for table in _TABLES.values()}
    for day in (first + timedelta(days=offset) for offset in range((last - first).days + 1)):
        if day.toordinal() % _EVERY == 0 and (deal := _chosen(day)) and deal.steps[-1].at <= now:
            table = _TABLES[sale_of(deal).product]
            found[table].append(_row(deal, table))
    return found


def _chosen(day: date) -> Deal | None:
    """One that was won and stayed so: the old system heard of nothing that came later. Nor of what no hook tells."""
    wanted = "flagship" if day.toordinal() // _EVERY % _MAIN_EVERY == 0 else "express"
    won = (deal for deal in sold_on(day) if deal.standing().stage == WON and not any(step.lost for step in deal.steps))
    return next((deal for deal in won if (sale := sale_of(deal)) and sale.active and sale.product == wanted), None)


def _row(deal: Deal, table: str) -> dict:
    standing = deal.standing()
    sold = moment(standing.closed_at)
    values = {name: value for utm in standing.values.values() for name, value in utm.items()}
    person = deal.forms[0].person if deal.forms else None
    return values | {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{table} {deal.lead_id}")),
        "deal_id": deal.lead_id,
        "pipeline_id": PIPELINE,
        "status_id": standing.stage,
        "amount": f"{standing.price}.00",
        "currency": "KZT",
        "customer_name": person and person.name,
        "phone": person and f"+7{person.digits}",
        "email": person and person.email,
        "sale_date": sold,
        "created_at": sold,
        "updated_at": sold,
        "webhook_received_at": sold,
        "raw_data": None,
    }
