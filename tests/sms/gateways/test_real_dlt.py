"""What an operator's SMSC gets of DLT, through a real Kannel over SMPP."""

import pytest

from tests.kannel import PASSWORD, USER, serving, wait, why_not
from tests.smpp import listening, parameters
from tests.sms.gateways.aggregator import HINDI, LONG, gateway, outgoing

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())
ENTITY, TEMPLATE = "1101234567890123456", "1107161234567890123"
GROUP = """\
group = smsc
smsc = smpp
smsc-id = operator
host = 127.0.0.1
port = {port}
transceiver-mode = true
smsc-username = ghanti
smsc-password = secret
system-type = ""
"""


@pytest.mark.parametrize(("text", "parts"), [(HINDI, 1), (LONG, 5)])
def test_every_part_carries_the_entity_and_the_template(text: str, parts: int) -> None:
    with (
        listening() as smsc,
        serving("http://127.0.0.1:9/", GROUP.replace("{port}", str(smsc.port))) as kannel,
    ):
        ours = gateway("kannel", kannel.url, user=USER, password=PASSWORD, entity=ENTITY, seconds=5.0)
        ours.send(outgoing(text, template=TEMPLATE))
        wait(lambda: len(smsc.submitted) >= parts, "the SMSC got no such text")
    found = [parameters(submitted) for submitted in smsc.submitted]
    assert [(part.get(0x1400), part.get(0x1401)) for part in found] == [(ENTITY.encode(), TEMPLATE.encode())] * parts


def test_without_a_template_neither_is_sent() -> None:
    with (
        listening() as smsc,
        serving("http://127.0.0.1:9/", GROUP.replace("{port}", str(smsc.port))) as kannel,
    ):
        ours = gateway("kannel", kannel.url, user=USER, password=PASSWORD, seconds=5.0)
        ours.send(outgoing("1", template=""))
        wait(lambda: bool(smsc.submitted), "the SMSC got no text")
    assert not {0x1400, 0x1401} & parameters(smsc.submitted[0]).keys()
