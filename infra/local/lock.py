"""One command at a time may change a stack; a second one waits and says so."""

import contextlib
import fcntl

from console import say
from settings import Settings


@contextlib.contextmanager
def exclusive(settings: Settings):
    settings.local_dir.mkdir(parents=True, exist_ok=True)
    with open(settings.local_dir / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another command on this stack to end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_held(settings: Settings) -> bool:
    """True while a command is changing the stack."""
    with open(settings.local_dir / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
