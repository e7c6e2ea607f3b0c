"""amoCRM's form encoding, byte for byte as PHP writes it: brackets and `~` escaped, spaces as `+`.

`python3 infra/demo/forms.py FILE` prints a body as readable lines.
"""

import sys
from urllib.parse import quote_plus, unquote_plus

# Bytes that are no UTF-8 survive a round trip as lone surrogates.
_KEEP_BYTES = "surrogateescape"


def decode(body: bytes) -> list[tuple[str, str | None]]:
    """The pairs in their order; the value is None where the body has no `=`."""
    if not body:
        return []
    pairs = []
    for part in body.decode("ascii").split("&"):
        key, equals, value = part.partition("=")
        pairs.append((_unescape(key), _unescape(value) if equals else None))
    return pairs


def encode(pairs: list[tuple[str, str | None]]) -> bytes:
    parts = (_escape(key) if value is None else f"{_escape(key)}={_escape(value)}" for key, value in pairs)
    return "&".join(parts).encode("ascii")


def _escape(text: str) -> str:
    return quote_plus(text, safe="", errors=_KEEP_BYTES).replace("~", "%7E")


def _unescape(text: str) -> str:
    return unquote_plus(text, errors=_KEEP_BYTES)


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        for name, content in decode(file.read()):
            print(name if content is None else f"{name}={content}")
