"""Reconciling: the callers' book against the provider's ledger and against SQL; every difference is a fault."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.chaos_book import Booking, Kept, Ledger, Text, Transaction

LOST, TWICE, NOT_OWED, UNFINISHED = "lost", "sent_twice", "not_owed", "unfinished"
_ORDER = (TWICE, LOST, NOT_OWED, UNFINISHED)
_BOOKED = re.compile(r"Refill booked\. Number (\w+)\.")


@dataclass(frozen=True, slots=True)
class Fault:
    """One difference; `many` pieces of it. `serial` is the transaction's, 0 where it belongs to none."""

    kind: str
    serial: int
    why: str
    many: int = 1


def faults(book: Sequence[Transaction], ledger: Ledger, kept: Kept) -> list[Fault]:
    """All faults, the worst kind first."""
    by_number: dict[str, list[Text]] = defaultdict(list)
    for text in ledger.texts:
        by_number[text.to].append(text)
    by_id: dict[str, list[Booking]] = defaultdict(list)
    for booking in ledger.bookings:
        by_id[booking.lpg_id].append(booking)
    found: list[Fault] = []
    for one in book:
        texts = by_number.pop(one.msisdn, [])
        found += _texts(one, texts)
        found += _bookings(one, texts, by_id.pop(one.lpg_id, []) if one.lpg_id else [])
        found += _items(one, kept.items.get(one.msisdn, 0))
        if not one.ended:
            found.append(Fault(UNFINISHED, one.serial, f"{one.kind}: the caller never came to an end{_saw(one)}"))
    strangers = sum(map(len, by_number.values()))
    if strangers:
        found.append(Fault(NOT_OWED, 0, "texts to numbers that never called", strangers))
    if by_id:
        found.append(Fault(TWICE, 0, "bookings of nobody who called", sum(map(len, by_id.values()))))
    found += [Fault(UNFINISHED, 0, f"tasks {kind} not ended", many) for kind, many in kept.open_tasks.items()]
    serials = {one.msisdn: one.serial for one in book}
    found += [
        Fault(UNFINISHED, serials.get(number, 0), f"dead task {why}", many)
        for (number, why), many in Counter(kept.dead).items()
    ]
    return sorted(found, key=lambda fault: _ORDER.index(fault.kind))


def _texts(one: Transaction, texts: Sequence[Text]) -> Iterator[Fault]:
    left = list(texts)
    for owed in one.owed:
        fitting = [text for text in left if re.fullmatch(owed.pattern, text.text, re.DOTALL)]
        left = [text for text in left if text not in fitting]
        sent, what = sum(text.times for text in fitting), f"{one.kind}, texts like {owed.pattern[:40]!r}"
        if sent < owed.least:
            yield Fault(LOST, one.serial, f"{what}: {owed.least} promised, {sent} sent{_saw(one)}", owed.least - sent)
        if sent > owed.most:
            keys = ", ".join(text.key for text in fitting)
            yield Fault(TWICE, one.serial, f"{what}: {owed.most} wished, {sent} sent ({keys})", sent - owed.most)
    if left:
        keys = ", ".join(text.key for text in left)
        yield Fault(NOT_OWED, one.serial, f"{one.kind}: texts that nobody promised ({keys})", len(left))


def _bookings(one: Transaction, texts: Sequence[Text], booked: Sequence[Booking]) -> Iterator[Fault]:
    written = {number for text in texts for number in _BOOKED.findall(text.text)}
    numbers = [booking.number for booking in booked]
    for number in sorted((one.told | written) - set(numbers)):
        yield Fault(LOST, one.serial, f"{one.kind}: booking {number} was told and is not in the department's ledger")
    if len(numbers) > one.confirmed:
        why = f"{one.kind}: {one.confirmed} bookings confirmed, {len(numbers)} made"
        yield Fault(TWICE, one.serial, why, len(numbers) - one.confirmed)


def _items(one: Transaction, items: int) -> Iterator[Fault]:
    if items < one.helps_told:
        why = f"{one.kind}: {one.helps_told} promised a person's help, {items} work items"
        yield Fault(LOST, one.serial, why, one.helps_told - items)
    if items > one.helps_wished:
        why = f"{one.kind}: {one.helps_wished} asked for a person, {items} work items"
        yield Fault(TWICE, one.serial, why, items - one.helps_wished)


def _saw(one: Transaction) -> str:
    """What was on the screen in the end."""
    return f"; saw {' | '.join(one.trail)}" if one.trail else ""


def count(found: Sequence[Fault], kind: str) -> int:
    """How many pieces of this kind of fault there are."""
    return sum(fault.many for fault in found if fault.kind == kind)


def slowest_text_s(book: Sequence[Transaction], ledger: Ledger) -> float:
    """The longest from a promise of one text to its being sent, in seconds; 0 where none was promised."""
    sent: dict[str, list[Text]] = defaultdict(list)
    for text in ledger.texts:
        sent[text.to].append(text)
    waits = [0.0]
    for one in book:
        for owed in one.owed:
            if owed.least == owed.most == 1:
                fitting = (text.at for text in sent[one.msisdn] if re.fullmatch(owed.pattern, text.text, re.DOTALL))
                waits += [at - owed.since for at in fitting]
    return max(waits)
