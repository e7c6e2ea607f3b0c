"""Background processes that outlive the command that started them, and are found again by the next one.

A pid alone may by now belong to somebody else, so a pid file keeps the start time too. Each server leads a process
group of its own; the functions that MiniStack starts are in MiniStack's group, so none can be left behind.
"""

import json
import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path


# Kept, because Python complains about a child that is forgotten before it ends, and ours are meant to go on.
_children = []


@dataclass(frozen=True)
class Process:
    pid: int
    group: int
    state: str
    started: str

    @property
    def alive(self) -> bool:
        return not self.state.startswith("Z")


@dataclass(frozen=True)
class Server:
    """A background process by name. `config` is the caller's note of what it was started with."""

    name: str
    pid_file: Path
    log: Path

    def running(self) -> dict | None:
        """What it was started with, or None when it does not run."""
        try:
            noted = json.loads(self.pid_file.read_text())
        except (OSError, ValueError):
            return None
        found = processes().get(noted["pid"])
        return noted["config"] if found and found.alive and found.started == noted["started"] else None

    def start(self, command: list, env: dict, config: dict) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as log:
            child = subprocess.Popen(
                command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        _children.append(child)
        noted = {"pid": child.pid, "started": processes()[child.pid].started, "config": config}
        self.pid_file.write_text(json.dumps(noted))

    def signal(self, number: int) -> None:
        os.kill(self._pid(), number)

    def stop(self, patience: float) -> None:
        """Asks it to end, waits, and then ends whatever is left of its group."""
        if not self.pid_file.is_file():
            return
        leader = self._pid()
        if self.running() is not None:
            os.kill(leader, signal.SIGTERM)
            wait_until(lambda: self.running() is None, patience)
        stranger = leader in processes() and self.running() is None and processes()[leader].alive
        if not stranger:
            _end_group(leader)
        self.pid_file.unlink(missing_ok=True)

    def _pid(self) -> int:
        return json.loads(self.pid_file.read_text())["pid"]


def _end_group(group: int) -> None:
    def members() -> list:
        return [p for p in processes().values() if p.group == group and p.alive]

    for number in (signal.SIGTERM, signal.SIGKILL):
        if not members():
            return
        os.killpg(group, number)
        wait_until(lambda: not members(), 5)


def processes() -> dict:
    """Every process by pid, from /proc or, where there is none, from ps."""
    if not Path("/proc/self/stat").exists():
        return _from_ps()
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = Path("/proc", entry, "stat").read_text(errors="replace")
            except OSError:
                continue
            # The name in brackets may hold spaces and brackets itself; count from the last one.
            fields = stat.rpartition(")")[2].split()
            found[int(entry)] = Process(int(entry), int(fields[2]), fields[0], fields[19])
    return found


def _from_ps() -> dict:
    listing = subprocess.run(
        ["ps", "-axo", "pid=,pgid=,stat=,lstart="], capture_output=True, text=True, check=True
    ).stdout
    rows = (line.split(None, 3) for line in listing.splitlines())
    return {int(pid): Process(int(pid), int(group), state, started) for pid, group, state, started in rows}


def wait_until(condition, patience: float, pause: float = 0.05) -> bool:
    """True as soon as the condition holds, False when it does not by the deadline."""
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def port_is_taken(port: int) -> bool:
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "0.0.0.0")):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                return True
    return False
