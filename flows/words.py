"""`python -m flows words`: writes the PO files anew from the flows, and reports what each language still lacks."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from babel.plural import to_gettext

from flows.catalogues import SOURCE_LANGUAGE, Entry, entries, read, translation
from flows.engine.model import Flows
from flows.languages import Language

_UNSTEADY = (
    '"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Report-Msgid-Bugs-To',
    '"Last-Translator', '"Language-Team',
)  # fmt: skip
"""Header lines that change with every writing, or that name nobody."""
STATUSES = ("draft", "reviewed", "approved")
"""Review status of a translation, kept as a translator's comment `status: draft`; what has none is a draft."""


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a language's sentences of one form is there, and how much of that is reviewed."""

    language: str
    form: str
    all: int
    translated: int
    fuzzy: int
    reviewed: int
    approved: int

    @property
    def percent(self) -> int:
        """Translated, of all, rounded down: 100 means all."""
        return 100 * self.translated // self.all if self.all else 100


def update(flows: Flows, language: Language, folder: Path) -> Catalog:
    """Write the language's PO file anew: new sentences added, changed ones fuzzy, vanished ones kept as obsolete."""
    path = folder / f"{language.tag}.po"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    old = read(before, language.tag)
    template = Catalog(project="Ghanti", charset="utf-8", fuzzy=False)
    for entry in entries(flows):
        _add(template, entry)
    old.update(template, no_fuzzy_matching=True, update_creation_date=False, keep_user_comments=True)
    _carry_over_changed(old, read(before, language.tag))
    for message in old:
        # Babel reads "#| msgid …" back as a comment; it is written anew where it is still true.
        message.user_comments = [comment for comment in message.user_comments if not comment.startswith("|")]
        if not message.fuzzy:
            message.previous_id = []
    write(old, language, path)
    return old


def _add(catalog: Catalog, entry: Entry) -> None:
    notes = [entry.wording.note] if entry.wording.note else []
    message_id: str | tuple[str, str] = (entry.one, entry.other) if entry.one else entry.other
    catalog.add(message_id, context=entry.context, auto_comments=notes)


def _carry_over_changed(new: Catalog, old: Catalog) -> None:
    """A sentence whose English changed keeps its old translation, marked fuzzy, for the translator to mend."""
    old_by_context = {message.context: message for message in old if message.id and message.string}
    for message in new:
        before = old_by_context.get(message.context)
        if message.id and before is not None and before.id != message.id and not any(_texts(message.string)):
            plural = isinstance(message.id, tuple | list)
            texts = _texts(before.string)
            message.string = tuple(texts[:1] + texts[-1:]) if plural else texts[-1]
            message.flags.add("fuzzy")
            message.previous_id = [before.id] if isinstance(before.id, str) else list(before.id)


def _texts(string: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [string] if isinstance(string, str) else list(string or ())


def write(catalog: Catalog, language: Language, path: Path) -> None:
    """Write a PO file, with the plural rule of CLDR: Babel's own default is `n != 1` in every language."""
    catalog.header_comment = (
        f"# Ghanti in {language.english}. Apache-2.0, as the whole project; CONTRIBUTING.md shows a translator the way."
    )
    catalog.project, catalog.version = "Ghanti", "1"
    out = BytesIO()
    write_po(out, catalog, width=0, sort_output=False, include_previous=True)
    plural = to_gettext(Locale.parse(language.tag).plural_form)
    lines = [
        f'"Plural-Forms: {plural}\\n"' if line.startswith('"Plural-Forms:') else line
        for line in out.getvalue().decode().splitlines()
        if not line.startswith(_UNSTEADY)
    ]
    path.write_text("\n".join(lines).rstrip("\n") + "\n", encoding="utf-8")


def shares(flows: Flows, language: Language, folder: Path) -> tuple[Share, ...]:
    """What the language has, by form (screen, voice)."""
    path = folder / f"{language.tag}.po"
    catalog = read(path.read_text(encoding="utf-8") if path.exists() else "", language.tag)
    counted: dict[str, list[int]] = {}
    for entry in entries(flows):
        row = counted.setdefault(entry.form, [0, 0, 0, 0, 0])
        row[0] += 1
        if language.tag == SOURCE_LANGUAGE:
            row[1] += 1
            continue
        message_id: str | tuple[str, str] = (entry.one, entry.other) if entry.one else entry.other
        message = catalog.get(message_id, context=entry.context)
        if translation(catalog, entry):
            row[1] += 1
            status = _status(message.user_comments if message else [])
            row[3] += status == "reviewed"
            row[4] += status == "approved"
        elif message is not None and message.fuzzy:
            row[2] += 1
    return tuple(Share(language.tag, form, *row) for form, row in counted.items())


def _status(comments: list[str]) -> str:
    for comment in comments:
        name, _, status = comment.partition(":")
        if name.strip() == "status" and status.strip() in STATUSES:
            return status.strip()
    return "draft"
