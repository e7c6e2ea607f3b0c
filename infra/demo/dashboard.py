"""Asks the dashboard's own routes, as the admin, and the sandbox's control: JSON there and back."""

import json
import urllib.error
import urllib.request

TIMEOUT_SECONDS = 35

# A proxy of the environment is for the world outside; the stack is not.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Unanswered(Exception):
    """No usable answer. `status` is None where nobody answered at all."""

    def __init__(self, text: str, status: int | None = None):
        super().__init__(text)
        self.status = status


class Admin:
    """Someone who is signed in."""

    def __init__(self, base_url: str, email: str, password: str):
        self._base_url = base_url.rstrip("/")
        self._headers: dict[str, str] = {}
        token = self.post("/api/auth/login", {"email": email, "password": password}).get("access_token")
        if not token:
            raise Unanswered("/api/auth/login answered without a token")
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str) -> dict:
        return ask(self._base_url, path, self._headers)

    def post(self, path: str, body: dict) -> dict:
        return ask(self._base_url, path, self._headers, json.dumps(body).encode())


def ask(
    base_url: str, path: str, headers: dict | None = None, body: bytes | None = None, method: str | None = None
) -> dict:
    """GET, or POST where there is a body, unless it is to be another. A failure names the path without its query."""
    shown = path.partition("?")[0]
    headers = {"Content-Type": "application/json", **(headers or {})}
    request = urllib.request.Request(base_url + path, body, headers, method=method)
    try:
        with _OPENER.open(request, timeout=TIMEOUT_SECONDS) as response:
            answer = {} if response.status == 204 else json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            raise Unanswered(f"{shown} answered {error.code}{_message(error)}", error.code) from None
    except (OSError, urllib.error.URLError) as problem:
        reason = getattr(problem, "reason", None) or problem
        raise Unanswered(f"cannot talk to {base_url}: {reason}. Is the stack up?") from None
    except ValueError:
        raise Unanswered(f"{shown} answered what is no JSON") from None
    if not isinstance(answer, dict):
        raise Unanswered(f"{shown} answered JSON that is no object")
    return answer


def _message(error: urllib.error.HTTPError) -> str:
    try:
        return ": " + " ".join(str(json.load(error)["message"]).split())[:200]
    except (ValueError, KeyError, TypeError, OSError):
        return ""
