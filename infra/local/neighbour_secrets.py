"""What the outside services let us in with, in the secrets that template.yaml makes empty.

Each part comes from its variable, `AMOCRM_ACCESS_TOKEN` and so on, else from the sandbox's own world; so `make up`
without variables goes back to the sandbox.
"""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aws import Aws
from settings import ROOT, Settings

_WORLDS = ROOT / "infra" / "sandbox" / "worlds"


@dataclass(frozen=True)
class Neighbour:
    """One service's secret. Its required parts come from the sandbox where no variable gives them; its optional ones
    only where no variable gives any, for they belong to the account whose key stands beside them."""

    name: str
    required: tuple
    optional: tuple
    world: str
    ours: Callable[[dict], dict]
    # Functions renew it, for the service at the address in this parameter: what they wrote stays.
    renewed_at: str | None = None

    @property
    def output(self) -> str:
        return f"Secret{self.name.capitalize()}"

    def variables(self) -> dict:
        """The variable of each part."""
        return {part: f"{self.name}_{part}".upper() for part in (*self.required, *self.optional)}

    def value(self, env=os.environ) -> dict:
        """The secret that these variables want; a part that nobody gives is left out."""
        given = {part: env[name] for part, name in self.variables().items() if env.get(name)}
        ours = self.ours(json.loads((_WORLDS / self.world).read_text()))
        kept = self.required if given else ours
        return {part: value for part, value in ours.items() if part in kept} | given


FACEBOOK = Neighbour(
    "facebook", ("access_token", "app_id", "app_secret"), (), "school.json",
    lambda world: {
        "access_token": world["token"]["access_token"],
        "app_id": world["app"]["id"],
        "app_secret": world["app"]["secret"],
    },
)
AMOCRM = Neighbour(
    "amocrm", ("access_token",), ("refresh_token", "client_id", "client_secret", "redirect_uri"), "amocrm.json",
    lambda world: {"access_token": world["tokens"]["long_lived"][0]},
    renewed_at="AmocrmBaseUrl",
)
TELEGRAM = Neighbour(
    "telegram", ("bot_token", "chat_id"), (), "telegram.json",
    lambda world: {"bot_token": world["token"], "chat_id": str(world["chats"][0]["id"])},
)
SMS = Neighbour(
    "sms", ("api_key",), ("from",), "sms.json",
    lambda world: {"api_key": world["api_key"], "from": world["senders"][0]},
)
SUPABASE = Neighbour(
    "supabase", (), ("landing_key", "tripwire_key"), "supabase.json",
    lambda world: {f"{name}_key": world[name]["key"] for name in ("landing", "tripwire")},
)
OPENAI = Neighbour(
    "openai", ("api_key",), (), "openai.json",
    lambda world: {"api_key": world["api_key"]},
)
NEIGHBOURS = (FACEBOOK, AMOCRM, TELEGRAM, SMS, SUPABASE, OPENAI)


def variables() -> set:
    """Every variable that sets a part of a secret."""
    return {name for neighbour in NEIGHBOURS for name in neighbour.variables().values()}


def write(aws: Aws, outputs: dict, parameters: dict, env=os.environ) -> None:
    """Makes the stack's secrets hold what is wanted; a secret that the stack does not have is left alone."""
    for neighbour in NEIGHBOURS:
        if neighbour.output in outputs:
            _write(aws, neighbour, outputs[neighbour.output], parameters, neighbour.value(env))


def _write(aws: Aws, neighbour: Neighbour, name: str, parameters: dict, wanted: dict) -> None:
    client = aws.client("secretsmanager")
    current = _current(client, name)
    if neighbour.renewed_at:
        last = _last_written(aws.settings, neighbour)
        mark = _mark(wanted, parameters.get(neighbour.renewed_at))
        same = current is not None and last.is_file() and last.read_text() == mark
    else:
        same = current == wanted
    if same:
        return
    client.put_secret_value(SecretId=name, SecretString=json.dumps(wanted))
    if neighbour.renewed_at:
        last.parent.mkdir(parents=True, exist_ok=True)
        last.write_text(mark)


def _last_written(settings: Settings, neighbour: Neighbour) -> Path:
    return settings.local_dir / f"{neighbour.name}-secret.sha256"


def _mark(wanted: dict, address: str | None) -> str:
    """Tells two secrets apart without holding either."""
    return hashlib.sha256(json.dumps([wanted, address], sort_keys=True).encode()).hexdigest()


def _current(client, name: str) -> dict | None:
    """None for a secret that was made empty, or holds something else than a neighbour's parts."""
    try:
        value = json.loads(client.get_secret_value(SecretId=name).get("SecretString") or "")
    except (client.exceptions.ResourceNotFoundException, ValueError):
        return None
    return value if isinstance(value, dict) and value else None
