"""`make test`: every check, one after another; the first one that fails is named and ends the run.

The end-to-end tests and those of the pages get a stack of their own (LOCAL_DIR=.local/test, its own ports, a store in
memory), so they neither see nor disturb the one that a person works with.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pages
import toolbox
from console import Fail, fail, say
from settings import ROOT, TOOLS, VENV, Settings

_HERE = Path(__file__).parent
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
            ("template.yaml", lambda: _run(str(VENV / "bin" / "cfn-lint"), "template.yaml")),
            ("Python tests", _python),
            ("unit and contract tests", lambda: _cargo("test", "--workspace", "--exclude", "e2e")),
            ("the browser and the types of the pages", _browser),
            ("end-to-end tests on a stack of their own", _end_to_end),
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
    _run(str(program), "--workspace", "check", "bans", "licenses", "sources")
    say("security advisories need the network and are not part of this: make audit")


def _python() -> None:
    for folder in ("infra/local/tests", "infra/demo"):
        if any((ROOT / folder).glob("test_*.py")):
            _run(sys.executable, "-m", "unittest", "discover", "-s", folder, "-t", folder)


def _browser() -> None:
    """Chromium comes from Debian's packages; what drives it, from npm."""
    if not shutil.which("chromium"):
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise Fail("Chromium is missing: install it (Debian: apt-get install chromium) and run this again")
        _run("apt-get", "update", "--quiet")
        _run("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "chromium")
    pages.install_packages()
    _run("npm", "run", "--silent", "--prefix", "functions/web", "check")


def _end_to_end() -> None:
    _on_a_fresh_stack({"DEMO": "0"}, "cargo", "test", "-p", "e2e")


def _pages() -> None:
    """The pages are tested over the demo data, as a person meets them first."""
    _on_a_fresh_stack({"DEMO": "1"}, "npm", "test", "--prefix", "functions/web")


def _on_a_fresh_stack(wanted: dict, *command: str) -> None:
    env = _test_environment() | wanted
    settings = Settings.from_env(env)
    _stack("down", env)
    _keep_last_logs(settings)
    try:
        _stack("up", env)
        _run(*command, env=env | _read(settings.env_file))
    finally:
        _stack("down", env)
    shutil.rmtree(settings.local_dir / "state", ignore_errors=True)


def _test_environment() -> dict:
    """The caller's environment without anything that would steer the stack elsewhere."""
    import neighbour_secrets
    from template import Template, variable

    dropped = {variable(name) for name in Template().parameters} | neighbour_secrets.variables()
    dropped |= {"MINISTACK_PORT", "SANDBOX_PORT", "GATE_PORT", "AWS_PROFILE"}
    env = {name: value for name, value in os.environ.items() if name not in dropped}
    port = env.get("TEST_PORT") or str(int(env.get("PORT") or 8080) + 100)
    return env | {"LOCAL_DIR": ".local/test", "PORT": port, "KEEP": "0"}


def _keep_last_logs(settings: Settings) -> None:
    """A fresh store and fresh logs; the logs of this run stay for whoever must read them."""
    for name in ("state", "tmp", "logs"):
        shutil.rmtree(settings.local_dir / name, ignore_errors=True)
    for name in ("env", "demo-loaded"):
        (settings.local_dir / name).unlink(missing_ok=True)


def _read(path: Path) -> dict:
    return dict(line.split("=", 1) for line in path.read_text().splitlines())


def _stack(command: str, env: dict) -> None:
    _run(sys.executable, str(_HERE / "stack.py"), command, env=env)


def _cargo(*arguments: str) -> None:
    _run("cargo", *arguments)


def _run(*command: str, env: dict | None = None) -> None:
    say(f"$ {' '.join(command).replace(f'{ROOT}/', '')}")
    if subprocess.run(command, cwd=ROOT, env=env, check=False).returncode:
        logs = "; the stack's logs: .local/test/logs" if env else ""
        raise Fail(f"`{Path(command[0]).name} {' '.join(command[1:3])}` failed{logs}")


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


if __name__ == "__main__":
    sys.exit(main())
