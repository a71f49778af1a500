"""Pretend callers: each reads its screen as a person does, answers it, and dials again when the line is dead.

What they are promised goes into their `Transaction`. A wish in a dialogue that was dropped and continued is the same
wish; in a dialogue that began anew it is another one.
"""

import random
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx

from bench.chaos_book import Owed, Transaction
from bench.chaos_carrier import Carrier, Handset, Screen

PATIENCE = 150.0
"""Seconds after which a caller gives up; then the transaction is unfinished."""
PIN = "4071"
DONE, DIAL = "done", "dial"
"""What a caller decides who keys nothing: that it is over, or to dial again."""
LATE = (
    r"(DEMO, not real\n)?(Refill booked\. Number \w+\. .*|A refill is already booked\. .*"
    r"|The answer to your question is ready\. .*|This service does not answer now\. .*|We do not know yet .*)"
)
PRICE = (
    r"(DEMO, not real\n)?(Mandi price at .*|No price .*|This service does not answer now\. .*|We do not know yet .*)"
)
OFFICE = r"Post office: .*"
_NUMBER = re.compile(r"(?:Refill booked|A refill is already booked)\. Number (\w+)")


@dataclass
class Caller:
    """Someone with a phone. `pins` are PIN codes with two to nine post offices; `inbox` gives the phone's texts."""

    carrier: Carrier
    inbox: Callable[[str], Sequence[str]]
    pins: Sequence[str]
    seed: str
    one: Transaction
    draw: random.Random = field(init=False)
    phone: Handset = field(init=False)
    asked_here: bool = False
    """Whether the wish was made in this dialogue already."""

    def __post_init__(self) -> None:
        self.draw = random.Random(f"{self.seed}:{self.one.serial}")
        self.phone = Handset(self.carrier, self.one.serial, self.one.msisdn, self.draw)

    def do(self) -> None:
        """Do what this caller came for."""
        what: Callable[[], bool] = getattr(self, self.one.kind)
        if what():
            self.one.ended = "done"

    # On a screen.

    def ussd_offer(self) -> bool:
        """Look a post office up, and have it sent."""
        pin = self.draw.choice(self.pins)
        owed = self.one.owe(OFFICE)
        code = self.draw.choice(("", "13", f"13*{pin}", f"13*{pin}*1"))
        return self._talk(code, lambda text: self._office(text, pin, owed))

    def _office(self, text: str, pin: str, owed: Owed) -> str:
        if "It will come by SMS." in text:
            owed.promise()
            return DONE
        if "1 Send by SMS" in text:
            self._wish(owed.wish)
            return "1"
        keys = {"Enter your 6-digit": pin, "Post offices for": "1", "Which service?": "1"}
        return next((key for words, key in keys.items() if words in text), DIAL)

    def help(self) -> bool:
        """Ask for a person."""

        def read(text: str) -> str:
            if "to talk to a person" in text:
                self.one.helps_told += 1
                return DONE
            if "Enter your 6-digit" in text or "Which service?" in text:
                self._wish(self._wish_help)
                return "09"
            return DIAL

        if self.draw.random() < 0.5:
            return self._talk("13", read)
        return self._talk("13*09", read, self._wish_help)  # all in one go: the wish is made with the dialling

    def _wish_help(self) -> None:
        self.one.helps_wished += 1

    def lpg(self) -> bool:
        """Book a refill; half of the callers hang up while it is still checked, the others have it sent."""
        owed = self.one.owe(LATE)
        leaves = self.draw.random() < 0.5
        return self._talk("37", lambda text: self._booking(text, owed, leaves))

    def _booking(self, text: str, owed: Owed, leaves: bool) -> str:
        self.one.told.update(_NUMBER.findall(text))
        if "It will come by SMS." in text:
            owed.promise()
            return DONE
        if "Still checking" in text:
            if leaves:
                owed.promise()
                self.phone.hang_up()
                return DONE
            self._think(0.5, 2.0)
            return "1"
        if "1 Send by SMS" in text:
            owed.wish()
            return "1"
        if "Book one refill" in text:
            self._wish(self._confirm)
            owed.wish()  # whoever does not see the answer gets it
            return "1"
        if "1 Try again" in text or "We do not know yet" in text:
            owed.wish()
            self._think(2.0, 6.0)
            return "1"
        keys = {"Do you agree?": "1", "To book your refill": "1", "Choose a PIN": PIN, "Enter the same PIN": PIN}
        keys |= {"Enter your Ghanti PIN": PIN, "Enter your 17-digit": self.one.lpg_id, "Keep this LPG ID": "2"}
        return next((key for words, key in keys.items() if words in text), DIAL)

    def _confirm(self) -> None:
        self.one.confirmed += 1

    def _wish(self, wish: Callable[[], None]) -> None:
        """Count a wish once in a dialogue, whatever is repeated there."""
        if not self.asked_here:
            wish()
            self.asked_here = True

    def _talk(self, code: str, read: Callable[[str], str], at_dialling: Callable[[], None] | None = None) -> bool:
        """Dial, read and answer until it is over; whether it came to that before the caller gave up."""
        until = time.monotonic() + PATIENCE
        screen, asked_before = self._dial(code, at_dialling), False
        while time.monotonic() < until:
            move = DIAL if screen is None else self._move(screen, read, asked_before)
            if move == DONE:
                return True
            if move == DIAL or screen is None or not screen.goes_on:
                asked_before = self.asked_here
                self._think(1.0, 4.0)
                screen = self._dial(code, at_dialling)
            else:
                self._think(0.1, 0.8)
                screen = self.phone.key(move)
        return False

    def _dial(self, code: str, at_dialling: Callable[[], None] | None) -> Screen | None:
        self.asked_here = False
        if at_dialling is not None:
            self._wish(at_dialling)
        return self.phone.dial(code)

    def _move(self, screen: Screen, read: Callable[[str], str], asked_before: bool) -> str:
        self.one.saw(screen.text)
        if "Continue w" in screen.text:
            self.asked_here = self.asked_here or asked_before
            return "1"
        move = read(screen.text)
        return "01" if move == DIAL and "01 More" in screen.text else move

    def _think(self, least: float, most: float) -> None:
        time.sleep(self.draw.uniform(least, most))

    # By SMS.

    def sms_one(self) -> bool:
        """The whole question in one text."""
        pin = self.draw.choice(self.pins)
        return self._text(f"POST {pin}", self.one.owe(f"Post offices for {pin}:.*"))

    def sms_price(self) -> bool:
        """A question whose answer comes late."""
        return self._text("MANDI 110001 ONION", self.one.owe(PRICE))

    def sms_pair(self) -> bool:
        """Two questions at the same moment; nobody knows which comes first."""
        pins = self.draw.sample(list(self.pins), 2)
        owed = [self.one.owe(f"Post offices for {pin}:.*") for pin in pins]
        with ThreadPoolExecutor(2) as both:
            return all(both.map(self._text, (f"POST {pin}" for pin in pins), owed))

    def sms_steps(self) -> bool:
        """One text after another, each when the answer to the one before is there."""
        pin = self.draw.choice(self.pins)
        steps = (("POST", r"Enter your 6-digit PIN code\."), (pin, f"Post offices for {pin}:.*"), ("1", OFFICE))
        return all(self._text(text, self.one.owe(answer)) and self._came(answer) for text, answer in steps)

    def _text(self, text: str, owed: Owed) -> bool:
        owed.wish()
        ref = f"chaos{self.one.serial}-{text}"
        acknowledged = self.carrier.sms(ref, self.one.msisdn, text, random.Random(f"{self.seed}:{ref}"))
        if acknowledged:
            owed.promise()
        return acknowledged

    def _came(self, pattern: str) -> bool:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self._think(0.5, 1.5)
            if any(re.fullmatch(pattern, text, re.DOTALL) for text in self.inbox(self.one.msisdn)):
                return True
        return False


MIX = {
    "ussd_offer": 30,
    "lpg": 25,
    "sms_one": 13,
    "sms_price": 8,
    "sms_steps": 8,
    "sms_pair": 4,
    "help": 12,
}
"""Kinds of transaction (methods of `Caller`) with their shares in hundred."""


def transactions(many: int, seed: str) -> list[Transaction]:
    """So many callers with numbers of their own, their kinds mixed as `MIX` says."""
    draw = random.Random(f"mix {seed}")
    kinds = [kind for kind, share in MIX.items() for _ in range(share)]
    # The shares are dealt out hundred by hundred, so that a small run has every kind too.
    dealt = [kinds[number % len(kinds)] for number in range(0, many * 7, 7)]
    draw.shuffle(dealt)
    return [
        Transaction(serial, kind, f"+919{800_000_000 + serial:09}", f"{70_000_000_000_000_000 + serial * 7:017}")
        for serial, kind in enumerate(dealt, 1)
    ]


def inbox_at(port: int) -> Callable[[str], Sequence[str]]:
    """The phone of a number, as the provider at this port knows it."""
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30.0, trust_env=False)

    def texts(to: str) -> Sequence[str]:
        found: list[str] = client.get("/phone", params={"to": to}).json()
        return found

    return texts
