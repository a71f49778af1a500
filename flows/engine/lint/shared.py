"""The sentences and flows that every service shares: those that the engine and the doors say are there."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from flows.engine.lint.references import named_in
from flows.engine.lint.settings import LintSettings
from flows.engine.model import Flow, Flows, Menu
from flows.engine.problems import Problem, instead
from flows.engine.prompting import LANGUAGE, LANGUAGES
from flows.engine.run import MAIN_MENU

_NOTHING: tuple[str, ...] = ()
COMMON: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(
            ("name", "no_match", "no_input", "aadhaar_refused", "aadhaar_ask", "aadhaar_yes", "aadhaar_no", "give_up",
             "checking", "check_again", "unavailable", "unsure", "try_again", "away", "confirm_yes", "confirm_no",
             "not_done", "none_begin", "saved_yes", "saved_no", "resume_private", "resume_yes", "resume_no", "changed",
             "not_here", "taken", "done", "old_screen", "demo", "sms_offer", "sms_no", "sms_sent",
             "sms_stopped", "sms_more", "sms_stopped_now", "sms_started_now", "sms_ready", "not_kept",
             "checking_or_sms",
             "sms_word_stop", "sms_word_start", "sms_word_help"),
            _NOTHING,
        ),
        **dict.fromkeys(("back", "home", "more", "repeat", "language", "person", "narrow_list"), ("key",)),
        "option": ("key", "label"),
        "language_option": ("key", "name"),
        "person_reached": ("helpline",),
        "sms_help": ("helpline",),
        "too_long": ("helpline",),
        "narrow": ("count",),
        "saved": ("last",),
        "resume": ("title",),
    }
)  # fmt: skip
"""Every sentence of common.yaml that is said → the values that it may name."""


def check(flows: Flows, settings: LintSettings) -> Iterator[Problem]:
    """The common sentences, the words for enumerations, and the flows that must be there."""
    for name, values in COMMON.items():
        wording = flows.common.get(name)
        if wording is None:
            told = f'the sentence "{name}" is missing, and callers hear it. Add it.'
            yield Problem(settings.common_file, 1, "common", told)
            continue
        for reference in named_in(wording):
            if reference not in values:
                told = (
                    f'the sentence "{name}" has no value {{{reference}}}. {instead(reference, values, "It may name: ")}'
                )
                yield Problem(settings.common_file, wording.line or 1, "reference", told)
    yield from _terms(flows, settings)
    yield from _flows(flows)


def _terms(flows: Flows, settings: LintSettings) -> Iterator[Problem]:
    for enumeration, members in flows.terms.items():
        lines = [wording.line for wording in members.values()] or [1]
        for member in settings.members.get(enumeration, ()):
            if member not in members:
                told = f'{enumeration} has no words for "{member}". Add them.'
                yield Problem(settings.terms_file, min(lines), "terms", told)
        for member, wording in members.items():
            known = settings.members.get(enumeration)
            if known is not None and member not in known:
                told = f'{enumeration} has no member "{member}". {instead(member, known, "Its members are: ")}'
                yield Problem(settings.terms_file, wording.line or 1, "terms", told)
            for reference in named_in(wording):
                told = f"the words for a value hold no values themselves: {{{reference}}}. Take it out."
                yield Problem(settings.terms_file, wording.line or 1, "reference", told)


def _flows(flows: Flows) -> Iterator[Problem]:
    main = flows.by_name.get(MAIN_MENU)
    if main is None or main.subdialog:
        told = "there is no main menu, where everybody begins. Write this flow."
        yield Problem(f"flows/{MAIN_MENU}.yaml", 1, "main-menu", told)
    elif main.auth != "none":
        told = 'the main menu is open to everybody. Write "auth: none".'
        yield Problem(main.file, main.lines.get(".auth", 1), "main-menu", told)
    language = flows.by_name.get(LANGUAGE)
    if language is None or not language.subdialog or not _chooses(language):
        told = f'the subdialog "{LANGUAGE}" begins with a menu called "choose" with "from: {LANGUAGES}". Write it so.'
        yield Problem(language.file if language else f"flows/common/{LANGUAGE}.yaml", 1, "language", told)


def _chooses(flow: Flow) -> bool:
    first = flow.blocks[flow.start]
    return (
        isinstance(first, Menu)
        and first.name == "choose"
        and first.listing is not None
        and first.listing.block == LANGUAGES
        and dict(first.then) == {"": "end"}
    )
