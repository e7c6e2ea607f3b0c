"""What a person sees: numbered steps, one clear line per failure, never a traceback for what can be expected."""

import sys


# The steps of `make up`: tools, build, servers, deploy, health, demo data.
STEPS = 6


class Fail(Exception):
    """Ends the command with one clear line that says what to do."""


def step(number: int, total: int, text: str) -> None:
    print(f"[{number}/{total}] {text}", flush=True)


def say(text: str = "") -> None:
    print(text, flush=True)


def detail(text: str) -> None:
    print(f"      {text}", flush=True)


def fail(problem: Fail) -> int:
    print(f"\nfailed: {problem}", file=sys.stderr, flush=True)
    return 1
