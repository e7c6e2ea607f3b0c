"""Sends hooks to the front door, as amoCRM does. Several deals at a time, the hooks of one deal one after the other."""

import http.client
import json
import queue
import threading
import time
from collections import Counter
from typing import Callable, Iterable
from urllib.parse import quote, urlsplit

from hooks import Hook

TIMEOUT_SECONDS = 30

# Seconds before a hook is sent again that was refused for now, or put aside: amoCRM sends again, too. A local AWS with
# a quarter in it answers nothing for a moment whenever it copies its data.
PAUSES = (1, 2, 4, 8)


class Refused(Exception):
    """The front door cannot be reached, or an answer is not the one that amoCRM expects."""


class FrontDoor:
    """One connection that is kept open. Belongs to one thread."""

    def __init__(self, base_url: str, key: str):
        self._base = urlsplit(base_url)
        self._query = f"?key={quote(key, safe='')}"
        self._connection: http.client.HTTPConnection | None = None

    def post(self, hook: Hook) -> list[str]:
        """The outcome of each lead in the hook."""
        for pause in PAUSES:
            status, text = self._send(hook)
            if status != 503 and "queued" not in (outcomes := _outcomes(hook, status, text)):
                return outcomes
            time.sleep(pause)
        return _outcomes(hook, *self._send(hook))

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _send(self, hook: Hook) -> tuple[int, str]:
        reused = self._connection is not None
        try:
            return self._exchange(hook)
        except (http.client.HTTPException, ConnectionError):
            self.close()
            if not reused:
                raise
        # A kept connection may have been closed by the other side. The hook may go out twice: that is harmless.
        return self._exchange(hook)

    def _exchange(self, hook: Hook) -> tuple[int, str]:
        if self._connection is None:
            kind = http.client.HTTPSConnection if self._base.scheme == "https" else http.client.HTTPConnection
            self._connection = kind(self._base.hostname, self._base.port, timeout=TIMEOUT_SECONDS)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "amoCRM-WebHook-client/2.0"}
        self._connection.request("POST", self._base.path.rstrip("/") + hook.path + self._query, hook.body, headers)
        response = self._connection.getresponse()
        return response.status, response.read().decode("utf-8", "replace")


def _outcomes(hook: Hook, status: int, text: str) -> list[str]:
    if status != 200:
        raise Refused(f"{hook.path} answered {status} for deal {hook.lead_id}: {_one_line(text)}")
    try:
        return [result["outcome"] for result in json.loads(text)["results"]]
    except (ValueError, KeyError, TypeError):
        problem = f"{hook.path} answered 200 without results for deal {hook.lead_id}: {_one_line(text)}"
        raise Refused(problem) from None


def send_all(
    deals: Iterable[list[Hook]], base_url: str, key: str, workers: int, progress: Callable[[int], None]
) -> Counter:
    """Sends the hooks of all deals and counts the outcomes. Stops at the first refusal and raises it."""
    waiting: queue.SimpleQueue[list[Hook]] = queue.SimpleQueue()
    for deal in deals:
        waiting.put(deal)
    outcomes, refusals, lock, stop = Counter(), [], threading.Lock(), threading.Event()
    sent = 0

    def work() -> None:
        nonlocal sent
        door = FrontDoor(base_url, key)
        try:
            while not stop.is_set():
                for hook in waiting.get_nowait():
                    if stop.is_set():
                        return
                    found = door.post(hook)
                    with lock:
                        outcomes.update(found)
                        sent += 1
                        progress(sent)
        except queue.Empty:
            pass
        except (Refused, OSError, http.client.HTTPException) as problem:
            refusals.append(problem)
            stop.set()
        finally:
            door.close()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if refusals:
        problem = refusals[0]
        if isinstance(problem, Refused):
            raise problem
        raise Refused(f"cannot talk to {base_url}: {problem or type(problem).__name__}. Is the stack up?")
    return outcomes


def _one_line(text: str) -> str:
    try:
        text = json.loads(text)["message"]
    except (ValueError, KeyError, TypeError):
        pass
    return " ".join(str(text).split())[:200]
