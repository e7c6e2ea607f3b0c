"""`make invoke`: one function, one sample event, its answer.

A `.json` file is a whole Lambda event. Any other file is a raw HTTP body, put into the event that API Gateway would
make of it on the function's own route. `{{NAME}}` in a `.json` file stands for that value of `.local/env`.
"""

import base64
import json
import os
import re
import time
import uuid
from pathlib import Path

import envfile
from aws import Aws
from console import Fail, say
from servers import Servers
from settings import ROOT, STACK_NAME, Settings
from template import Function, Template

EVENTS = ROOT / "events"
_CONTENT_TYPES = {".form": "application/x-www-form-urlencoded", ".jsonbody": "application/json"}


def invoke(settings: Settings, name: str, event: str) -> int:
    """Prints the answer; 1 when the function failed."""
    functions = Template().functions
    if name not in functions:
        known = ", ".join(sorted(functions))
        raise Fail(f"{f'there is no function {name!r}' if name else 'say FUNCTION=<name>'}; there are: {known}")
    path = find_event(name, event)
    Servers(settings).require_up()
    payload = read_event(path, functions[name], envfile.read(settings))
    answer = Aws(settings).client("lambda").invoke(
        FunctionName=f"{STACK_NAME}-{name}", Payload=payload, LogType="Tail"
    )
    result = json.loads(answer["Payload"].read() or b"null")
    if "FunctionError" in answer:
        say(f"the function failed ({answer['FunctionError']}):")
        say(_pretty(result))
        say(base64.b64decode(answer.get("LogResult", "")).decode(errors="replace").rstrip())
        return 1
    _show(result)
    return 0


def find_event(name: str, event: str) -> Path:
    """`funnel/one-team.json`, `events/funnel/one-team.json`, or just `one-team.json` of that function."""
    relative = event.removeprefix("events/")
    for path in (EVENTS / relative, EVENTS / name / relative):
        if relative and path.is_file() and path.resolve().is_relative_to(EVENTS):
            return path
    folder = EVENTS / name
    there = sorted(f"{name}/{path.name}" for path in folder.iterdir()) if folder.is_dir() else []
    asked = f"there is no event {event!r} under events/" if event else "say EVENT=<file under events/>"
    raise Fail(f"{asked}; for {name} there are: {', '.join(there) or 'none'}")


def read_event(path: Path, function: Function, env: dict) -> bytes:
    if path.suffix != ".json":
        return json.dumps(http_event(function, path, env["WEBHOOK_KEY"])).encode()
    text = re.sub(r"\{\{(\w+)\}\}", lambda found: _value(env, found[1], path), path.read_text())
    try:
        json.loads(text)
    except ValueError as error:
        raise Fail(f"{path.relative_to(ROOT)} is not JSON: {error}") from error
    return text.encode()


def http_event(function: Function, path: Path, key: str) -> dict:
    """API Gateway's HTTP API event, payload format 2.0. A form's body travels as base64, as it does there."""
    if not function.path:
        raise Fail(f"{function.name} has no HTTP route, so it takes only .json events")
    method = function.method.upper()
    content_type = _CONTENT_TYPES.get(path.suffix, "application/octet-stream")
    body = path.read_bytes()
    as_text = content_type == "application/json"
    now = time.time()
    return {
        "version": "2.0",
        "routeKey": f"{method} {function.path}",
        "rawPath": function.path,
        "rawQueryString": f"key={key}",
        "headers": {
            "content-type": content_type,
            "content-length": str(len(body)),
            "host": "localhost",
            "user-agent": "make-invoke",
            "x-forwarded-for": "127.0.0.1",
            "x-forwarded-proto": "http",
        },
        "queryStringParameters": {"key": key},
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "local",
            "domainName": "localhost",
            "domainPrefix": "localhost",
            "http": {
                "method": method,
                "path": function.path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "make-invoke",
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": f"{method} {function.path}",
            "stage": "$default",
            "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
            "timeEpoch": int(now * 1000),
        },
        "body": body.decode(errors="replace") if as_text else base64.b64encode(body).decode(),
        "isBase64Encoded": not as_text,
    }


def _value(env: dict, name: str, path: Path) -> str:
    value = env.get(name) or os.environ.get(name)
    if not value:
        raise Fail(f"{path.relative_to(ROOT)} wants {{{{{name}}}}}: neither .local/env nor the environment has it")
    return value


def _show(result) -> None:
    if not isinstance(result, dict) or "statusCode" not in result:
        say(_pretty(result))
        return
    say(f"HTTP {result['statusCode']}")
    for name, value in (result.get("headers") or {}).items():
        say(f"{name}: {value}")
    for cookie in result.get("cookies") or []:
        say(f"set-cookie: {cookie}")
    body = result.get("body") or ""
    if result.get("isBase64Encoded"):
        body = base64.b64decode(body).decode(errors="replace")
    say()
    try:
        say(_pretty(json.loads(body)))
    except ValueError:
        say(body)


def _pretty(value) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
