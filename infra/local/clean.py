"""`make clean-data`: an empty store, whether the stack is up or down. Keys and passwords of the checkout stay."""

import shutil

from console import say
from lock import exclusive
from servers import Servers
from settings import Settings
from template import Template
from up import deploy, forget_demo


def clean(settings: Settings) -> None:
    with exclusive(settings):
        servers = Servers(settings)
        was_up = servers.any_running()
        servers.down()
        for directory in (settings.state, settings.local_dir / "tmp"):
            shutil.rmtree(directory, ignore_errors=True)
        settings.env_file.unlink(missing_ok=True)
        forget_demo(settings)
        if was_up:
            servers.up()
            deploy(settings, Template(), servers)
    state = "the stack is up and empty" if was_up else "the store is empty"
    say(f"{state}; the next make up loads the demo data")
