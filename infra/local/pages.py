"""Builds the dashboard's pages and lays them beside the binary of the function that serves them."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from console import Fail, detail
from settings import BUILT, ROOT

_WEB = ROOT / "functions" / "web"
# The types of the client come from the published document.
_DOCUMENT = ROOT / "functions" / "dashboard" / "openapi" / "openapi.json"
_INPUTS = ("index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", "site")
_GENERATED = _WEB / "site" / "api" / "schema.d.ts"


def install_packages() -> None:
    """What builds and tests the pages, as the lock file names it; again only when that changes."""
    wanted = _digest([_WEB / "package-lock.json"])
    stamp = _WEB / "node_modules" / ".installed"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    detail("installing the packages of functions/web (once, some seconds)")
    _npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(wanted)


def stage_pages() -> None:
    """Builds the pages where a source changed, and puts them to `.build/functions/web/site`."""
    wanted = _digest([_DOCUMENT, *(_WEB / name for name in _INPUTS)])
    stamp = BUILT.parent / "pages.built"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    install_packages()
    _npm("run", "--silent", "build")
    # Beside the folder, so that nothing half copied is ever packaged; by process, as two stacks may build.
    fresh = BUILT.parent / f"site.{os.getpid()}"
    shutil.copytree(_WEB / "dist", fresh)
    target = BUILT / "web" / "site"
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh.replace(target)
    stamp.write_text(wanted)


def _npm(*arguments: str) -> None:
    if subprocess.run(["npm", *arguments], cwd=_WEB, check=False).returncode:
        raise Fail(f"npm {arguments[0]} failed in functions/web; its error stands above")


def _digest(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and file != _GENERATED:
                digest.update(str(file.relative_to(ROOT)).encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
