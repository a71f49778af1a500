"""What a turn counts, told by conversations on the real flows."""

from collections import Counter

from figures.tally import Tally
from figures.turns import RESUME, count_turn
from flows.engine.events import Disconnect, Input, Start
from flows.engine.run import Run
from records.operations import Given, HasPin
from services.post import UnknownPin
from tests.engine.world import TODAY, Caller


class Counting(Tally):
    """Counts where a test can see it."""

    def __init__(self) -> None:
        super().__init__(lambda *_: None, lambda: TODAY)
        self.seen: Counter[tuple[str, ...]] = Counter()

    def count(
        self, what: str, channel: str = "", language: str = "", service: str = "", place: str = "", number: int = 1
    ) -> None:
        self.seen[what, channel, language, service, place] += number

    def unanswered(self, place: str) -> int:
        total = Counter[str]()
        for (what, *_, at), number in self.seen.items():
            total[what] += number if at == place else 0
        return total["prompt"] - total["answer"]


class Counted:
    """Somebody whose turns are counted as a door counts them."""

    def __init__(self) -> None:
        self.tally, self.caller = Counting(), Caller()
        self.caller.services = {"post.offices": UnknownPin(), "consent.status": Given(), "pin.status": HasPin()}

    def dial(self, *inputs: str) -> "Counted":
        self.caller.dial(*inputs)
        return self._count(None)

    def drop_and_dial(self) -> "Counted":
        self.caller.send(Disconnect()).send(Start("run2", "ussd", TODAY, "en"))
        return self._count(None)

    def type(self, *texts: str) -> "Counted":
        for text in texts:
            before = self.caller.run if not self.caller.prompt.final else None
            self.caller.send(Input(text, TODAY))
            self._count(before)
        return self

    def _count(self, before: Run | None) -> "Counted":
        assert self.caller.run is not None
        count_turn(self.tally, self.caller.run, answered=before, prompted=not self.caller.prompt.final)
        return self


def test_each_turn_is_one_hit_of_the_service_that_it_leads_to() -> None:
    told = Counted().dial().type("1", "110002")
    hits = {key[3]: number for key, number in told.tally.seen.items() if key[0] == "hit"}
    assert hits == {"main_menu": 1, "post_offices": 2}
    assert ("hit", "ussd", "en", "post_offices", "") in told.tally.seen


def test_an_answer_is_counted_where_the_prompt_was() -> None:
    told = Counted().dial().type("1")
    assert told.tally.unanswered("main_menu.start") == 0
    assert told.tally.unanswered("post_offices.pin") == 1
    assert told.tally.seen["answer", "ussd", "en", "main_menu", "main_menu.start"] == 1


def test_whoever_types_what_does_not_fit_has_answered_and_is_asked_again() -> None:
    told = Counted().dial().type("1", "99")
    assert told.tally.seen["prompt", "ussd", "en", "post_offices", "post_offices.pin"] == 2
    assert told.tally.unanswered("post_offices.pin") == 1


def test_an_offer_to_go_on_is_a_place_of_its_own() -> None:
    told = Counted().dial().type("1").drop_and_dial()
    assert told.tally.unanswered("post_offices.pin") == 1
    assert told.tally.unanswered(RESUME) == 1
    told.type("1")
    assert told.tally.unanswered(RESUME) == 0
    assert told.tally.unanswered("post_offices.pin") == 2


def test_a_last_screen_asks_nothing() -> None:
    told = Counted().dial().type("09")
    assert sum(number for key, number in told.tally.seen.items() if key[0] == "prompt") == 1
    assert sum(number for key, number in told.tally.seen.items() if key[0] == "hit") == 2


def test_nothing_that_was_typed_is_counted() -> None:
    told = Counted().dial().type("1", "110002", "987654")
    assert not any(typed in "|".join(key) for key in told.tally.seen for typed in ("110002", "987654"))
