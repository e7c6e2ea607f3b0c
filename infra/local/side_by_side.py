"""The end-to-end tests, on two stacks side by side.

Many a test has its stack's amoCRM to itself and waits for the pauses that amoCRM's limits ask for, so one stack leaves
the machine idle half of the time. What must be true of all tests together is asked at the end, of the records that
the stacks leave.
"""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from console import Fail, say
from settings import ROOT, Settings

_HERE = Path(__file__).parent
# Tests whose names hold one of these run on the second stack: about half of the time of all.
_OF_SECOND = ("poll_", "proof_", "rebuild")
# What is true of all stacks together.
_OF_ALL = "every_"


class TestStack:
    """One of them, with its tests."""

    def __init__(self, env: dict, number: int, tests: list):
        folder = Path(env["LOCAL_DIR"])
        moved = {"LOCAL_DIR": str(folder.with_name(f"{folder.name}-{number}")), "PORT": str(int(env["PORT"]) + 10 * number)}
        self.env = env | moved
        self.settings = Settings.from_env(self.env)
        self._tests = tests

    @property
    def record(self) -> Path:
        return self.settings.local_dir / "record.json"

    def of_stack(self) -> dict:
        lines = self.settings.env_file.read_text().splitlines()
        return self.env | dict(line.split("=", 1) for line in lines)

    def stack(self, command: str) -> None:
        run(sys.executable, str(_HERE / "stack.py"), command, env=self.env)

    def up(self) -> None:
        """Started with an empty store. Logs of this run stay for whoever must read them."""
        self.stack("down")
        for name in ("state", "tmp", "logs"):
            shutil.rmtree(self.settings.local_dir / name, ignore_errors=True)
        for name in ("env", "demo-loaded"):
            (self.settings.local_dir / name).unlink(missing_ok=True)
        self.stack("up")

    def test(self) -> None:
        """Its part of the tests, what it must be left as, and its record."""
        env = self.of_stack()
        run("cargo", "test", "-p", "e2e", "--test", "it", "--", *self._tests, env=env)
        run("cargo", "test", "-p", "e2e", "--test", "rights", "--", "--skip", _OF_ALL, env=env)
        with open(self.record, "w") as record:
            run("cargo", "run", "--quiet", "-p", "e2e", "--example", "record", env=env, stdout=record)


def end_to_end(env: dict) -> None:
    """All of them."""
    skipped = [word for name in _OF_SECOND for word in ("--skip", name)]
    stacks = [TestStack(env, 1, skipped), TestStack(env, 2, list(_OF_SECOND))]
    run("cargo", "test", "-p", "e2e", "--no-run")
    run("cargo", "build", "-p", "e2e", "--example", "record")
    try:
        for stack in stacks:
            stack.up()
        with ThreadPoolExecutor() as side_by_side:
            done = [side_by_side.submit(stack.test) for stack in stacks]
        problems = [str(one.exception()) for one in done if one.exception()]
        if problems:
            raise Fail("; ".join(problems))
        records = os.pathsep.join(str(stack.record) for stack in stacks)
        run("cargo", "test", "-p", "e2e", "--test", "rights", "--", _OF_ALL, env=stacks[0].of_stack() | {"E2E_RECORDS": records})
    finally:
        for stack in stacks:
            stack.stack("down")


def run(*command: str, env: dict | None = None, stdout=None) -> None:
    """A command of the checks; its own output says what is wrong."""
    say(f"$ {' '.join(command).replace(f'{ROOT}/', '')}")
    if subprocess.run(command, cwd=ROOT, env=env, stdout=stdout, check=False).returncode:
        logs = f"; the stack's logs: {env['LOCAL_DIR']}/logs" if env and "LOCAL_DIR" in env else ""
        raise Fail(f"`{Path(command[0]).name} {' '.join(command[1:6])}` failed{logs}")
