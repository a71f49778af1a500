"""Making the Prompt for where a Run stands: what is said, what may be chosen, and the fixed keys on offer."""

from collections.abc import Sequence

from flows.engine.effects import Option, Prompt, Said, Typed
from flows.engine.keys import is_voice, options_at_once
from flows.engine.listing import View, view
from flows.engine.lookup import SAVED, all_references, field_of, row_record, rows, said
from flows.engine.model import Ask, Menu, Query, Tell
from flows.engine.run import MAIN_MENU
from flows.engine.turn import NO_VALUES, Turn

LANGUAGES = "languages"
"""The source of a listing that offers Ghanti's own languages."""
LANGUAGE = "language"
"""The subdialog that changes the language."""
CONSENT = "consent"
"""The subdialog that comes before the first personal datum."""


def prompt(t: Turn) -> None:
    """Give the prompt where the Run stands, after whatever was told before it. Raises Missing."""
    if t.stopped and t.frame.flow != LANGUAGE:
        return _offer_to_resume(t)
    match t.stage, t.block:
        case "waiting", _:
            checking = t.common("checking_or_sms" if t.sms else "checking")
            _give(t, (checking,), options(t, "check_again"), waiting=True)
        case "failed", _:
            _give(t, (t.common("unavailable"),), options(t, "try_again"))
        case "unsure", _:
            _give(t, (t.common("unsure"),), options(t, "check_again"))
        case "aadhaar", _:
            _give(t, (t.common("aadhaar_ask"),), options(t, "aadhaar_yes", "aadhaar_no"))
        case "saved", Ask(name=name):
            offered = t.frame.answers[saved_name(name)]
            last = Typed("Digits", str(offered if isinstance(offered, str) else offered[SAVED])[-4:])
            _give(t, (t.common("saved", last=last),), options(t, "saved_yes", "saved_no"))
        case "offer", Tell():
            _give(t, (), options(t, "sms_offer", "sms_no"))
        case _, Query(confirm=confirm) if confirm is not None:
            _give(t, (said(t, confirm),), options(t, "confirm_yes", "confirm_no"))
        case _, Menu() as menu:
            _menu(t, menu)
        case _, Ask() as ask:
            _give(t, (said(t, ask.prompt),), expect=ask.expect, secret=ask.secret)
        case _:
            raise KeyError(t.frame.block)


def saved_name(block: str) -> str:
    """Where the caller's saved number is kept while it is being offered for this ask."""
    return f"~{block}"


def final(t: Turn, *sentences: Said) -> None:
    """Say this and expect nothing more."""
    _give(t, sentences, final=True)


def options(t: Turn, *names: str) -> tuple[Option, ...]:
    """Options of common sentences, in order."""
    return tuple(Option(str(number), t.common(name)) for number, name in enumerate(names, 1))


def sight(t: Turn, menu: Menu) -> View:
    """What of the menu's choices is in sight now, static ones as their ids. Raises Missing."""
    at_once = options_at_once(t.channel)
    if menu.listing is None:
        return _plain_window(t, [choice.id for choice in menu.choices], at_once)
    if menu.listing.block == LANGUAGES:
        return _plain_window(t, t.flows.languages, at_once)
    return view(rows(t, menu.listing), menu.listing, t.narrowing, at_once)


def _plain_window(t: Turn, items: Sequence[str], at_once: int) -> View:
    first = t.narrowing.first if t.narrowing.first < len(items) else 0
    return View(tuple(items[first : first + at_once]), len(items), more=len(items) > at_once)


def _menu(t: Turn, menu: Menu) -> None:
    seen = sight(t, menu)
    if seen.letters:
        narrow = t.common("narrow", count=Typed("Count", seen.count))
        return _give(t, (_head(t, menu, seen), narrow), expect="letters 1 to 10", more="narrow_list")
    head = (_head(t, menu, seen),)
    first_contact = menu.listing is not None and menu.listing.block == LANGUAGES and not t.language
    if first_contact:
        head = (t.common("name"),)
    _give(t, head, _labels(t, menu, seen), more="more" if seen.more else "")


def _head(t: Turn, menu: Menu, seen: View) -> Said:
    """The menu's question, or that of its groups while one must be chosen."""
    group_menu = menu.listing.group_menu if menu.listing is not None else None
    return said(t, group_menu if seen.groups and group_menu is not None else menu.prompt)


def _labels(t: Turn, menu: Menu, seen: View) -> tuple[Option, ...]:
    listing = menu.listing
    if listing is None:
        choices = {choice.id: choice.label for choice in menu.choices}
        return tuple(Option(str(n), said(t, choices[str(item)])) for n, item in enumerate(seen.items, 1))
    if listing.block == LANGUAGES:
        return tuple(Option(str(n), _language(t, str(tag))) for n, tag in enumerate(seen.items, 1))
    if seen.groups:
        kind = row_record(t, listing).fields[listing.group]
        return tuple(
            Option(str(n), Said(None, {"group": Typed(kind, str(item))})) for n, item in enumerate(seen.items, 1)
        )
    fields, label = row_record(t, listing).fields, listing.label
    typed = [(name, fields[name]) for name in all_references(label)]
    return tuple(
        [
            Option(str(n), Said(label, {name: Typed(kind, field_of(row, name)) for name, kind in typed}))
            for n, row in enumerate(seen.items, 1)
        ]
    )


def _language(t: Turn, tag: str) -> Said:
    return Said(t.flows.common["language_option"], NO_VALUES, native=t.flows.languages_native[tag], language=tag)


def _offer_to_resume(t: Turn) -> None:
    flow = t.flows.by_name[t.frames[0].flow]
    if flow.auth == "none":
        told = t.common("resume", title=Typed("wording", flow.title.key))
    else:
        told = t.common("resume_private")
    _give(t, (told,), options(t, "resume_yes", "resume_no"))


def _give(
    t: Turn,
    told: tuple[Said, ...],
    offered: tuple[Option, ...] = (),
    *,
    expect: str = "",
    secret: bool = False,
    waiting: bool = False,
    final: bool = False,
    more: str = "",
) -> None:
    """Append the Prompt: the purpose where consent is asked, what was told before, then this."""
    if t.demo and not t.stopped and not final:  # what a last prompt tells is marked where it is told
        mark_demo(t)
    before: list[Said] = []
    if t.frame.flow == CONSENT and not final and not t.stopped:
        purpose = t.flows.by_name[t.frames[0].flow].purpose
        before += [Said(purpose, NO_VALUES)] if purpose is not None else []
    place = f"{t.frame.flow}.{t.frame.block}"
    keys = () if final and not is_voice(t.channel) else _keys(t, more)
    sentences = (*before, *t.said, *told)
    t.effects.append(Prompt(place, sentences, offered, expect, secret, keys, waiting, final))
    t.said.clear()


def mark_demo(t: Turn) -> None:
    """Say once, before all else of this prompt, that what is told is a demonstration."""
    mark = t.common("demo")
    if mark not in t.said:
        t.said.insert(0, mark)


def _keys(t: Turn, more: str) -> tuple[str, ...]:
    """The fixed keys worth showing here, most needed first; they all work everywhere."""
    offered = [more] if more else []
    if can_go_back(t):
        offered.append("back")
    if t.language and (len(t.frames) > 1 or t.frame.flow != MAIN_MENU):
        offered.append("home")
    if t.frame.flow != LANGUAGE:
        offered.append("language")
    return (*offered, "person", "repeat")


def committed(t: Turn) -> bool:
    """Say whether a write is under way or its fate not known: nobody goes back before it."""
    if t.stage not in ("waiting", "unsure") or not isinstance(t.block, Query):
        return False
    return t.flows.signatures[t.block.operation].write


def can_go_back(t: Turn) -> bool:
    """Say whether there is anything before this prompt."""
    if t.stopped or committed(t):
        return False
    narrowed = t.narrowing.letters or t.narrowing.group or t.narrowing.listing
    return bool(t.frame.back or t.trail or narrowed or (len(t.frames) > 1 and t.language))
