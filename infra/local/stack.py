#!/usr/bin/env python3
"""The local stack: `stack.py up|down|deploy|seed|invoke|logs|rebuild|run|clean`. The Makefile calls it; README.md explains it.

Runs under the system's Python first, with nothing but the standard library, to check the machine and to install the
checkout's own tools; then the same command goes on inside the checkout's venv.
"""

import sys
import traceback

import toolbox
from console import STEPS, Fail, fail, say, step
from settings import TARGET, Settings

# What compiles, and so needs the whole machine; and what must work without installing anything.
_HEAVY = {"up", "run", "deploy"}
_LIGHT = {"down"}


def main(arguments: list) -> int:
    command, *rest = arguments or [""]
    try:
        if command not in COMMANDS:
            raise Fail(f"say one of: {', '.join(COMMANDS)}")
        settings = Settings.from_env()
        if command not in _LIGHT and not toolbox.in_venv():
            if command in ("up", "run"):
                step(1, STEPS, "checking tools")
            if command in _HEAVY:
                toolbox.check_prerequisites()
            toolbox.ensure_venv()
            toolbox.continue_in_venv()
        return COMMANDS[command](settings, rest) or 0
    except Fail as problem:
        return fail(problem)
    except KeyboardInterrupt:
        say()
        return 130
    except Exception as surprise:  # what nobody foresaw: one line for the person, the trace for who repairs it
        log = Settings.from_env().logs / "stack.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with open(log, "a") as out:
            traceback.print_exc(file=out)
        return fail(Fail(f"{type(surprise).__name__}: {surprise} (the trace: {log})"))


def _up(settings: Settings, _rest: list) -> None:
    from lock import exclusive
    from up import up

    with exclusive(settings):
        up(settings)
    say(f"\n{settings.base_url} is up; the rest is in {settings.shown(settings.env_file)}")


def _down(settings: Settings, _rest: list) -> None:
    from lock import exclusive
    from servers import Servers

    with exclusive(settings):
        Servers(settings).down()
    say("the stack is down; its data is kept" if settings.keep else "the stack is down")


def _deploy(settings: Settings, _rest: list) -> None:
    from build import cargo_build, stage
    from lock import exclusive
    from pages import stage_pages
    from servers import Servers
    from template import Template
    from up import deploy

    with exclusive(settings):
        servers = Servers(settings)
        servers.require_up()
        template = Template()
        cargo_build("--workspace", "--bins")
        stage(template, TARGET / "debug")
        stage_pages()
        deploy(settings, template, servers)


def _seed(settings: Settings, _rest: list) -> None:
    from up import seed

    seed(settings)


def _invoke(settings: Settings, rest: list) -> int:
    from invoke import invoke

    return invoke(settings, *(rest + ["", ""])[:2])


def _logs(settings: Settings, rest: list) -> None:
    from logs import logs

    logs(settings, rest[0] if rest else "")


def _rebuild(settings: Settings, rest: list) -> int:
    from rebuild import rebuild

    return rebuild(settings, *(rest + [""] * 4)[:4])


def _run(settings: Settings, _rest: list) -> int:
    from run import run

    return run(settings)


def _clean(settings: Settings, _rest: list) -> None:
    from clean import clean

    clean(settings)


COMMANDS = {
    "up": _up,
    "down": _down,
    "deploy": _deploy,
    "seed": _seed,
    "invoke": _invoke,
    "logs": _logs,
    "rebuild": _rebuild,
    "run": _run,
    "clean": _clean,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
