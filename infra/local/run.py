"""`make run`: the stack in the foreground until Ctrl-C."""

import signal
import time

import envfile
import lock
from console import Fail, say
from lock import exclusive
from servers import Servers
from settings import Settings
from up import up

_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_EXAMPLE = "events/amocrm-sales-webhook/won-flagship.form"


def run(settings: Settings) -> int:
    for number in _ENDINGS:
        signal.signal(number, _interrupt)
    servers = Servers(settings)
    problem = None
    try:
        with exclusive(settings):
            up(settings)
        _banner(settings)
        problem = _watch(settings, servers)
    except KeyboardInterrupt:
        say("\nstopping")
    finally:
        # A second Ctrl-C must not leave half a stack behind.
        for number in _ENDINGS:
            signal.signal(number, signal.SIG_IGN)
        with exclusive(settings):
            servers.down()
    if problem:
        raise problem
    say("the stack is down; its data is kept")
    return 0


def _interrupt(_signal, _frame):
    raise KeyboardInterrupt


def _watch(settings: Settings, servers: Servers) -> Fail | None:
    """Stays until Ctrl-C, or until a server ends that no other command is restarting."""
    while True:
        time.sleep(1)
        dead = servers.dead()
        if dead and not lock.is_held(settings):
            return Fail(f"{dead.name} ended by itself; its log: {settings.shown(dead.log)}")


def _banner(settings: Settings) -> None:
    env = envfile.read(settings)
    file = settings.shown(settings.env_file)
    logins = {name: value for name, value in env.items() if "_EMAIL" in name}
    say(f"""
Traffic Dashboard is up at {settings.base_url}

Try it in another terminal:
  . {file}
  curl "$BASE_URL/api/amocrm/sales-webhook?key=$WEBHOOK_KEY" --data-binary @{_EXAMPLE}
  TOKEN=$(curl -s "$BASE_URL/api/auth/login" -H 'content-type: application/json' \\
    -d "{{\\"email\\":\\"$ADMIN_EMAIL\\",\\"password\\":\\"$ADMIN_PASSWORD\\"}}" | sed 's/.*"access_token": *"\\([^"]*\\)".*/\\1/')
  curl "$BASE_URL/api/traffic-dashboard/funnel" -H "authorization: Bearer $TOKEN"
  make logs

Demo logins:""")
    width = max(len(email) for email in logins.values())
    for name, email in logins.items():
        say(f"  {email:<{width}}  {env[name.replace('EMAIL', 'PASSWORD', 1)]}")
    say("\nCtrl-C stops it; the data is kept (make clean-data removes it).")
