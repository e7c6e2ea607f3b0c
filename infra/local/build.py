"""Builds the programs and lays each function's binary where template.yaml expects it."""

import os
import shutil
import subprocess
from pathlib import Path

from console import Fail
from settings import BUILT, ROOT
from template import Template


def cargo_build(*arguments: str) -> None:
    """Cargo's own progress and errors go straight to the terminal."""
    if subprocess.run(["cargo", "build", *arguments], cwd=ROOT, check=False).returncode:
        raise Fail("cargo build failed; its error stands above")


def stage(template: Template, binaries: Path, binary: str = "{name}") -> None:
    """Copies each function's binary to `.build/functions/<name>/bootstrap`, only where it changed."""
    for function in template.functions.values():
        source = binaries / binary.format(name=function.name)
        if not source.is_file():
            raise Fail(f"template.yaml names {function.name}, but there is no binary {source}")
        target = BUILT / function.name / "bootstrap"
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.is_file() or _stamp(source) != _stamp(target):
            # Beside the folders, so that nothing half copied is ever packaged; by process, as two stacks may build.
            fresh = BUILT.parent / f"{function.name}.{os.getpid()}"
            shutil.copy2(source, fresh)
            fresh.replace(target)


def _stamp(path: Path) -> tuple:
    found = path.stat()
    return found.st_size, found.st_mtime_ns
