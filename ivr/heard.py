"""What providers tell us of calls: a turn in one, what became of one, a missed one."""

from dataclasses import dataclass, field

NOT_TOLD = -1
"""A turn's number, where the dialect cannot bring it back."""


@dataclass(frozen=True, slots=True)
class CallTurn:
    """A provider asks what to do in a call.

    `call`: its id of the call, 1 to 128 printable characters. `msisdn`: the citizen's number in E.164, "" when it is
    withheld, no valid Indian number, or not told again (`Capabilities.names_caller`). `number`: ours, in E.164 where it
    is an Indian one. `inbound`: they rang us. `turn`: the number of our answer that led here, from the address that we
    gave out (0: the first; `NOT_TOLD`). `keys`: what was keyed, None when nothing was asked before; "" is silence.
    `by_machine`: an answering machine took the call, as far as the provider can tell. `task`: our own number of the
    call that we placed, in its first turn; 0 in later ones and in a call that came in. `waited`: what came of
    `Enqueue`: `met` (a person spoke with the caller), `unmet`, "" when nobody was waited for.
    """

    call: str = field(repr=False)
    msisdn: str = field(repr=False)
    number: str
    inbound: bool
    turn: int = 0
    keys: str | None = field(default=None, repr=False)
    by_machine: bool = False
    task: int = 0
    waited: str = ""


@dataclass(frozen=True, slots=True)
class CallStatus:
    """What became of a call. `state`: `ringing` (or on its way there), `answered`, or one that ends it: `done`, `busy`,

    `no_answer`, `failed`, `canceled`. `msisdn` is "" where this webhook does not name the citizen. `order`: the
    provider's sequence number, 0 where there is none; `seconds` it lasted; `paise` it cost, -1 where that is not told
    in rupees. `task` is our own number of the call that we placed, 0 for one that came in.
    """

    call: str = field(repr=False)
    msisdn: str = field(repr=False)
    number: str
    inbound: bool
    state: str
    order: int = 0
    seconds: int = 0
    paise: int = -1
    task: int = 0


@dataclass(frozen=True, slots=True)
class MissedCall:
    """Somebody rang the missed-call number; `ref` is the provider's id of it, unique for ever.

    `msisdn` is "" when it is withheld or no valid Indian number: nobody can be called back, and all the same the call
    has to be answered.
    """

    ref: str = field(repr=False)
    msisdn: str = field(repr=False)
    number: str
