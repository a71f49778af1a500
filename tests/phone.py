"""A phone's SMS in a conversation: what it sends to the real webhook, and what the sandbox's SMS centre has for it."""

import json
import urllib.request
from dataclasses import dataclass, field

from flask import Flask

from app import outbox
from house import House
from records.outbox import Outbox
from records.sweep import Sweeper

TOKEN = "local"


@dataclass
class Phone:
    """One phone. `hurried` are the tasks that the house wants done; they are done when the phone is looked at."""

    msisdn: str
    house: House
    app: Flask
    sandbox: str
    hurried: list[int]
    box: Outbox = field(init=False)
    sent: int = 0
    last: str = ""
    seen: int = 0

    def __post_init__(self) -> None:
        self.box = outbox(self.house)

    def text(self, text: str) -> None:
        """Send this text to us."""
        self.sent += 1
        self.last = text
        self.again()

    def again(self) -> None:
        """The gateway brings the text that was sent last."""
        told = {"ref": f"in-{self.sent}", "from": self.msisdn, "text": self.last}
        answer = self.app.test_client().post(f"/sms/sandbox/incoming?token={TOKEN}", json=told)
        assert (answer.status_code, answer.data) == (200, b""), answer.text

    def new(self) -> list[str]:
        """The texts that came since the phone was looked at last, line by line."""
        sweeper = Sweeper(self.box, self._do)
        while self.hurried or sweeper.sweep():
            while self.hurried:
                self._do(self.hurried.pop(0))
        with urllib.request.urlopen(f"{self.sandbox}/_sandbox/sms", timeout=5) as answer:
            came = [one["text"] for one in reversed(json.load(answer)) if one["to"] == self.msisdn]
        fresh, self.seen = came[self.seen :], len(came)
        return [f"~ {line}" for text in fresh for line in text.split("\n")]

    def _do(self, number: int) -> bool:
        self.box.deliver(number)
        return True
