"""PO files in, catalogues out: one gettext file a language, screen and voice side by side.

`msgctxt` is the sentence's key and form (`post_offices.pin say`), `msgid` the flow's English. A sentence that is
missing or fuzzy stays English and is reported by `python -m flows words`; a voice never falls back to a screen's text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from flows.engine.model import Flows, Wording
from flows.engine.wording import SAY, TEXT, Catalogue, Template, template
from flows.engine.wordings import all_wordings, spoken
from flows.languages import Language

SOURCE_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to translate: a sentence in one form. `one` is "" where there is no count."""

    wording: Wording
    form: str
    one: str
    other: str

    @property
    def context(self) -> str:
        """The entry's msgctxt."""
        return f"{self.wording.key} {self.form}"

    @property
    def english(self) -> tuple[str, ...]:
        """The English: (other,) or (one, other)."""
        return (self.one, self.other) if self.one else (self.other,)


def entries(flows: Flows) -> Iterator[Entry]:
    """Everything that there is to translate."""
    for wording in all_wordings(flows):
        yield Entry(wording, TEXT, wording.one, wording.text)
        one, other = spoken(wording)
        yield Entry(wording, SAY, one, other)


def read(text: str, tag: str) -> Catalog:
    """Read the text of one PO file; no text is an empty catalogue."""
    return read_po(BytesIO(text.encode()), locale=tag) if text else Catalog(locale=tag, fuzzy=False)


def translation(catalog: Catalog, entry: Entry) -> tuple[str, ...] | None:
    """The entry's translation as (other,) or (one, other), or None when it is missing, fuzzy, or of another English."""
    message_id: str | tuple[str, str] = (entry.one, entry.other) if entry.one else entry.other
    message = catalog.get(message_id, context=entry.context)
    if message is None or message.fuzzy:
        return None
    texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return tuple(texts) if texts and all(texts) else None


def catalogue(flows: Flows, language: Language, catalog: Catalog) -> Catalogue:
    """Make a language ready: every sentence cut into templates, English where there is no translation."""
    sentences: dict[tuple[str, str], tuple[Template, ...]] = {}
    for entry in entries(flows):
        texts = None if language.tag == SOURCE_LANGUAGE else translation(catalog, entry)
        sentences[entry.form, entry.wording.key] = tuple(template(text) for text in texts or entry.english)
    return Catalogue(language.tag, language.forms, language.plural, sentences)


def catalogues(flows: Flows, languages: Mapping[str, Language], po: Mapping[str, str]) -> dict[str, Catalogue]:
    """Every language ready, each knowing the others; `po` is the text of each language's PO file by tag."""
    ready = {tag: catalogue(flows, one, read(po.get(tag, ""), tag)) for tag, one in languages.items()}
    whole: dict[str, Catalogue] = {}
    for tag, one in ready.items():
        whole[tag] = Catalogue(one.tag, one.forms, one.plural, one.sentences, ready)
    return whole
