"""Invokes a function of the stack by its name, through Lambda's own API, as a person with the key of the account does.

Signed by hand (Signature Version 4): the seed runs under any Python, and only the checkout's own has the AWS library.
"""

import hashlib
import hmac
import http.client
import json
from datetime import datetime, timezone
from urllib.parse import urlsplit

# A call of some hundred leads takes seconds; the function itself may take five minutes.
TIMEOUT_SECONDS = 330

# What the env file has to name.
SETTINGS = ("AWS_ENDPOINT_URL", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "STACK_NAME")


class Failed(Exception):
    """The function was not reached, or has failed."""


class Functions:
    """The functions of the stack that the settings name."""

    def __init__(self, settings: dict[str, str]):
        self._settings = settings

    def invoke(self, name: str, event: dict) -> dict:
        """What the function answers. A failure tells the kind of it and nothing that stood in the event."""
        body = json.dumps(event, ensure_ascii=False).encode()
        path = f"/2015-03-31/functions/{self._settings['STACK_NAME']}-{name}/invocations"
        endpoint = urlsplit(self._settings["AWS_ENDPOINT_URL"])
        kind = http.client.HTTPSConnection if endpoint.scheme == "https" else http.client.HTTPConnection
        connection = kind(endpoint.hostname, endpoint.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request("POST", path, body, signed(self._settings, endpoint.netloc, path, body, _now()))
            response = connection.getresponse()
            answer = json.loads(response.read() or b"null")
        except (OSError, http.client.HTTPException) as problem:
            raise Failed(f"cannot talk to {endpoint.geturl()}: {problem}. Is the stack up?") from None
        except ValueError:
            raise Failed(f"{name} answered what is no JSON") from None
        finally:
            connection.close()
        if response.status != 200:
            raise Failed(f"{name} was not invoked: {response.status}")
        if response.getheader("X-Amz-Function-Error") or not isinstance(answer, dict) or "errorMessage" in answer:
            raise Failed(f"{name} failed: make logs FUNCTION={name}")
        return answer


def signed(settings: dict[str, str], host: str, path: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of a POST to Lambda with this body."""
    moment, digest = now.strftime("%Y%m%dT%H%M%SZ"), hashlib.sha256(body).hexdigest()
    headers = {"content-type": "application/json", "host": host, "x-amz-date": moment}
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    request = "\n".join(["POST", path, "", lines, names, digest])
    scope = [moment[:8], settings["AWS_REGION"], "lambda", "aws4_request"]
    to_sign = "\n".join(
        ["AWS4-HMAC-SHA256", moment, "/".join(scope), hashlib.sha256(request.encode()).hexdigest()]
    )
    key = f"AWS4{settings['AWS_SECRET_ACCESS_KEY']}".encode()
    for part in scope:
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    credential = f"{settings['AWS_ACCESS_KEY_ID']}/{'/'.join(scope)}"
    return headers | {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={signature}"
    }


def _now() -> datetime:
    return datetime.now(timezone.utc)
