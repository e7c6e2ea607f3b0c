"""Keys and passwords of this checkout: made once, kept in LOCAL_DIR, never printed except as demo logins."""

import hashlib
import json
import secrets
import string

from settings import Settings


class Secrets:
    """Reads what is there and adds what is missing."""

    def __init__(self, settings: Settings):
        self._path = settings.local_dir / "secrets.json"
        self._values = json.loads(self._path.read_text()) if self._path.is_file() else {}

    @property
    def webhook_key(self) -> str:
        return self._once("webhook_key", lambda: secrets.token_hex(32))

    @property
    def webhook_key_digest(self) -> str:
        return hashlib.sha256(self.webhook_key.encode()).hexdigest()

    @property
    def admin_secret(self) -> str:
        """The secret of MiniStack's own administrator."""
        return self._once("admin_secret", lambda: secrets.token_hex(20))

    def password(self, email: str) -> str:
        return self._once(f"password {email}", _password)

    def _once(self, name: str, make) -> str:
        if name not in self._values:
            self._values[name] = make()
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._path.with_suffix(".new")
            fresh.touch(mode=0o600)
            fresh.write_text(json.dumps(self._values, indent=2))
            fresh.replace(self._path)
        return self._values[name]


def _password() -> str:
    """Eighteen letters and digits with one of each kind: within the pool's policy, and nothing to quote in a shell."""
    alphabet = string.ascii_letters + string.digits
    while True:
        password = "".join(secrets.choice(alphabet) for _ in range(18))
        kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
        if all(any(letter in kind for letter in password) for kind in kinds):
            return password
