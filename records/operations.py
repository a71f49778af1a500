"""The operations about the caller: consent, PIN, saved numbers. The runner passes the caller; flows give the rest."""

from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from flows.engine.values import Count, Digits, Pin
from flows.operations import Caller, operation
from records.callers import CallerRecord, Callers, Consent
from records.pins import hashed, is_right, is_too_easy

NOTICE_VERSION = "1"
"""The version of the consent notice: a new one asks everybody again."""
MOST_WRONG = 3
LOCK_SECONDS = 24 * 3600
"""Three wrong PINs close personal services for a day, as UPI 123PAY does."""


@dataclass(frozen=True, slots=True)
class Given:
    """Consent to this purpose was given before."""


@dataclass(frozen=True, slots=True)
class Needed:
    """Consent to this purpose must be asked."""


@dataclass(frozen=True, slots=True)
class Kept:
    """It is kept."""


@dataclass(frozen=True, slots=True)
class NotKept:
    """It is not kept."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The consent does not stand any more."""


@dataclass(frozen=True, slots=True)
class HasPin:
    """This caller has chosen a PIN."""


@dataclass(frozen=True, slots=True)
class NoPin:
    """This caller has no PIN yet."""


@dataclass(frozen=True, slots=True)
class Locked:
    """Too many wrong PINs: personal services are closed for a while."""


@dataclass(frozen=True, slots=True)
class Right:
    """The PIN is right."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """The PIN is wrong; so many tries are left."""

    left: Count


@dataclass(frozen=True, slots=True)
class Set:
    """The PIN is set."""


@dataclass(frozen=True, slots=True)
class Different:
    """The two PINs differ."""


@dataclass(frozen=True, slots=True)
class TooEasy:
    """The PIN is too easy to guess."""


@dataclass(frozen=True, slots=True)
class One:
    """The caller saved this number."""

    number: Digits


@dataclass(frozen=True, slots=True)
class NoneSaved:
    """The caller saved no such number."""


@dataclass(frozen=True, slots=True)
class CallerOperations:
    """The operations about the caller. `now` gives Unix seconds; `pepper` is a secret of the deployment."""

    callers: Callers
    pepper: bytes = field(repr=False)
    now: Callable[[], int]

    @operation("consent.status", caller=True)
    def status_of_consent(self, *, caller: Caller) -> Given | Needed:
        """Say whether this caller agreed to this service's purpose, under today's notice."""
        consent = self.callers.read(caller.pseudonym).consents.get(caller.service)
        return Given() if consent is not None and consent.version == NOTICE_VERSION else Needed()

    @operation("consent.give", caller=True)
    def give_consent(self, *, caller: Caller) -> Kept:
        """Keep that the caller agrees: the notice's version, language, channel and time."""
        consent = Consent(NOTICE_VERSION, caller.language, caller.channel, self.now())

        def agree(record: CallerRecord) -> tuple[CallerRecord, Kept]:
            given = record.consents.get(caller.service)
            if given is not None and given.version == NOTICE_VERSION:
                return record, Kept()  # told twice: the first time stands
            return msgspec.structs.replace(record, consents={**record.consents, caller.service: consent}), Kept()

        return self.callers.change(caller, agree)

    @operation("consent.withdraw", caller=True)
    def withdraw_consent(self, *, caller: Caller) -> Withdrawn:
        """Withdraw this caller's consent to this service's purpose; with the last one go the saved numbers."""
        return self._withdraw(caller, lambda purpose: purpose == caller.service)

    @operation("consent.withdraw_all", caller=True)
    def withdraw_every_consent(self, *, caller: Caller) -> Withdrawn:
        """Withdraw every consent that this caller gave; the saved numbers go with them."""
        return self._withdraw(caller, lambda purpose: True)

    def _withdraw(self, caller: Caller, goes: Callable[[str], bool]) -> Withdrawn:
        def withdraw(record: CallerRecord) -> tuple[CallerRecord, Withdrawn]:
            left = {purpose: consent for purpose, consent in record.consents.items() if not goes(purpose)}
            # No purpose is left for which they might be kept (DPDP Act 2023, section 8(7)).
            saved = record.saved if left else {}
            return msgspec.structs.replace(record, consents=left, saved=saved), Withdrawn()

        return self.callers.change(caller, withdraw)

    @operation("person.status", caller=True)
    def status_of_person(self, *, caller: Caller) -> HasPin | NoPin | Locked:
        """Say whether the PIN is to be asked, to be chosen, or locked."""
        record = self.callers.read(caller.pseudonym)
        if record.locked_until > self.now():
            return Locked()
        return HasPin() if record.pin else NoPin()

    @operation("person.check_pin", caller=True, opens="right")
    def check_pin(self, pin: Pin, *, caller: Caller) -> Right | Wrong | Locked | NoPin:
        """Check the PIN: three wrong ones lock. The same request told twice is one try."""

        def check(record: CallerRecord) -> tuple[CallerRecord, Right | Wrong | Locked | NoPin]:
            request, told = record.last_check
            if record.locked_until > self.now() and request != caller.request:
                return record, Locked()
            if request == caller.request:
                return record, _told(told)
            if not record.pin:
                return record, NoPin()
            if is_right(pin, record.pin, self.pepper):
                return _checked(record, caller.request, "right", 0), Right()
            wrong = record.wrong + 1
            if wrong < MOST_WRONG:
                left = MOST_WRONG - wrong
                return _checked(record, caller.request, str(left), wrong), Wrong(Count(left))
            locked = _checked(record, caller.request, "locked", 0)
            return msgspec.structs.replace(locked, locked_until=self.now() + LOCK_SECONDS), Locked()

        return self.callers.change(caller, check)

    @operation("person.set_pin", caller=True, opens="set")
    def set_pin(self, choose: Pin, again: Pin, *, caller: Caller) -> Set | Different | TooEasy | HasPin:
        """Set the PIN of a caller who has none; one who has proves it instead."""
        if choose != again:
            return Different()
        if is_too_easy(choose):
            return TooEasy()
        kept = hashed(choose, self.pepper)

        def choose_it(record: CallerRecord) -> tuple[CallerRecord, Set | HasPin]:
            if record.pin:
                mine = record.last_check == (caller.request, "set")
                return record, Set() if mine else HasPin()
            return msgspec.structs.replace(_checked(record, caller.request, "set", 0), pin=kept), Set()

        return self.callers.change(caller, choose_it)

    @operation("saved.lpg", caller=True, auth="known")
    def saved_lpg(self, *, caller: Caller) -> One | NoneSaved:
        """Give the LPG ID that the caller saved."""
        number = self.callers.read(caller.pseudonym).saved.get("lpg")
        return One(Digits(number)) if number else NoneSaved()

    @operation("saved.has_lpg", caller=True, auth="known")
    def has_lpg(self, lpg_id: Digits, *, caller: Caller) -> Kept | NotKept:
        """Say whether this LPG ID is the one that is saved."""
        return Kept() if self.callers.read(caller.pseudonym).saved.get("lpg") == lpg_id else NotKept()

    @operation("saved.keep_lpg", caller=True, auth="known")
    def keep_lpg(self, lpg_id: Digits, *, caller: Caller) -> Kept:
        """Keep this LPG ID for the next time."""

        def keep(record: CallerRecord) -> tuple[CallerRecord, Kept]:
            return msgspec.structs.replace(record, saved={**record.saved, "lpg": str(lpg_id)}), Kept()

        return self.callers.change(caller, keep)

    OPERATIONS = (
        status_of_consent,
        give_consent,
        withdraw_consent,
        withdraw_every_consent,
        status_of_person,
        check_pin,
        set_pin,
        saved_lpg,
        has_lpg,
        keep_lpg,
    )


def _checked(record: CallerRecord, request: str, told: str, wrong: int) -> CallerRecord:
    return msgspec.structs.replace(record, last_check=(request, told), wrong=wrong)


def _told(told: str) -> Right | Wrong | Locked:
    match told:
        case "right":
            return Right()
        case "locked":
            return Locked()
        case left:
            return Wrong(Count(int(left)))
