"""The files of templates, one a language: what is registered, kept beside what the flows say.

    entity = "1201159…"          principal entity id
    header = "GHANTI"            the sender that the phone shows

    ["post_offices.pin"]
    id = "1207161…"              content template id; empty until it is registered
    text = \"""Enter your 6-digit PIN code.\"""

`update` writes them anew from the flows; entity, header and ids are filled in by hand, or kept outside the repository.
"""

import csv
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from flows.engine.problems import Problem
from sms.expected import Expected
from sms.templates import VARIABLE, Template, Templates

FOLDER = Path(__file__).with_name("templates")
_CODE = "sms-template"
_TOP = """\
# What this sender has registered in this language. Written by `python -m sms templates --update`; only entity, header
# and the ids are filled in by hand. A text that changes loses its id: it must be registered anew.
"""


class BadTemplates(ValueError):
    """A file of templates cannot be read; the message says which, and why."""


@dataclass(frozen=True, slots=True)
class Registered:
    """One file: who sends, and each template's id and text by its key, with the line where it stands."""

    entity: str = ""
    header: str = ""
    entries: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)


def load(languages: Iterable[str], folder: Path = FOLDER) -> Templates:
    """The templates of these languages, ready. A language without a file has none. Raises BadTemplates."""
    found: list[Template] = []
    for language in languages:
        one = read(folder / f"{language}.toml")
        found += (
            Template(key, language, text, id_, one.entity, one.header) for key, (id_, text) in one.entries.items()
        )
    return Templates(found)


def read(path: Path) -> Registered:
    """One file; nothing is registered where there is none. Raises BadTemplates."""
    try:
        written = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Registered()
    except (OSError, UnicodeDecodeError) as error:
        raise BadTemplates(f"{path} cannot be read: {type(error).__name__}.") from None
    try:
        return _registered(tomllib.loads(written), written)
    except (tomllib.TOMLDecodeError, TypeError, KeyError) as error:
        raise BadTemplates(f"{path} is no file of templates: {error}. Mend it, or write it anew.") from None


def problems(wanted: Iterable[Expected], languages: Iterable[str], folder: Path = FOLDER) -> Iterator[Problem]:
    """What keeps the files from being those of the flows: missing, changed, stale, or longer than two parts.

    An id that is empty is no problem: whoever sends registers first.
    """
    by_language: dict[str, dict[str, Expected]] = {language: {} for language in languages}
    for one in wanted:
        by_language[one.language][one.key] = one
        if not one.fits:
            told = f'in language {one.language} the SMS "{one.key}" takes more than two parts in the worst case'
            yield Problem(one.file, one.line, _CODE, f"{told}. Say it in fewer words.")
    for language, expected in by_language.items():
        path = folder / f"{language}.toml"
        file = f"{folder.parent.name}/{folder.name}/{path.name}"
        try:
            there = read(path)
        except BadTemplates as error:
            yield Problem(file, 1, _CODE, str(error))
            continue
        for key, one in expected.items():
            registered = there.entries.get(key)
            if registered is None:
                yield Problem(file, 1, _CODE, f'the template "{key}" is missing. {_UPDATE}')
            elif registered[1] != one.text:
                told = f'the template "{key}" is not what the flow says now. {_UPDATE}'
                yield Problem(file, there.lines.get(key, 1), _CODE, told)
        for key in there.entries.keys() - expected.keys():
            told = f'no SMS is worded by the template "{key}" any more. {_UPDATE}'
            yield Problem(file, there.lines.get(key, 1), _CODE, told)


_UPDATE = "Run python -m sms templates --update, and register what is new."


def update(wanted: Iterable[Expected], language: str, folder: Path = FOLDER) -> tuple[str, ...]:
    """Write a language's file anew; gives the keys whose id is dropped, because nothing says their text any more.

    An id belongs to a text: the same text under another key has the same id. Raises BadTemplates.
    """
    path = folder / f"{language}.toml"
    before = read(path)
    ids = {text: id_ for id_, text in before.entries.values() if id_}
    texts = {one.key: one.text for one in wanted if one.language == language}
    written = [_TOP, f"entity = {_quoted(before.entity)}", f"header = {_quoted(before.header)}"]
    for key, text in texts.items():
        written += ["", f'["{key}"]', f"id = {_quoted(ids.get(text, ''))}", f"text = {_quoted(text, 3)}"]
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(written) + "\n", encoding="utf-8")
    kept = set(texts.values())
    return tuple(key for key, (id_, text) in before.entries.items() if id_ and text not in kept)


def as_csv(wanted: Iterable[Expected], language: str) -> str:
    """What a portal's bulk upload is made of: each text once, under its first key."""
    out = StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("name", "text", "language", "variables"))
    seen: set[str] = set()
    for one in wanted:
        if one.language == language and one.text not in seen:
            seen.add(one.text)
            rows.writerow((f"{language} {one.key}", one.text, language, one.text.count(VARIABLE)))
    return out.getvalue()


def _registered(found: dict[str, object], written: str) -> Registered:
    entries: dict[str, tuple[str, str]] = {}
    for key, entry in found.items():
        if isinstance(entry, dict):
            entries[key] = (_text(entry["id"]), _text(entry["text"]))
    lines = {line[2:-2]: number for number, line in enumerate(written.splitlines(), 1) if line.startswith('["')}
    return Registered(_text(found["entity"]), _text(found["header"]), entries, lines)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("entity, header, id and text are texts")
    return value


def _quoted(text: str, quotes: int = 1) -> str:
    """A TOML basic string, or with three quotes one in which new lines stand as they are."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    mark = '"' * quotes
    return f"{mark}{escaped}{mark}"
