"""What the dashboard must show after the load: its own arithmetic over the demo deals, from their steps alone.

It never reads a hook or an answer, and takes the team from the deal's intention, so it can disagree with the system.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Iterable

from almaty import day_of
from deal import FUNNEL, LOST, SALES, TRAFFIC, WON, Deal
from lead import EXPRESS, PROFTEST, Lead

LIST_PRICES = {"express": 5_000, "flagship": 490_000, "other": 0}
_ROUTE_PRODUCTS = {FUNNEL: "express", TRAFFIC: "flagship"}
_BY_PRICE = {5_000: "express", 490_000: "flagship"}


@dataclass(frozen=True)
class Sale:
    lead_id: int
    day: date
    product: str
    team: str | None
    amount: int
    active: bool
    # Its own values name nobody, and a form behind it does.
    told_by_a_lead: bool = False


def sale_of(deal: Deal) -> Sale | None:
    """The sale that a deal is; None where it never was one."""
    sold_at, active, route_product, price, team = None, False, None, 0, None
    for step in sorted(deal.steps, key=lambda step: step.at):
        if step.action == "note":
            continue
        price = step.price or price
        team = step.tags.team or team
        if step.action == "delete" or step.stage == LOST:
            active = False
            continue
        route_product = route_product or _ROUTE_PRODUCTS.get(step.route)
        is_sale = step.route != SALES or step.stage == WON
        if is_sale and not active:
            sold_at, active = step.at, True
    if sold_at is None:
        return None
    by_leads = None if team else next((form.team for form in deal.forms if form.team), None)
    product = route_product or _BY_PRICE.get(price, "other")
    amount = price or LIST_PRICES[product]
    return Sale(deal.lead_id, day_of(sold_at), product, team or by_leads, amount, active, by_leads is not None)


def expected(deals: Iterable[Deal], first: date, last: date) -> dict:
    """Counts and sums of the sales of a period. `count` and `revenue` leave out the cancelled ones.

    `told_by_leads` are the sales, cancelled or not, whose team a form behind the deal tells.
    """
    totals, products, teams, both = Counter(), _table(), _table(), defaultdict(_table)
    days, by_leads = _table(), 0
    for deal in deals:
        sale = sale_of(deal)
        if sale is None or not first <= sale.day <= last:
            continue
        by_leads += sale.told_by_a_lead
        team = sale.team or "unattributed"
        for row in (totals, products[sale.product], teams[team], both[sale.product][team], days[sale.day.isoformat()]):
            row["count" if sale.active else "cancelled"] += 1
            row["revenue" if sale.active else "cancelled_revenue"] += sale.amount
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "total": _row(totals),
        "by_product": _rows(products),
        "by_team": _rows(teams),
        "by_product_and_team": {product: _rows(rows) for product, rows in sorted(both.items())},
        "by_day": _rows(days),
        "told_by_leads": by_leads,
    }


def expected_leads(leads: Iterable[Lead], first: date, last: date) -> dict:
    """How many forms were filled in, each as often as it was."""
    totals, teams, days = Counter(), _table(), _table()
    both = defaultdict(_table)
    for lead in leads:
        day = day_of(lead.at)
        if not first <= day <= last:
            continue
        team = lead.team or "unattributed"
        for row in (totals, teams[team], days[day.isoformat()], both[team][day.isoformat()]):
            row["count"] += 1
            row[lead.form] += 1
    return {
        "total": totals["count"],
        "by_form": {form: totals[form] for form in (PROFTEST, EXPRESS)},
        "by_team": _lead_rows(teams),
        "by_day": _lead_rows(days),
        "by_team_and_day": {team: _lead_rows(rows) for team, rows in sorted(both.items())},
    }


def _lead_rows(table: dict) -> dict:
    return {key: {name: row[name] for name in ("count", PROFTEST, EXPRESS)} for key, row in sorted(table.items())}


def _table() -> defaultdict:
    return defaultdict(Counter)


def _rows(table: dict) -> dict:
    return {key: _row(row) for key, row in sorted(table.items())}


def _row(row: Counter) -> dict:
    return {name: row[name] for name in ("count", "revenue", "cancelled", "cancelled_revenue")}
