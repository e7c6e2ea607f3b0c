"""What the machine must have, and what the checkout installs for itself."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from console import Fail, detail
from settings import VENV

REQUIREMENTS = Path(__file__).parent / "requirements.txt"
DEPLOY_REQUIREMENTS = Path(__file__).parent / "requirements-deploy.txt"
OLDEST_NODE = 20


def check_prerequisites() -> None:
    """Names everything that is missing at once, each with the way to get it."""
    missing = []
    if sys.version_info < (3, 10):
        missing.append(
            f"Python 3.10 or newer is needed, this is {sys.version.split()[0]}: https://www.python.org/downloads/"
        )
    if subprocess.run([sys.executable, "-c", "import venv, ensurepip"], capture_output=True, check=False).returncode:
        missing.append("Python's venv module is missing: apt-get install python3-venv")
    if shutil.which("cargo") is None:
        missing.append("Rust (cargo) is missing: https://rustup.rs")
    if shutil.which("cc") is None:
        missing.append("a C compiler (cc) is missing, Rust links with it: apt-get install build-essential")
    version = _node_version()
    if version is None:
        missing.append(f"Node {OLDEST_NODE} or newer is missing: https://nodejs.org/en/download")
    elif version < OLDEST_NODE:
        missing.append(f"Node {OLDEST_NODE} or newer is needed, this is {version}: https://nodejs.org/en/download")
    if missing:
        raise Fail("; ".join(missing))


def _node_version():
    try:
        text = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
        return int(text.strip().lstrip("v").split(".")[0])
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None


def ensure_venv(requirements: Path = REQUIREMENTS) -> None:
    """Installs pinned tools into the checkout, again only when the pins change."""
    wanted = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
    stamp = VENV / f"{requirements.stem}.installed"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    detail(f"installing {requirements.name} into .local/venv (once, about a minute)")
    log = VENV.parent / "logs" / "pip.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    pip = [str(python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(requirements)]
    with open(log, "w") as out:
        steps = [[sys.executable, "-m", "venv", "--clear", str(VENV)]] if requirements == REQUIREMENTS else []
        for command in [*steps, pip]:
            if subprocess.run(command, stdout=out, stderr=out, check=False).returncode:
                raise Fail(f"cannot install {requirements.name}; is the network there? The log: {log}")
    stamp.write_text(wanted)


def python() -> Path:
    return VENV / "bin" / "python"


def in_venv() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def continue_in_venv() -> None:
    """Replaces this process by the same command under the checkout's Python, which has boto3."""
    if not in_venv():
        sys.stdout.flush()
        os.execv(python(), [str(python()), *sys.argv])
