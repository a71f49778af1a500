"""`python -m sms templates`: what must be registered before an SMS may be sent; an entry point, which knows services.

templates                  what is missing, changed or stale in the files of templates; the exit status is 1 for any
templates --update         write the files anew from the flows, and say which texts must be registered again
templates --csv LANGUAGE   what a registration portal takes: name, text, language, number of variables
--folder PATH              the files of another place than the repository: an operator's, with entity and ids
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from flows import checking
from flows.engine.lint.settings import LintSettings
from flows.library import FLOWS, Library, load, read_sources
from flows.operations import Caller
from records.callers import CallerRecord
from records.operations import CallerOperations
from services.assemble import assemble
from services.configuration import ServiceSettings
from sms.expected import Expected, expected
from sms.parts import parts
from sms.template_files import FOLDER, BadTemplates, as_csv, problems, read, update

T = TypeVar("T")


def main(arguments: list[str]) -> int:
    """Do what the arguments say; the exit status is 1 when the files are not those of the flows."""
    parser = argparse.ArgumentParser(prog="python -m sms", description="What an SMS may say.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    templates = verbs.add_parser("templates", help="what must be registered")
    templates.add_argument("--update", action="store_true", help="write the files anew from the flows")
    templates.add_argument("--csv", default="", metavar="LANGUAGE", help="print what a portal takes")
    templates.add_argument("--folder", type=Path, default=FOLDER, help="where the files are")
    given = parser.parse_args(arguments)
    library, settings = read_flows()
    languages = tuple(library.languages)
    wanted = tuple(expected(library.flows, settings))
    try:
        if given.csv:
            return _print_csv(wanted, given.csv, languages)
        if given.update:
            _write(wanted, languages, given.folder)
        return _report(wanted, languages, given.folder)
    except BadTemplates as error:
        print(error, file=sys.stderr)
        return 1


def _print_csv(wanted: tuple[Expected, ...], language: str, languages: tuple[str, ...]) -> int:
    if language not in languages:
        print(f"There is no language {language}. There are: {', '.join(languages)}.", file=sys.stderr)
        return 2
    print(as_csv(wanted, language), end="")
    return 0


def _write(wanted: tuple[Expected, ...], languages: tuple[str, ...], folder: Path) -> None:
    for language in languages:
        for key in update(wanted, language, folder):
            print(f'{language}: the id of "{key}" is dropped: its text is not said any more.')


def _report(wanted: tuple[Expected, ...], languages: tuple[str, ...], folder: Path) -> int:
    found = sorted(problems(wanted, languages, folder))
    for problem in found:
        print(problem)
    for language in languages:
        there = read(folder / f"{language}.toml").entries.values()
        texts = {text for _, text in there}
        print(f"{language}: {len(texts)} texts, {len({text for id_, text in there if id_})} registered.")
    return 1 if found else 0


def read_flows() -> tuple[Library, LintSettings]:
    """The flows, and what the proof of them is told."""
    services = assemble(ServiceSettings(), [CallerOperations(Nobody(), b"", lambda: 0)])
    library = load(read_sources(), services.signatures)
    register = (FLOWS / "codes.toml").read_text(encoding="utf-8")
    return library, checking.settings(library, register, pages={}, sms_parts=parts, members=services.enumerations)


class Nobody:
    """The records where nobody calls: operations are declared here, never asked."""

    def read(self, pseudonym: bytes) -> CallerRecord:
        """Nothing."""
        return CallerRecord()

    def change(self, caller: Caller, change: Callable[[CallerRecord], tuple[CallerRecord, T]]) -> T:
        """Change nothing."""
        return change(CallerRecord())[1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
