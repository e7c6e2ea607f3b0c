"""`make logs`: the last lines that the functions wrote, oldest first, from the local CloudWatch Logs."""

import os
import time

from aws import Aws
from console import Fail, say
from servers import Servers
from settings import STACK_NAME, Settings
from template import Template

# The runtime's own lines say nothing that the functions' lines do not.
_RUNTIME = ("START RequestId", "END RequestId", "REPORT RequestId")
_PREFIX = f"/aws/lambda/{STACK_NAME}-"


def logs(settings: Settings, name: str, env=os.environ) -> None:
    functions = Template().functions
    if name and name not in functions:
        raise Fail(f"there is no function {name!r}; there are: {', '.join(sorted(functions))}")
    Servers(settings).require_up()
    client = Aws(settings).client("logs")
    names = [name] if name else sorted(functions)
    lines = int(env.get("LINES_SHOWN") or 50)
    shown = _read(client, names, 0)
    for event in shown[-lines:]:
        _print(event)
    if not shown:
        say("no log lines yet")
    while env.get("FOLLOW", "0") != "0":
        time.sleep(1)
        since = shown[-1]["timestamp"] if shown else 0
        seen = {event["identity"] for event in shown}
        fresh = [event for event in _read(client, names, since) if event["identity"] not in seen]
        for event in fresh:
            _print(event)
        shown = [event for event in shown if event["timestamp"] == since] + fresh


def _read(client, names: list, since: int) -> list:
    found = []
    for name in names:
        pages = client.get_paginator("filter_log_events").paginate(
            logGroupName=_PREFIX + name, startTime=since, PaginationConfig={"PageSize": 10_000}
        )
        try:
            events = [event for page in pages for event in page["events"]]
        except client.exceptions.ResourceNotFoundException:
            continue  # a function that was never called has no log
        for event in events:
            identity = (event["logStreamName"], event["timestamp"], event["message"])
            found.append(event | {"function": name, "identity": identity})
    return sorted(
        (event for event in found if not event["message"].startswith(_RUNTIME)), key=lambda event: event["timestamp"]
    )


def _print(event: dict) -> None:
    clock = time.strftime("%H:%M:%S", time.localtime(event["timestamp"] / 1000))
    say(f"{clock} {event['function']}: {event['message'].rstrip()}")
