"""A conversation in plain text, replayed on the real channel code: what a person does, and what they read or hear.

    dials 13 on ussd in en          the phone, the service code's rest, the remembered language
    dials on ussd for the first time
    calls 37 on ivr in hi           by voice: what is said, sentence by sentence, and the keys that are pressed
    > 110001                        typed or keyed; "> " alone is silence
    < Enter your 6-digit PIN code.  what came back, line by line
    ends                            nothing more is expected
    hangs up · dials again · sends it again · 3 minutes later · the answer comes
    lpg is down · lpg is back · a deploy removes post_offices.pin

    texts MANDI 110001 ONION        an SMS to us; the lines with ~ are the SMS that the phone gets, after any step
    texts in hi: MANDI              the same from somebody whose language is remembered
    the text comes again            the gateway brings it once more

The lines with `<` and `~`, and `ends`, are what is checked, and what `pytest --rewrite` writes anew.
"""

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count

from flask import Flask

from app import create_app
from flows.engine.events import Event, Input, NoInput, Start
from flows.engine.run import Run
from flows.engine.wording import script_of
from flows.operations import Caller
from house import House
from sessions.late import Late
from sessions.runner import Edition
from tests.phone import Phone
from ussd.turn import DOOR

MSISDN = "+919876543210"
TODAY = date(2026, 11, 24)
TOKEN = "local"
_DIALS = re.compile(r"(dials|calls)(?: (\S+))? on (ussd|ivr) (?:in (\w+)|for the first time)")
_TEXTS = re.compile(r"texts(?: in (\w+):)? (.*)")
_LATER = re.compile(r"(\d+) (second|minute)s? later")
_FAULT = re.compile(r"(\w+) is (down|back)")
_REMOVED = re.compile(r"a deploy removes (\w+)\.(\w+)")


class NotATranscript(ValueError):
    """A line of a transcript that nobody can do; the message quotes it."""


@dataclass
class Clock:
    """Time as the transcript tells it, in Unix seconds."""

    at: int = 1_795_000_000

    def __call__(self) -> int:
        return self.at


@dataclass
class Desk:
    """Late requests, kept until the transcript says that the answer comes."""

    tokens: list[tuple[Late, str]] = field(default_factory=list)

    def __call__(self, late: Late, token: str, seconds: float) -> None:
        self.tokens.append((late, token))

    def finish(self) -> None:
        """Let every open request be answered."""
        for late, token in self.tokens:
            late.finish(token)
        self.tokens.clear()


@dataclass
class Conversation:
    """One person, one phone, one house."""

    house: House
    clock: Clock
    desk: Desk
    sandbox: str
    hurried: list[int] = field(default_factory=list)
    app: Flask = field(init=False)
    sessions: Iterator[int] = field(default_factory=lambda: count(1))
    session: int = 0
    typed: str = ""
    code: str = ""
    channel: str = "ussd"
    language: str = ""
    run: Run | None = None
    last: bytes = b""
    phone: Phone = field(init=False)
    repeat: Callable[[], bytes] | None = None

    def __post_init__(self) -> None:
        self.app = create_app(self.house)
        self.phone = Phone(MSISDN, self.house, self.app, self.sandbox, self.hurried)

    def replay(self, transcript: str) -> str:
        """The transcript as it went this time: the same words if nothing changed."""
        told: list[str] = []
        for line in transcript.splitlines():
            if line.startswith(("<", "~")) or line == "ends":
                continue
            told.append(line)
            if line and not line.startswith("#"):
                told += self.do(line)
                told += self.phone.new()
        return "\n".join(told).rstrip("\n") + "\n"

    def do(self, line: str) -> list[str]:
        """Do what one line says; gives what came back."""
        if line.startswith(">"):
            return self.answer(line[1:].strip())
        if dials := _DIALS.fullmatch(line):
            how, code, channel, language = dials.groups()
            assert (how == "calls") == (channel == "ivr"), f"one dials on ussd and calls on ivr: {line}"
            self.channel, self.code, self.language = channel, code or "", language or ""
            self.run = None
            if language:
                self._remember(language)
            return self.begin()
        if texts := _TEXTS.fullmatch(line):
            if texts[1]:
                self._remember(texts[1])
            self.phone.text(texts[2])
            return []
        if later := _LATER.fullmatch(line):
            self.clock.at += int(later[1]) * (60 if later[2] == "minute" else 1)
            return []
        if fault := _FAULT.fullmatch(line):
            self._control(fault[1], {"failure": "down" if fault[2] == "down" else ""})
            return []
        if removed := _REMOVED.fullmatch(line):
            self._deploy_without(removed[1], removed[2])
            return []
        match line:
            case "hangs up":
                return self.hang_up()
            case "dials again":
                self.code = ""
                return self.begin()
            case "sends it again":
                assert self.repeat is not None and self.repeat() == self.last, "a repeat got another answer"
                return []
            case "the answer comes":
                assert self.desk.tokens, "nothing was asked that could come late"
                self.desk.finish()
                return []
            case "the text comes again":
                self.phone.again()
                return []
        raise NotATranscript(f"nobody knows how to do this: {line}")

    # On a screen: Africa's Talking's wire, through the real web application.

    def begin(self) -> list[str]:
        """Dial or ring."""
        if self.channel == "ivr":
            inputs = tuple(part for part in self.code.split("*") if part)
            return self._hear(Start(f"run{next(self.sessions)}", "ivr", TODAY, language=self.language, inputs=inputs))
        self.session, self.typed = next(self.sessions), self.code
        return self._show()

    def answer(self, text: str) -> list[str]:
        """Type, key, or say nothing."""
        if self.channel == "ivr":
            return self._hear(Input(text, TODAY) if text else NoInput())
        self.typed = f"{self.typed}*{text}" if self.typed else text
        return self._show()

    def hang_up(self) -> list[str]:
        """The network ends the session."""
        if self.channel == "ussd":
            note = {"sessionId": f"s{self.session}", "phoneNumber": MSISDN, "status": "Incomplete"}
            answer = self.app.test_client().post(f"/ussd/africastalking?token={TOKEN}", data=note)
            assert answer.status_code == 200, answer.text
        return []

    def _show(self) -> list[str]:
        fields = {"sessionId": f"s{self.session}", "phoneNumber": MSISDN, "serviceCode": "*123#", "text": self.typed}

        def post() -> bytes:
            answer = self.app.test_client().post(f"/ussd/africastalking?token={TOKEN}", data=fields)
            assert answer.status_code == 200, answer.text
            return bytes(answer.data)

        self.repeat = post
        self.last = post()
        kind, _, text = self.last.decode().partition(" ")
        assert kind in ("CON", "END"), self.last
        return [f"< {line}" for line in text.split("\n")] + (["ends"] if kind == "END" else [])

    # By voice: the runner, and the sentences that will be spoken.

    def _hear(self, event: Event) -> list[str]:
        caller = Caller(self.house.keyring.pseudonym(MSISDN), MSISDN, "ivr")
        outcome = self.house.runner.turn(self.run, event, caller)
        self.run = outcome.run
        assert outcome.prompt is not None
        edition = self.house.runner.edition(self.run)
        script = script_of(outcome.prompt, edition.catalogue(self.run.language))
        return [f"< {sentence}" for sentence in script] + (["ends"] if outcome.prompt.final else [])

    # The world around.

    def _remember(self, language: str) -> None:
        pseudonym = self.house.keyring.pseudonym(MSISDN)
        key = b"l" + pseudonym
        version = self.house.store.load(key).version
        assert self.house.store.save(key, language.encode(), version, 3600)
        assert DOOR

    def _control(self, department: str, fault: dict[str, str]) -> None:
        request = urllib.request.Request(
            f"{self.sandbox}/_sandbox/{department}",
            data=json.dumps(fault).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=5) as answer:
            assert answer.status in (200, 204)

    def _deploy_without(self, flow: str, block: str) -> None:
        edition = self.house.runner.current
        before = edition.flows.by_name[flow]
        kept = {name: found for name, found in before.blocks.items() if name != block}
        after = replace(before, blocks=kept, start=next(iter(kept)))
        flows = replace(edition.flows, version="new", by_name={**edition.flows.by_name, flow: after})
        self.house.runner.current = Edition(flows, edition.catalogues)
        self.house.connection.ask("DEL", "flows")
