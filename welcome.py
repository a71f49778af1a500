"""What `make run` prints when all is ready: where to look, and lines to try."""

import json
import shlex

from settings import Settings


def address(settings: Settings) -> str:
    """The web server's address as seen from this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host and '[' not in host else host}:{settings.port}"


def welcome(settings: Settings) -> str:
    """What is printed when all is ready: a line for curl that dials, and the terminal's telephone."""
    here = address(settings)
    code = shlex.quote(f"serviceCode={settings.service_code}")
    token = "local" if settings.env == "development" else "YOUR-TOKEN"
    dial = f"-d sessionId=1 --data-urlencode phoneNumber=+919876543210 --data-urlencode {code}"
    texts = f"http://127.0.0.1:{settings.sandbox_port}/_sandbox/sms"
    text = json.dumps(
        {"msisdn": "+919876543210", "text": "POST 110011", "url": f"{here}/sms/sandbox/incoming?token={token}"}
    )
    return f"""
Ghanti is ready. Demo answers say so; the post offices are real, all of India's.

  Ready?     curl {here}/readyz
  Dial       curl '{here}/ussd/africastalking?token={token}' {dial} -d text=
  Answer     the same with text=2 (English), then text=2*1 (post offices), then text=2*1*110001 (a PIN code)
  At once    the same with another sessionId and text=13*110001
  SMS        curl {texts}/incoming -H 'Content-Type: application/json' -d '{text}'
  SMS got    curl {texts}
  Terminal   .venv/bin/python -m flows play

Ctrl-C ends it.
"""
