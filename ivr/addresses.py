"""Our own addresses as a provider is given them, and what of them comes back: `turn`, `asked`, `waited`, `task`.

…/ivr/<name>/call?turn=3&asked=1     an answer to turn 3: what was keyed, or silence
…/ivr/<name>/call?turn=3             turn 3 again, nothing asked
…/ivr/<name>/call?turn=3&waited=1    out of the queue
…/ivr/<name>/call?task=7             the first turn of the call that we placed as task 7
…/ivr/<name>/status?task=7           what became of it
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from ivr.fields import count


class Addresses:
    """The addresses of one dialect. `token` is shown in each where there is one."""

    def __init__(self, public_url: str, name: str, token: str = "") -> None:
        self._root = f"{public_url.rstrip('/')}/ivr/{name}"
        self._token = {"token": token} if token else {}

    def signed(self, hook: str, query: str) -> str:
        """The whole address of a webhook as it came, which its signature covers."""
        return f"{self._root}/{hook}" + (f"?{query}" if query else "")

    def answered(self, turn: int) -> str:
        """Where what was keyed is brought."""
        return self._call(turn=turn, asked=1)

    def again(self, turn: int) -> str:
        """Where we are asked again."""
        return self._call(turn=turn)

    def waited(self, turn: int) -> str:
        """Where we are asked what follows the queue."""
        return self._call(turn=turn, waited=1)

    def placed(self, task: int) -> str:
        """Where we are asked what to do in a call that we placed."""
        return self._call(task=task)

    def status(self, task: int) -> str:
        """Where we are told what became of a call that we placed."""
        return f"{self._root}/status?{urlencode({**self._token, 'task': task})}"

    def _call(self, **query: int) -> str:
        return f"{self._root}/call?{urlencode({**self._token, **query})}"


def turn_of(query: Mapping[str, Any]) -> int:
    """The number of the answer that led here, 0 for the first turn."""
    return count(query, "turn")


def asked_in(query: Mapping[str, Any]) -> bool:
    """Whether that answer asked for keys."""
    return query.get("asked") == "1"


def waited_in(query: Mapping[str, Any]) -> bool:
    """Whether that answer put the caller into a queue."""
    return query.get("waited") == "1"
