"""`python -m flows check | play | draw | words | schema`: an entry point that knows what lies above the flows.

check                     prove every flow, in every language, on every channel, and print what an answer costs
play [FLOW or CODE] …     a conversation in the terminal, on any channel and in any language
draw FLOW [--svg FILE]    the flow as Mermaid, or as an SVG picture
words [--update]          how much of each language there is; --update writes the PO files anew
schema                    the JSON Schema of the flow format, for editors
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from secrets import token_urlsafe
from threading import Thread
from time import time
from typing import TypeVar
from urllib.parse import urlsplit

from flows import checking, draw, schema, words
from flows.engine.effects import Prompt, Request
from flows.engine.events import Start
from flows.engine.lint import check, costs
from flows.engine.wording import Catalogue
from flows.library import FLOWS, Library, load, read_sources
from flows.operations import Answer, Caller
from flows.play import Player
from records.callers import CallerRecord
from records.operations import CallerOperations
from services.assemble import assemble
from services.configuration import ServiceSettings, UpstreamSettings
from services.perform import Services
from services.sandbox.server import create_sandbox, running
from sessions.runner import Edition, Runner
from sms.expected import expected
from sms.parts import parts
from sms.template_files import FOLDER as TEMPLATES
from sms.template_files import problems as template_problems
from ussd.prompts import screens
from ussd.screen import Budget, pages

_HELPLINE = "14599"
_PLAYER = "+919876543210"
LOCALES = FLOWS / "locales"
T = TypeVar("T")


def main(arguments: list[str]) -> int:
    """Do what the arguments say; the exit status is 1 when something is wrong with a flow."""
    parser = argparse.ArgumentParser(prog="python -m flows", description="The flows: prove, play, draw, translate.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("check", help="prove every flow")
    player = verbs.add_parser("play", help="a conversation in the terminal")
    player.add_argument("flow", nargs="?", default="", help="a flow or a service code; none: the main menu")
    player.add_argument("--channel", choices=("ussd", "ivr", "sms", "kaios"), default="ussd")
    player.add_argument("--language", default="", help="a tag such as hi; none: as at the first contact")
    drawer = verbs.add_parser("draw", help="a picture of a flow")
    drawer.add_argument("flow")
    drawer.add_argument("--svg", type=Path, help="write an SVG picture to this file instead of Mermaid to the screen")
    wording = verbs.add_parser("words", help="translations")
    wording.add_argument("--update", action="store_true", help="write the PO files anew from the flows")
    verbs.add_parser("schema", help="the JSON Schema of the flow format")
    given = parser.parse_args(arguments)
    match given.verb:
        case "check":
            return _check()
        case "play":
            return _play(given.flow, given.channel, given.language)
        case "draw":
            return _draw(given.flow, given.svg)
        case "words":
            return _words(given.update)
        case _:
            print(schema.text(), end="")
            return 0


def _library() -> tuple[Library, Services]:
    services = _services(ServiceSettings(), Memory())
    return load(read_sources(), services.signatures, _HELPLINE), services


def _services(settings: ServiceSettings, memory: "Memory") -> Services:
    return assemble(settings, [CallerOperations(memory, b"terminal", lambda: int(time()))])


def _check() -> int:
    library, services = _library()
    settings = checking.settings(
        library,
        (FLOWS / "codes.toml").read_text(encoding="utf-8"),
        pages={"ussd": lambda body, more, last: len(pages(body, Budget(), more=more, required=last))},
        sms_parts=parts,
        members=services.enumerations,
    )
    templates = template_problems(tuple(expected(library.flows, settings)), tuple(library.languages), TEMPLATES)
    problems = sorted([*library.problems, *check(library.flows, settings), *templates])
    for problem in problems:
        print(problem)
    if problems:
        print(f"{len(problems)} problems.")
        return 1
    print("flow               channel  language  inputs  prompt seconds to the answer")
    for cost in costs(library.flows, settings):
        print(f"{cost.flow:18} {cost.channel:8} {cost.language:9} {cost.inputs:6}  {cost.seconds:6.1f}")
    print(f"{len(library.flows.by_name)} flows in {len(library.languages)} languages: clean.")
    return 0


def _draw(flow: str, svg: Path | None) -> int:
    library, _ = _library()
    found = library.flows.by_name.get(flow)
    if found is None:
        print(f"There is no flow {flow}. There are: {', '.join(sorted(library.flows.by_name))}.", file=sys.stderr)
        return 2
    if svg is None:
        print(draw.mermaid(found), end="")
    else:
        svg.write_text(draw.svg(found), encoding="utf-8")
        print(f"{svg} is written.")
    return 0


def _words(update: bool) -> int:
    library, _ = _library()
    for language in library.languages.values():
        if update and language.tag != "en":
            words.update(library.flows, language, LOCALES)
        for share in words.shares(library.flows, language, LOCALES):
            form = "screen" if share.form == "text" else "voice"
            print(
                f"{share.language:8} {form:7} {share.percent:3} % of {share.all}"
                f"  fuzzy {share.fuzzy}  reviewed {share.reviewed}  approved {share.approved}"
            )
    return 0


@dataclass
class Memory:
    """The records of the caller at the terminal, for as long as they talk."""

    kept: dict[bytes, CallerRecord] = field(default_factory=dict)

    def read(self, pseudonym: bytes) -> CallerRecord:
        """What is kept so far."""
        return self.kept.get(pseudonym, CallerRecord())

    def change(self, caller: Caller, change: Callable[[CallerRecord], tuple[CallerRecord, T]]) -> T:
        """Keep it changed."""
        self.kept[caller.pseudonym], result = change(self.read(caller.pseudonym))
        return result


class InThreads:
    """Late answers of one process: each asked in a thread, found again by its token."""

    def __init__(self, perform: Callable[..., Answer[object]]) -> None:
        self._perform = perform
        self._asked: set[str] = set()
        self._answers: dict[str, Answer[object]] = {}

    def __call__(self, request: Request, caller: Caller, deadline: float) -> Answer[object] | None:
        """The answer if it is there."""
        if request.token not in self._asked:
            self._asked.add(request.token)
            Thread(target=self._ask, args=(request, caller), daemon=True).start()
        return self._answers.get(request.token)

    def _ask(self, request: Request, caller: Caller) -> None:
        self._answers[request.token] = self._perform(request.operation, request.given, caller, request.key)


@contextmanager
def _sandboxed() -> Iterator[ServiceSettings]:
    with running(create_sandbox()) as url:
        assert urlsplit(url).hostname == "127.0.0.1"
        asked: Mapping[str, UpstreamSettings] = {
            name: replace(getattr(ServiceSettings(), name), base_url=url)
            for name in ("lpg", "bbps", "mandi", "weather", "warnings")
        }
        yield replace(ServiceSettings(), **asked)  # type: ignore[arg-type]


def _screens(prompt: Prompt, catalogue: Catalogue) -> tuple[str, ...]:
    return screens(prompt, catalogue, Budget())


def _play(flow: str, channel: str, language: str) -> int:
    with _sandboxed() as settings:
        services = _services(settings, Memory())
        library = load(read_sources(), services.signatures, _HELPLINE)
        if language and language not in library.languages:
            print(f"There is no language {language}. There are: {', '.join(library.languages)}.", file=sys.stderr)
            return 2
        name = library.flows.codes.get(flow, flow)
        if name and name not in library.flows.by_name:
            print(f"There is no flow {flow}. There are: {', '.join(sorted(library.flows.by_name))}.", file=sys.stderr)
            return 2
        edition = Edition(library.flows, library.catalogues)
        runner = Runner(edition, lambda version: None, services.perform, InThreads(services.perform))
        caller = Caller(b"terminal", _PLAYER, channel)
        player = Player(lambda run, event: runner.turn(run, event, caller), edition.catalogue, _screens)
        start = Start(token_urlsafe(9), channel, date.today(), language=language, flow=name)
        for piece in player.play(start, _typed()):
            print(f"\n{piece}\n", flush=True)
    return 0


def _typed() -> Iterable[str]:
    prompt = "> " if sys.stdin.isatty() else ""
    while True:
        try:
            line = input(prompt)
        except EOFError:
            return
        if not prompt:
            print(f"> {line}")
        yield line


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
