"""Where a stack lives and which ports it uses. Read once, from the environment that `make` passes on."""

import os
from dataclasses import dataclass
from pathlib import Path

from console import Fail

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".local"
VENV = TOOLS / "venv"
BUILT = ROOT / ".build" / "functions"

TARGET = ROOT / os.environ.get("CARGO_TARGET_DIR", "target")

STACK_NAME = "traffic"
REGION = "eu-central-1"
ACCESS_KEY = "local-admin"


@dataclass(frozen=True)
class Settings:
    """One stack: its folder, its ports, whether it wants demo data, and whether the store outlives it."""

    local_dir: Path
    port: int
    ministack_port: int
    sandbox_port: int
    gate_port: int
    demo: bool
    keep: bool

    @staticmethod
    def from_env(env=os.environ) -> "Settings":
        port = _port(env, "PORT", 8080)
        settings = Settings(
            local_dir=(ROOT / (env.get("LOCAL_DIR") or ".local")).resolve(),
            port=port,
            ministack_port=_port(env, "MINISTACK_PORT", port + 1),
            sandbox_port=_port(env, "SANDBOX_PORT", port + 2),
            gate_port=_port(env, "GATE_PORT", port + 3),
            demo=env.get("DEMO", "1") != "0",
            keep=env.get("KEEP", "1") != "0",
        )
        if len(set(settings.ports().values())) < len(settings.ports()):
            raise Fail("PORT, MINISTACK_PORT, SANDBOX_PORT and GATE_PORT must differ")
        return settings

    def ports(self) -> dict:
        return {
            "PORT": self.port,
            "MINISTACK_PORT": self.ministack_port,
            "SANDBOX_PORT": self.sandbox_port,
            "GATE_PORT": self.gate_port,
        }

    @property
    def base_url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def ministack_url(self) -> str:
        return f"http://localhost:{self.ministack_port}"

    @property
    def sandbox_url(self) -> str:
        return f"http://localhost:{self.sandbox_port}"

    @property
    def neighbours_url(self) -> str:
        """Where the sandbox plays the outside services; the functions call it."""
        return f"http://127.0.0.1:{self.sandbox_port}"

    @property
    def gate_url(self) -> str:
        return f"http://127.0.0.1:{self.gate_port}"

    @property
    def logs(self) -> Path:
        return self.local_dir / "logs"

    @property
    def state(self) -> Path:
        return self.local_dir / "state"

    @property
    def amocrm_state(self) -> Path:
        """The sandbox's amoCRM, kept where the tables are: neither knows the other's deals without it."""
        return self.state / "sandbox" / "amocrm.json"

    @property
    def env_file(self) -> Path:
        return self.local_dir / "env"

    def shown(self, path: Path) -> str:
        """A path as a person in the checkout would type it."""
        return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _port(env, name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Fail(f"{name}={text} is not a port; choose a number from 1 to 65535")
    return int(text)
