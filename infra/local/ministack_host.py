"""MiniStack, with three additions: it writes its state to disk while it runs, not only when it ends in good order; it
checks the right to send mail as AWS does, on the sender's identity; and it reads an expression once, not for each item.

With the first, a `kill -9` or a machine that loses power costs the last few seconds and not the whole stack. SIGUSR1 asks for it
at once (`make up` does when it is done); otherwise it happens after calls came in, at most every INTERVAL seconds and
for at most one part in SHARE of the time.
Runs inside the venv, with everything else configured by MiniStack's own environment variables (servers.py).
"""

import asyncio
import functools
import logging
import signal
import threading
import time

from email.utils import parseaddr

from ministack import app
from ministack.core import iam_actions
from ministack.core.persistence import PERSIST_STATE, save_all
from ministack.services import dynamodb

INTERVAL = 15
SHARE = 20

_due = threading.Event()
_serve = app.app
_called = False


async def _noting(scope, receive, send) -> None:
    global _called
    _called = True
    await _serve(scope, receive, send)


def _copy() -> dict:
    """A copy of every service's state. Runs in the event loop, which also serves every call, so no call is half in it."""
    states = {}
    for name, get_state in app._build_persistence_save_dict().items():
        try:
            states[name] = get_state()
        except Exception:  # one service's trouble must not cost the others their snapshot
            logging.getLogger("persistence").exception("no snapshot of %s", name)
    return states


async def _copy_in_loop() -> dict:
    return _copy()


def _save_when_due() -> None:
    global _called
    pause = INTERVAL
    while True:
        asked = _due.wait(pause)
        if app._MAIN_LOOP is not None and (asked or _called):
            _due.clear()
            _called = False
            begun = time.monotonic()
            states = asyncio.run_coroutine_threadsafe(_copy_in_loop(), app._MAIN_LOOP).result()
            save_all({name: functools.partial(dict.copy, state) for name, state in states.items() if state})
            # Nothing is answered while it copies, and little while it writes: with much data, save less often.
            pause = max(INTERVAL, SHARE * (time.monotonic() - begun))


def _resource_of_mail(known):
    """MiniStack 1.5.33 checks sending on `*`, and would refuse a policy that names the sender's identity."""

    def arn(method: str, path: str, body: bytes, region: str, account_id: str) -> str:
        if method != "POST" or path.rstrip("/") != "/v2/email/outbound-emails":
            return known(method, path, body, region, account_id)
        sender = parseaddr(iam_actions._safe_json_field(body, "FromEmailAddress"))[1]
        return f"arn:aws:ses:{region}:{account_id}:identity/{sender}" if sender else "*"

    return arn


def _read_once(reads):
    """MiniStack 1.5.33 reads the text of a condition anew for every item that it tries, which was a third of its time."""
    known = functools.lru_cache(maxsize=4096)(reads)

    def of(*texts: str):
        found = known(*texts)
        return list(found) if isinstance(found, list) else found

    return of


dynamodb._tokenize = _read_once(dynamodb._tokenize)
dynamodb._condition_syntax_error = _read_once(dynamodb._condition_syntax_error)
iam_actions._ses_v2_resource_arn = _resource_of_mail(iam_actions._ses_v2_resource_arn)
signal.signal(signal.SIGUSR1, lambda _signal, _frame: _due.set())
if PERSIST_STATE:
    threading.Thread(target=_save_when_due, daemon=True).start()
app.app = _noting
app.main()
