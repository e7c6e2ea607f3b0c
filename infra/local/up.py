"""`make up`: from whatever state the checkout is in to a healthy stack of the present sources."""

import subprocess
import sys

import envfile
import neighbour_secrets
from api import Api
from aws import Aws
from build import cargo_build, stage
from pages import stage_pages
from console import STEPS, Fail, detail, step
from deploy import Stack, parameter_values
from mail import ensure_sender
from processes import wait_until
from routes import Routes
from servers import Servers, answers
from settings import ROOT, TARGET, Settings
from template import Template
from users import ensure_users

_SEED = ROOT / "infra" / "demo" / "seed.py"


def up(settings: Settings) -> None:
    """Builds, starts, deploys, waits until healthy; loads demo data into a store that never had it."""
    template = Template()
    step(2, STEPS, "building the functions (the first build takes some minutes, later ones seconds)")
    cargo_build("--workspace", "--bins")
    stage(template, TARGET / "debug")
    stage_pages()
    step(3, STEPS, "starting the local AWS and the sandbox")
    servers = Servers(settings)
    servers.up()
    step(4, STEPS, "deploying template.yaml")
    stack = deploy(settings, template, servers)
    step(5, STEPS, f"waiting for {settings.base_url}/api/health")
    if not wait_until(lambda: answers(f"{settings.base_url}/api/health"), 60, 0.2):
        raise Fail(
            f"{settings.base_url}/api/health does not answer 200; make logs FUNCTION=health, "
            f"or the logs in {settings.shown(settings.logs)}"
        )
    step(6, STEPS, "demo data")
    _demo(settings, stack)
    servers.snapshot()


def deploy(settings: Settings, template: Template, servers: Servers) -> Stack:
    """Deploys to running servers and writes the env file."""
    aws = Aws(settings)
    stack = Stack(aws)
    changed = stack.deploy(template)
    detail("deployed" if changed else "nothing changed")
    parameters = parameter_values(template, settings)
    account = aws.client("sts").get_caller_identity()["Account"]
    api = Api(stack.processed_template(), account, stack.resources(), parameters)
    Routes(aws, api).sync()
    outputs = stack.outputs()
    users = ensure_users(aws, outputs["UserPoolId"], template.groups)
    ensure_sender(aws, parameters)
    neighbour_secrets.write(aws, outputs, parameters)
    servers.lead_front_door_to(api.id, api.cors())
    envfile.write(settings, outputs, users, parameters)
    return stack


def seed(settings: Settings) -> None:
    """Loads the demo data through the front door; safe to repeat."""
    Servers(settings).require_up()
    command = [sys.executable, str(_SEED), "--env", str(settings.env_file), *_left_alone(settings)]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise Fail("the demo data could not be loaded; load it again with: make seed")


def _left_alone(settings: Settings) -> list:
    """The demo's ads, deals and old rows are the sandbox's: they are no question for another Facebook, amoCRM or Supabase,
    nor with another's token."""
    stack = Stack(Aws(settings)).describe() or {}
    given = {parameter["ParameterKey"]: parameter["ParameterValue"] for parameter in stack.get("Parameters", [])}
    parts = [
        ("--no-spend", neighbour_secrets.FACEBOOK, "FacebookBaseUrl", "graph"),
        ("--no-amocrm", neighbour_secrets.AMOCRM, "AmocrmBaseUrl", "amocrm"),
        ("--no-old-databases", neighbour_secrets.SUPABASE, "SupabaseLandingUrl", "supabase/landing"),
        ("--no-old-databases", neighbour_secrets.SUPABASE, "SupabaseTripwireUrl", "supabase/tripwire"),
    ]
    alone = {
        option
        for option, neighbour, address, path in parts
        if given.get(address) != f"{settings.neighbours_url}/{path}" or neighbour.value() != neighbour.value({})
    }
    return sorted(alone)


def forget_demo(settings: Settings) -> None:
    _marker(settings).unlink(missing_ok=True)


def _demo(settings: Settings, stack: Stack) -> None:
    """The marker names the stack it is about: a stack made anew is a fresh store."""
    marker = _marker(settings)
    stack_id = (stack.describe() or {}).get("StackId", "")
    if marker.is_file() and marker.read_text() == stack_id:
        detail("loaded before (again: make seed)")
        return
    if settings.demo:
        seed(settings)
    else:
        detail("not wanted (DEMO=0)")
    marker.write_text(stack_id)


def _marker(settings: Settings):
    return settings.local_dir / "demo-loaded"
