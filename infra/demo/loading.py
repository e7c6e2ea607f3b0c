"""The steps of a load, each told in a line before and after. Which of them are made is the command's business."""

import time
from datetime import date
from pathlib import Path

import amocrm
import front_door
import intake
import old_databases
import spend
from dashboard import Admin, Unanswered
from deal import Deal
from functions import SETTINGS, Failed, Functions
from hooks import hooks
from lead import Lead

_LEADS_SHOWN = 5 * intake.A_CALL
_HOOKS_SHOWN = 250


class Stopped(Exception):
    """A step was not made to its end; the next ones are not to be made."""


class Load:
    """A load into the stack that the settings describe; they are those of the file `env`."""

    def __init__(self, settings: dict[str, str], env: Path):
        self._settings = settings
        self._env = env

    def spend(self, first: date, last: date) -> None:
        """Needs someone who may ask for it, and ads of the demo: another Facebook than the sandbox's has none."""
        if not {"ADMIN_EMAIL", "ADMIN_PASSWORD"} <= self._settings.keys():
            return _say(f"Spend is left alone ({self._env} names no admin)")
        _say(f"Pulling spend from {first} to {last}")
        watch = _Watch()
        try:
            names = ("BASE_URL", "ADMIN_EMAIL", "ADMIN_PASSWORD")
            rows = spend.pull(Admin(*(self._settings[name] for name in names)), first, last, _say)
        except (spend.NotPulled, Unanswered) as problem:
            raise Stopped(f"spend was not pulled, so no deal was sent: {problem}") from None
        _say(f"Pulled in {watch}: {rows} rows")

    def leads(self, leads: list[Lead]) -> None:
        """Leads come before the deals that are made of them. They need the key of the account: they have no door for it."""
        if missing := [name for name in SETTINGS if name not in self._settings]:
            return _say(f"Leads are left alone ({self._env} does not name {missing[0]})")
        _say(f"Taking in {len(leads)} leads")
        watch = _Watch()
        try:
            counts = intake.send(Functions(self._settings), leads, _progress(len(leads), _LEADS_SHOWN))
        except (intake.NotTaken, Failed) as problem:
            raise Stopped(f"leads were not taken in, so no deal was sent: {problem}") from None
        _say(f"Taken in {watch}: imported {counts['imported']}, known {counts['known']}")

    def hooks(self, deals: list[Deal], workers: int) -> None:
        """Through the front door, as amoCRM sends them."""
        batches = [hooks(deal) for deal in deals]
        total = sum(map(len, batches))
        base_url, key = self._settings["BASE_URL"], self._settings["WEBHOOK_KEY"]
        _say(f"Loading {total} hooks about {len(batches)} deals into {base_url}")
        watch = _Watch()
        try:
            outcomes = front_door.send_all(batches, base_url, key, workers, _progress(total, _HOOKS_SHOWN))
        except front_door.Refused as refusal:
            raise Stopped(str(refusal)) from None
        _say(f"Done in {watch}: {_counts(outcomes)}")
        if bad := {name: outcomes[name] for name in ("quarantined", "queued") if outcomes[name]}:
            raise Stopped(f"not every hook was taken in: {_counts(bad)}")

    def amocrm(self, deals: list[Deal], began: int) -> None:
        """After the hooks, so that only what these did not tell is news to whoever reads amoCRM."""
        _say("Reading amoCRM")
        watch, sandbox = _Watch(), self._settings["SANDBOX_URL"]
        try:
            changed = amocrm.put(sandbox, deals, began)
            amocrm.subscribe(sandbox, self._settings["BASE_URL"], self._settings["WEBHOOK_KEY"])
            healed = amocrm.poll(Functions(self._settings))
        except (amocrm.NotRead, Failed, Unanswered) as problem:
            raise Stopped(f"amoCRM was not read: {problem}") from None
        _say(f"Read in {watch}: {changed} of its people and deals were put in, {healed} changes found")

    def old_databases(self, tables: dict) -> None:
        """Last: of a deal that hooks told of, the old system says nothing new."""
        _say("Reading the old databases")
        watch = _Watch()
        try:
            rows = old_databases.put(self._settings["SANDBOX_URL"], tables)
            synced = old_databases.read(Functions(self._settings))
        except (old_databases.NotRead, Failed, Unanswered) as problem:
            raise Stopped(f"the old databases were not read: {problem}") from None
        _say(f"Read in {watch}: {rows} rows put in, {synced} are in the store")


class _Watch:
    """Since when; printed, how long that is."""

    def __init__(self):
        self._started = time.monotonic()

    def __str__(self) -> str:
        return f"{time.monotonic() - self._started:.1f} s"


def _progress(total: int, every: int):
    def progress(sent: int) -> None:
        if sent % every == 0 or sent == total:
            _say(f"  {sent}/{total}")

    return progress


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))


def _say(line: str) -> None:
    print(line, flush=True)
