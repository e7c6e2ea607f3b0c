"""`.local/env`: what tools need to talk to the running stack, as KEY=value lines that a shell can source."""

import re

from console import Fail
from secrets_file import Secrets
from settings import ACCESS_KEY, REGION, STACK_NAME, Settings
from template import variable
from users import ADMIN, TEAM

# Parameters that tools need to know, too.
_PARAMETERS = ("LandingOrigins",)
_PLAIN = re.compile(r"[A-Za-z0-9_@%+=:,./-]*")


def write(settings: Settings, outputs: dict, users: dict, parameters: dict) -> None:
    secrets = Secrets(settings)
    values = {
        "BASE_URL": settings.base_url,
        "AWS_ENDPOINT_URL": settings.ministack_url,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": secrets.admin_secret,
        "SANDBOX_URL": settings.sandbox_url,
        "STACK_NAME": STACK_NAME,
        "WEBHOOK_KEY": secrets.webhook_key,
    }
    for group, email in users.items():
        team = group.removeprefix(TEAM).upper().replace("-", "_")
        suffix = {"email": "ADMIN_EMAIL", "password": "ADMIN_PASSWORD"} if group == ADMIN else {
            "email": f"BUYER_EMAIL_{team}",
            "password": f"BUYER_PASSWORD_{team}",
        }
        values[suffix["email"]] = email
        values[suffix["password"]] = secrets.password(email)
    shared = (name for name in outputs if name.startswith(("Table", "Queue", "UserPool", "Secret")))
    values |= {variable(name): outputs[name] for name in shared}
    values |= {variable(name): parameters[name] for name in _PARAMETERS if name in parameters}
    odd = [name for name, value in values.items() if not _PLAIN.fullmatch(value)]
    if odd:
        raise Fail(f"{odd[0]} has a value that a shell would not take as it stands")
    fresh = settings.env_file.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    fresh.replace(settings.env_file)


def read(settings: Settings) -> dict:
    if not settings.env_file.is_file():
        raise Fail("there is no stack yet; start it with: make up")
    lines = settings.env_file.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)
