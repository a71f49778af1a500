"""A real Kannel for tests: bearerbox and smsbox in a folder of their own, and phones behind a simulated SMSC.

Everything listens on 127.0.0.1, but for the port of the simulated SMSC: Kannel's driver `fake` binds every interface,
and lets nobody in but 127.0.0.1 (`connect-allow-ip`).
"""

import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_plus, unquote_to_bytes

import httpx

from sessions.tied import tied

USER, PASSWORD = "ghanti", "pass word%"
_READY_SECONDS = 8.0
_SIMULATOR = Path("/usr/lib/kannel/test/fakesmsc")
_GOT = re.compile(r"Got message \d+: <(\S+) (\S+) (.*)>$", re.MULTILINE)

SIMULATED = """\
group = smsc
smsc = fake
smsc-id = fake
port = {port}
connect-allow-ip = 127.0.0.1
"""

CONFIGURATION = """\
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = status
smsbox-port = {smsbox}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
log-file = {folder}/bearerbox.file
log-level = 2

{smsc_group}
group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {smsbox}
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
log-file = {folder}/smsbox.file
log-level = 2
http-request-retry = 720
http-queue-delay = {queue_delay}

group = sendsms-user
username = ghanti
password = "pass word%"
max-messages = 10
concatenation = true

group = sms-service
keyword = default
max-messages = 0
send-sender = true
post-url = "{post_url}"

group = smpp-tlv
name = PEID
tag = 0x1400
type = octetstring
length = 30

group = smpp-tlv
name = TEMPLATE_ID
tag = 0x1401
type = octetstring
length = 30
"""


@dataclass(frozen=True, slots=True)
class Got:
    """A text as the phone got it: its parts joined."""

    sender: str
    to: str
    text: str


class Phone:
    """A phone behind the simulated SMSC, which writes what it gets to a log."""

    def __init__(self, log: Path) -> None:
        self._log = log

    def got(self, parts: int, charset: str = "utf-16-be") -> Got:
        """The text of this many parts, once it is there; the simulator does not tell in which charset parts are."""
        wait(lambda: len(self._found()) >= parts, "the phone got no such text")
        found = self._found()
        assert len(found) == parts, found
        return Got(found[0][0], found[0][1], _text([what for _, _, what in found], charset))

    def count(self) -> int:
        """How many parts it got so far."""
        return len(self._found())

    def _found(self) -> list[tuple[str, str, str]]:
        return _GOT.findall(self._log.read_text(errors="replace"))


class Kannel:
    """A running Kannel. `url`: where smsbox takes texts, `log()`: what the boxes wrote."""

    def __init__(self, folder: Path, ports: dict[str, int]) -> None:
        self._folder = folder
        self._ports = ports
        self.url = f"http://127.0.0.1:{ports['sendsms']}"

    @contextmanager
    def phone(self, says: str = "", msisdn: str = "919876543210", to: str = "56070") -> Iterator[Phone]:
        """A phone that is in the network; it sends `says` once, if anything."""
        log = self._folder / f"phone-{time.monotonic_ns()}.log"
        kind, coded = ("text", says) if says.isascii() else ("ucs2", quote_plus(says.encode("utf-16-be")))
        where = [str(_SIMULATOR), "-H", "127.0.0.1", "-r", str(self._ports["smsc"]), "-i", "0.01"]
        # A simulator without any text to send does not start; with -m 0 it sends none.
        asked = [*where, "-m", str(int(bool(says))), f"{msisdn} {to} {kind} {coded or 'x'}"]
        with _running(asked, log):
            self._wait_for("fake[fake]", "online")
            yield Phone(log)
        self._wait_for("fake[fake]", "connecting", "re-connecting", "disconnected")

    def log(self) -> str:
        """What both boxes wrote to the files that the configuration names."""
        return "".join((self._folder / f"{box}.file").read_text(errors="replace") for box in ("bearerbox", "smsbox"))

    def status(self) -> str:
        """What the bearerbox says of itself; "" while it is not up."""
        with suppress(httpx.HTTPError):
            address = f"http://127.0.0.1:{self._ports['admin']}/status.txt?password=status"
            return httpx.get(address, trust_env=False, timeout=2).text
        return ""

    def _wait_for(self, name: str, *states: str) -> None:
        def there() -> bool:
            lines = [line for line in self.status().splitlines() if name in line]
            return any(f"({state}" in line for line in lines for state in states)

        wait(there, f"{name} is not {states}: {self.status()}")


def why_not() -> str:
    """Why there is none here, in a sentence; "" when there is one."""
    if shutil.which("bearerbox", path="/usr/sbin") is None or not _SIMULATOR.exists():
        return "Kannel is not installed: Debian's packages are kannel and kannel-extras."
    return ""


@contextmanager
def serving(post_url: str, smsc: str = SIMULATED) -> Iterator[Kannel]:
    """A Kannel that posts incoming texts to `post_url`, and ends with this process however it ends.

    `smsc` is the group of its SMSC, with `{port}` for a free port. Start it in the main thread.
    """
    with tempfile.TemporaryDirectory(prefix="ghanti-kannel-", ignore_cleanup_errors=True) as made:
        folder, ports = Path(made), _free_ports("admin", "smsbox", "smsc", "sendsms")
        file = folder / "kannel.conf"
        group = smsc.format(port=ports["smsc"])
        file.write_text(
            CONFIGURATION.format(post_url=post_url, folder=folder, smsc_group=group, queue_delay=1, **ports)
        )
        kannel = Kannel(folder, ports)
        with _running(["/usr/sbin/bearerbox", str(file)], folder / "bearerbox.log") as bearerbox:
            wait(lambda: "running" in kannel.status() or bearerbox.poll() is not None, "bearerbox does not come up")
            assert bearerbox.poll() is None, (folder / "bearerbox.log").read_text()
            with _running(["/usr/sbin/smsbox", str(file)], folder / "smsbox.log"):
                wait(lambda: "smsbox:" in kannel.status() and _listens(ports["sendsms"]), "smsbox does not come up")
                yield kannel


def wait(until: Callable[[], bool], otherwise: str) -> None:
    """Returns once it is so."""
    end = time.monotonic() + _READY_SECONDS
    while not until():
        assert time.monotonic() < end, otherwise
        time.sleep(0.02)


@contextmanager
def _running(command: list[str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            tied(command), stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=log.parent
        )
    try:
        yield process
    finally:
        # In order a box takes seconds to end: it holds nothing here that is worth waiting for.
        process.kill()
        process.wait(5)


def _free_ports(*names: str) -> dict[str, int]:
    held = [socket.create_server(("", 0)) for _ in names]
    ports = {name: listener.getsockname()[1] for name, listener in zip(names, held, strict=True)}
    for listener in held:
        listener.close()
    return ports


def _listens(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def _text(parts: list[str], charset: str) -> str:
    # `text TEXT`, `ucs-2 ENCODED`; one part of several is `udh ENCODED data ENCODED` or `udh ENCODED text TEXT`.
    joined = [part.split(" ", 3)[2:] if part.startswith("udh ") else part.split(" ", 1) for part in parts]
    if {kind for kind, _ in joined} == {"text"}:
        return "".join(text for _, text in joined)
    return b"".join(unquote_to_bytes(coded.replace("+", " ")) for _, coded in joined).decode(charset)
