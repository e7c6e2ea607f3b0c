"""The Facebook token of the local stack, in the secret that template.yaml makes empty.

Without variables it is the token of the sandbox's own world, so that `make up` without them goes back to the sandbox.
"""

import json
import os

from aws import Aws
from settings import ROOT

OUTPUT = "SecretFacebook"
_WORLD = ROOT / "infra" / "sandbox" / "worlds" / "school.json"


def write(aws: Aws, outputs: dict, env=os.environ) -> None:
    """Makes the secret hold the token; a stack without such a secret is left alone."""
    name = outputs.get(OUTPUT)
    if not name:
        return
    client = aws.client("secretsmanager")
    wanted = value(env)
    if _current(client, name) != wanted:
        client.put_secret_value(SecretId=name, SecretString=json.dumps(wanted))


def value(env=os.environ) -> dict:
    """Each part from its variable, else the sandbox's."""
    world = json.loads(_WORLD.read_text())
    ours = {
        "access_token": world["token"]["access_token"],
        "app_id": world["app"]["id"],
        "app_secret": world["app"]["secret"],
    }
    return {name: env.get(f"FACEBOOK_{name.upper()}") or default for name, default in ours.items()}


def _current(client, name: str) -> dict | None:
    try:
        return json.loads(client.get_secret_value(SecretId=name).get("SecretString") or "")
    except (client.exceptions.ResourceNotFoundException, ValueError):
        # Made empty, or never a token.
        return None
