"""The business day.

A fixed offset, because time-zone data older than 2024 still has Almaty at UTC+6. It moved to UTC+5 on 1 March 2024,
long before any day that is seeded here.
"""

from datetime import date, datetime, time, timedelta, timezone

ALMATY = timezone(timedelta(hours=5), "Asia/Almaty")


def instant(day: date, seconds: int) -> int:
    """Unix seconds of a second of that day, counted from its midnight."""
    return int(datetime.combine(day, time(), ALMATY).timestamp()) + seconds


def day_of(at: int) -> date:
    return datetime.fromtimestamp(at, ALMATY).date()


def wall_clock(at: int) -> str:
    return datetime.fromtimestamp(at, ALMATY).strftime("%Y-%m-%d %H:%M:%S")
