"""`make test`: every check, one after another; the first one that fails is named and ends the run.

The end-to-end tests and those of the pages get stacks of their own (LOCAL_DIR=.local/test-1 and so on, their own ports,
stores in memory), so they neither see nor disturb the one that a person works with.
"""

import os
import shutil
import subprocess
import sys
import time

import pages
import toolbox
from console import Fail, fail, say
from settings import ROOT, TOOLS, VENV
from side_by_side import TestStack, end_to_end, run

_DENY = "0.20.2"


def main() -> int:
    try:
        toolbox.check_prerequisites()
        toolbox.ensure_venv()
        toolbox.continue_in_venv()
        started = time.monotonic()
        checks = [
            ("format", _format),
            ("lints", lambda: _cargo("clippy", "--workspace", "--all-targets", "--", "-D", "warnings")),
            ("licences, bans and sources of dependencies", _deny),
            ("template.yaml", lambda: run(str(VENV / "bin" / "cfn-lint"), "template.yaml")),
            ("Python tests", _python),
            ("unit and contract tests", lambda: _cargo("test", "--workspace", "--exclude", "e2e")),
            ("the browser and the types of the pages", _browser),
            ("end-to-end tests on stacks of their own", lambda: end_to_end(_test_environment() | {"DEMO": "0"})),
            ("the dashboard in a browser, over demo data", _pages),
        ]
        for number, (name, check) in enumerate(checks, 1):
            say(f"\n=== {number}/{len(checks)} {name}")
            begun = time.monotonic()
            try:
                check()
            except Fail as problem:
                raise Fail(f"step {number}/{len(checks)} ({name}): {problem}") from problem
            say(f"=== {number}/{len(checks)} {name}: ok in {time.monotonic() - begun:.0f} s")
        say(f"\nall {len(checks)} steps passed in {time.monotonic() - started:.0f} s")
        return 0
    except Fail as problem:
        return fail(problem)
    except KeyboardInterrupt:
        say()
        return 130


def _format() -> None:
    _cargo("fmt", "--all", "--check")


def _deny() -> None:
    """Advisories are left out: their database is on the network, and a new one must not fail yesterday's commit."""
    program = TOOLS / "tools" / "bin" / "cargo-deny"
    if not program.is_file() or _DENY not in _output(str(program), "--version"):
        say("installing cargo-deny into .local/tools (once, about three minutes)")
        _cargo(
            "install", "--locked", "--quiet", "--no-default-features", f"cargo-deny@{_DENY}",
            "--root", str(TOOLS / "tools"),
        )
    run(str(program), "--workspace", "check", "bans", "licenses", "sources")
    say("security advisories need the network and are not part of this: make audit")


def _python() -> None:
    for folder in ("infra/local/tests", "infra/demo"):
        if any((ROOT / folder).glob("test_*.py")):
            run(sys.executable, "-m", "unittest", "discover", "-s", folder, "-t", folder)


def _browser() -> None:
    """Chromium comes from Debian's packages; what drives it, from npm."""
    if not shutil.which("chromium"):
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise Fail("Chromium is missing: install it (Debian: apt-get install chromium) and run this again")
        run("apt-get", "update", "--quiet")
        run("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "chromium")
    pages.install_packages()
    run("npm", "run", "--silent", "--prefix", "functions/web", "check")


def _pages() -> None:
    """The pages are tested over the demo data, as a person meets them first."""
    stack = TestStack(_test_environment() | {"DEMO": "1"}, 3, [])
    try:
        stack.up()
        run("npm", "test", "--prefix", "functions/web", env=stack.of_stack())
    finally:
        stack.stack("down")


def _test_environment() -> dict:
    """The caller's environment without anything that would steer the stack elsewhere."""
    import neighbour_secrets
    from template import Template, variable

    dropped = {variable(name) for name in Template().parameters} | neighbour_secrets.variables()
    dropped |= {"MINISTACK_PORT", "SANDBOX_PORT", "GATE_PORT", "AWS_PROFILE"}
    env = {name: value for name, value in os.environ.items() if name not in dropped}
    port = env.get("TEST_PORT") or str(int(env.get("PORT") or 8080) + 100)
    return env | {"LOCAL_DIR": ".local/test", "PORT": port, "KEEP": "0"}


def _cargo(*arguments: str) -> None:
    run("cargo", *arguments)


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


if __name__ == "__main__":
    sys.exit(main())
