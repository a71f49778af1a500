"""The job that sends: the gateways in their order, nothing twice on purpose, nothing that equals no template."""

import logging
from dataclasses import dataclass, field, replace

import pytest

from flows.operations import Caller
from records.outbox import Claimed, Dead, Done, Later, Result
from sms.gateways import Accepted, Incoming, Outgoing, Rejected, Report, Sent, Unsure
from sms.send import REPORT_SECONDS, TOO_OLD, Sending, held
from sms.templates import Template, Templates
from sms.texts import Message, sentence
from tests.sms.worded import catalogue, common, templates, wanted
from wire.webhook import Refused, WireReply, WireRequest

NOW = 1_795_000_000
REFUSED = Rejected("http_503")
TEXT = sentence(common("no_match"), catalogue("hi"))
DEMO = sentence(common("no_match"), catalogue("hi"), demo=True)


@dataclass
class Asked:
    """A gateway that answers what a test says, and keeps what it was asked."""

    name: str
    answers: list[Sent | Exception] = field(default_factory=list)
    idempotent: bool = False
    asked: list[Outgoing] = field(default_factory=list)

    def send(self, outgoing: Outgoing) -> Sent:
        self.asked.append(outgoing)
        answer = self.answers.pop(0) if self.answers else Accepted(f"ref{len(self.asked)}")
        if isinstance(answer, Exception):
            raise answer
        return answer

    def incoming(self, request: WireRequest) -> Incoming | Refused:
        raise NotImplementedError

    def report(self, request: WireRequest) -> Report | Refused:
        raise NotImplementedError

    def taken(self) -> WireReply:
        raise NotImplementedError


def task(message: Message = TEXT, *, last: bool = False, **changed: object) -> Claimed:
    caller = Caller(b"p" * 16, "+919876543210", "sms", "hi")
    made = Claimed(7, "sms.send", "in:1:0", caller, held(message, last=last), 1, NOW, False, True, "me")
    return replace(made, **changed)  # type: ignore[arg-type]


def sent(job: Claimed, *gateways: Asked, demo: bool = False, known: Templates | None = None, now: int = NOW) -> Result:
    return Sending(gateways, known or templates(), now=lambda: now, demo=demo)(job)


def test_the_first_gateway_gets_the_text_and_no_other() -> None:
    first, second = Asked("kannel"), Asked("exotel")
    assert sent(task(), first, second) == Done("kannel:ref1")
    assert first.asked == [Outgoing(7, "in:1:0", "+919876543210", TEXT.text, "1")]
    assert second.asked == []


def test_the_next_gateway_gets_what_the_one_before_refused() -> None:
    first, second, third = Asked("kannel", [REFUSED]), Asked("exotel"), Asked("twilio")
    assert sent(task(), first, second, third) == Done("exotel:ref1")
    assert (len(first.asked), len(second.asked), len(third.asked)) == (1, 1, 0)


def test_what_all_refuse_is_tried_again_later() -> None:
    assert sent(task(), Asked("kannel", [REFUSED]), Asked("exotel", [Rejected("http_429")])) == Later("exotel:http_429")


def test_what_is_refused_for_ever_is_asked_of_nobody_else() -> None:
    second = Asked("exotel")
    assert sent(task(), Asked("kannel", [Rejected("bad_number", lasting=True)]), second) == Dead("kannel:bad_number")
    assert second.asked == []


def test_no_other_gateway_gets_a_text_that_one_may_have() -> None:
    second = Asked("exotel")
    result = sent(task(), Asked("kannel", [Unsure("timeout")]), second)
    assert result == Later("kannel:timeout", unsure=True, seconds=REPORT_SECONDS)
    assert second.asked == []


def test_a_gateway_that_knows_keys_may_be_asked_again_soon() -> None:
    assert sent(task(), Asked("sandbox", [Unsure("timeout")], idempotent=True)) == Later("sandbox:timeout", unsure=True)


def test_a_text_of_unsure_fate_goes_again_to_the_gateway_that_was_asked_and_to_no_other() -> None:
    first, second = Asked("kannel"), Asked("exotel", [REFUSED])
    assert sent(task(unsure=True, reason="exotel:timeout"), first, second) == Later("exotel:http_503")
    assert (len(first.asked), len(second.asked)) == (0, 1)


def test_a_gateway_that_is_gone_from_the_settings_leaves_its_texts_to_the_first_alone() -> None:
    first, second = Asked("kannel", [REFUSED]), Asked("exotel")
    assert sent(task(unsure=True, reason="twilio:timeout"), first, second) == Later("kannel:http_503")
    assert second.asked == []


def test_who_was_killed_over_a_text_leaves_its_report_time_to_come() -> None:
    first = Asked("kannel")
    result = sent(task(unsure=True), first, Asked("exotel"))
    assert result == Later("kannel:killed", unsure=True, seconds=REPORT_SECONDS)
    assert first.asked == []
    assert sent(task(unsure=True, reason="kannel:killed"), first) == Done("kannel:ref1")


def test_who_was_killed_at_a_gateway_that_knows_keys_asks_it_again_at_once() -> None:
    assert sent(task(unsure=True), Asked("sandbox", idempotent=True)) == Done("sandbox:ref1")


def test_a_gateway_that_raises_may_have_the_text_and_its_words_stay_out_of_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    result = sent(task(), Asked("kannel", [ValueError("+919876543210")]), Asked("exotel"))
    assert result == Later("kannel:fault_ValueError", unsure=True, seconds=REPORT_SECONDS)
    assert "9876543210" not in caplog.text
    assert "ValueError" in caplog.text


def test_nobody_waits_for_an_old_text() -> None:
    gateway = Asked("kannel")
    assert sent(task(), gateway, now=NOW + TOO_OLD) == Done("kannel:ref1")
    assert sent(task(), gateway, now=NOW + TOO_OLD + 1) == Dead("too_old")
    assert len(gateway.asked) == 1


def test_a_text_that_equals_no_template_is_not_sent_and_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    gateway = Asked("kannel")
    changed = replace(TEXT, text="something that nobody registered")
    assert sent(task(changed), gateway, demo=True) == Dead("no_template")
    assert gateway.asked == []
    assert "registered" not in caplog.text
    assert TEXT.key in caplog.text


def test_a_text_whose_template_has_no_id_is_sent_in_development_alone() -> None:
    unregistered = Templates(Template(one.key, one.language, one.text) for one in wanted())
    gateway = Asked("kannel")
    assert sent(task(), gateway, known=unregistered) == Dead("not_registered")
    assert sent(task(), gateway, known=unregistered, demo=True) == Done("kannel:ref1")
    assert [outgoing.template for outgoing in gateway.asked] == [""]


def test_a_demonstration_is_sent_in_development_alone() -> None:
    gateway = Asked("kannel")
    assert sent(task(DEMO), gateway) == Dead("no_template")
    assert sent(task(DEMO), gateway, demo=True) == Done("kannel:ref1")


def test_nothing_goes_to_somebody_who_wrote_stop_since_but_the_answer_to_that() -> None:
    gateway = Asked("kannel")
    assert sent(task(wanted=False), gateway) == Done("stopped")
    assert gateway.asked == []
    assert sent(task(wanted=False, last=True), gateway) == Done("kannel:ref1")


def test_nothing_at_all_goes_to_somebody_who_is_blocked() -> None:
    gateway = Asked("kannel")
    assert sent(task(wanted=False, blocked=True, last=True), gateway) == Done("stopped")
    assert gateway.asked == []
