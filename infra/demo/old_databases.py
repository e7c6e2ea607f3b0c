"""The old system's databases, where the sandbox plays them: they get their rows, and are read."""

import json
from datetime import date, timedelta

import old_leads
import old_sales
from dashboard import ask
from functions import Functions
from lead import Lead
from quarter import DAYS

# Copies are read last: what comes first is kept, and a copy has no UTM values.
FUNCTIONS = ["landing-database", "proftest-database", "tripwire-database"]
# So many days before those of the demo the old system was alone, and noted sales.
ALONE, NOTED = 120, 48


class NotRead(Exception):
    """An old database was not read to the end."""


def leads(now: int, today: date, days: int = DAYS) -> list[Lead]:
    """The leads that are nowhere else."""
    return old_leads.alone(now, today - timedelta(days=days - 1 + ALONE), today)


def rows(now: int, today: date, imported: list[Lead], days: int = DAYS) -> dict[tuple[str, str], list[dict]]:
    """By database and table. `imported` are the leads that come another way; some of them are there too."""
    theirs = [*leads(now, today, days), *filter(old_leads.is_there, imported)]
    copies = [old_leads.copy(lead) for lead in theirs if old_leads.copied_at(lead) <= now]
    sales = old_sales.rows(now, today - timedelta(days=days - 1 + NOTED), today)
    return {
        ("landing", "landing_leads"): [old_leads.row(lead) for lead in theirs],
        **{("landing", table): found for table, found in sales.items()},
        ("tripwire", "unified_lead_tracking"): copies,
    }


def put(sandbox_url: str, tables: dict[tuple[str, str], list[dict]]) -> int:
    """Puts the rows in, instead of those with their ids; how many they are."""
    for (database, table), found in tables.items():
        body = json.dumps({"rows": found}).encode()
        ask(sandbox_url.rstrip("/"), f"/control/supabase/{database}/tables/{table}", body=body)
    return sum(map(len, tables.values()))


def read(functions: Functions) -> int:
    """Has all rows read; how many are in the store now."""
    synced = 0
    for name in FUNCTIONS:
        for table, report in sorted(functions.invoke(name, {"anew": True}).items()):
            if report["ended"] != "done":
                said = (report.get("problem") or {}).get("message")
                raise NotRead(f"{name} read {table} not to its end ({report['ended']}){f': {said}' if said else ''}")
            synced += report["synced"]
    return synced
