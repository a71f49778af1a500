import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from flows.operations.deadline import Deadline, DeadlinePassed
from services import http
from services.configuration import UpstreamSettings
from services.http import Upstream, UpstreamDown

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{"a":1}'


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that signs itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return file


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


def url(listener: socket.socket) -> str:
    return f"https://127.0.0.1:{listener.getsockname()[1]}"


def answer(listener: socket.socket, authority: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority)
    connection, _ = listener.accept()
    with connection:
        try:
            with context.wrap_socket(connection, server_side=True) as secure:
                secure.recv(65536)
                secure.sendall(ANSWER)
        except OSError:
            return


def trusting(monkeypatch: pytest.MonkeyPatch, authority: Path) -> None:
    monkeypatch.setattr(http, "_tls", lambda: ssl.create_default_context(cafile=str(authority)))


def test_a_secure_upstream_is_asked(listener: socket.socket, authority: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trusting(monkeypatch, authority)
    threading.Thread(target=answer, args=(listener, authority), daemon=True).start()
    upstream = Upstream(UpstreamSettings("test", base_url=url(listener)))
    assert upstream.read("/x", until=Deadline.after(5.0)).data == {"a": 1}


def test_a_certificate_that_nobody_vouches_for_is_refused(listener: socket.socket, authority: Path) -> None:
    threading.Thread(target=answer, args=(listener, authority), daemon=True).start()
    with pytest.raises(UpstreamDown, match="ConnectError"):
        Upstream(UpstreamSettings("test", base_url=url(listener))).write("/x", until=Deadline.after(5.0), body={})


def test_a_handshake_does_not_outlast_the_deadline(listener: socket.socket) -> None:
    upstream = Upstream(UpstreamSettings("test", base_url=url(listener), connect_seconds=5.0))
    began = time.monotonic()
    with pytest.raises(DeadlinePassed):
        upstream.read("/x", until=Deadline.after(0.2))
    assert time.monotonic() - began < 1.0
