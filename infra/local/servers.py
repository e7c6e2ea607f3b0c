"""The two servers of a stack: MiniStack (the local AWS) and the sandbox (front door and AWS gate)."""

import hashlib
import json
import os
import signal
import urllib.error
import urllib.request
from pathlib import Path

from console import Fail
from processes import Server, port_is_taken, wait_until
from secrets_file import Secrets
from settings import ACCESS_KEY, REGION, STACK_NAME, TARGET, Settings
from toolbox import REQUIREMENTS, python

_NAMES = {
    "PORT": "the front door",
    "MINISTACK_PORT": "the local AWS",
    "SANDBOX_PORT": "the sandbox's control",
    "GATE_PORT": "the AWS gate",
}


class Servers:
    """Starts what does not run, keeps what runs as it should, restarts what runs otherwise."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.ministack = self._server("ministack")
        self.sandbox = self._server("sandbox")

    def _server(self, name: str) -> Server:
        directory = self.settings.local_dir
        return Server(name, directory / f"{name}.pid", self.settings.logs / f"{name}.log")

    def up(self) -> None:
        s = self.settings
        for directory in (s.local_dir, s.logs, s.state, s.amocrm_state.parent, s.local_dir / "tmp"):
            directory.mkdir(parents=True, exist_ok=True)
        self._ensure(self.ministack, ["MINISTACK_PORT"], self._ministack_command(), self._ministack_env(), 30)
        self._ensure(self.sandbox, ["PORT", "SANDBOX_PORT", "GATE_PORT"], self._sandbox_command(), _base_env(), 5)
        self._await(self.ministack, f"{s.ministack_url}/_ministack/health")
        self._await(self.sandbox, f"{s.sandbox_url}/health")

    def down(self) -> None:
        # The front door first, so that nothing new comes in while MiniStack saves.
        self.sandbox.stop(5)
        self.ministack.stop(30)

    def any_running(self) -> bool:
        return any(server.running() is not None for server in (self.ministack, self.sandbox))

    def dead(self) -> Server | None:
        """A server that should run and does not."""
        return next((s for s in (self.ministack, self.sandbox) if s.running() is None), None)

    def require_up(self) -> None:
        if self.dead():
            raise Fail("the stack is not up; start it with: make up")

    def lead_front_door_to(self, api_id: str, cors: dict | None) -> None:
        request = urllib.request.Request(
            f"{self.settings.sandbox_url}/front",
            data=json.dumps({"api_id": api_id, "cors": cors}).encode(),
            headers={"content-type": "application/json"},
            method="PUT",
        )
        with _open(request):
            pass

    def snapshot(self) -> None:
        """Has MiniStack write its state down, if that is to be kept; see ministack_host.py."""
        self.ministack.signal(signal.SIGUSR1)

    def _ensure(self, server: Server, ports: list, command: list, env: dict, patience: float) -> None:
        config = {"digest": _digest(command, env)}
        running = server.running()
        if running == config:
            return
        server.stop(patience)
        taken = [name for name in ports if port_is_taken(self.settings.ports()[name])]
        if taken:
            name = taken[0]
            port = self.settings.ports()[name]
            raise Fail(
                f"port {port} ({_NAMES[name]}) is in use by another program; "
                f"stop that program, or choose other ports: make up PORT={self.settings.port + 1000}"
            )
        server.start(command, env, config)

    def _await(self, server: Server, url: str) -> None:
        if not wait_until(lambda: server.running() is None or answers(url), 60):
            raise Fail(f"{server.name} does not answer; its log: {self.settings.shown(server.log)}")
        if server.running() is None:
            raise Fail(f"{server.name} ended at once; its log: {self.settings.shown(server.log)}")

    def _ministack_command(self) -> list:
        return [str(python()), str(Path(__file__).parent / "ministack_host.py")]

    def _ministack_env(self) -> dict:
        s = self.settings
        return _base_env() | {
            "GATEWAY_PORT": str(s.ministack_port),
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_HOST": "localhost",
            "MINISTACK_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            # IAM is enforced, as it is in AWS; this key pair is the account's root.
            "AUTH": "true",
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": Secrets(s).admin_secret,
            # What the functions call instead of AWS.
            "AWS_ENDPOINT_URL": s.gate_url,
            "PERSIST_STATE": "1" if s.keep else "0",
            "STATE_DIR": str(s.state),
            "S3_PERSIST": "1" if s.keep else "0",
            "S3_DATA_DIR": str(s.state / "s3"),
            "TMPDIR": str(s.local_dir / "tmp"),
            "LAMBDA_EXECUTOR": "local",
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "DOCKER_HOST": "unix:///nowhere",
            "LOG_LEVEL": "WARNING",
        }

    def _sandbox_command(self) -> list:
        s = self.settings
        ports = {"front": s.port, "control": s.sandbox_port, "gate": s.gate_port, "ministack": s.ministack_port}
        arguments = [text for name, port in ports.items() for text in (f"--{name}", str(port))]
        kept = ["--amocrm-state", str(s.amocrm_state)]
        return [str(TARGET / "debug" / "sandbox"), *arguments, "--stack", STACK_NAME, *kept]


def _base_env() -> dict:
    """Little of the caller's environment: MiniStack hands its own on to every function."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TZ")
    return {name: os.environ[name] for name in kept if name in os.environ}


def _digest(command: list, env: dict) -> str:
    """Changes with everything a server is started from, its program's files included, and with nothing that it writes."""
    files = [os.stat(text) for text in [*command[:2], REQUIREMENTS] if os.path.isfile(text)]
    stamps = [(file.st_size, file.st_mtime_ns) for file in files]
    return hashlib.sha256(json.dumps([command, env, stamps], sort_keys=True).encode()).hexdigest()


def answers(url: str, status: int = 200) -> bool:
    try:
        with _open(url) as answer:
            return answer.status == status
    except urllib.error.HTTPError as error:
        return error.code == status
    except OSError:
        return False


def _open(request):
    # No proxy from the environment: these are all addresses on this machine.
    return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10)
