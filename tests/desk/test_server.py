"""Server of the desk: half-open connections, requests cut short, TLS, headers."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask, Response, request

from wildcrawl.desk import server as module
from wildcrawl.desk.accounts import AccessError
from wildcrawl.desk.server import DeskServer, check_certificate
from wildcrawl.local_server import PortError

SEEN: list[bytes] = []
HELD, RELEASED = threading.Event(), threading.Event()


def small_app() -> Flask:
    app = Flask("small")
    app.config["MAX_CONTENT_LENGTH"] = 1000

    @app.get("/")
    def page() -> str:
        return f"page over {request.scheme}"

    @app.get("/empty")
    def empty() -> tuple[str, int]:
        return "", 204

    @app.get("/large")
    def large() -> str:
        return "0123456789" * 100_001

    @app.get("/endless")
    def endless() -> Response:
        return Response(b"x" * 100_000 for _ in count())

    @app.get("/held")
    def held() -> str:
        HELD.set()
        RELEASED.wait(20)
        return "held"

    @app.get("/sender")
    def sender() -> str:
        return request.headers.get("X-Forwarded-For", "none")

    @app.post("/form")
    def form() -> str:
        SEEN.append(request.get_data())
        return "saved"

    return app


@contextmanager
def serving(certificate: Path | None = None, key: Path | None = None) -> Iterator[int]:
    server = DeskServer("127.0.0.1", 0)
    thread = threading.Thread(target=server.serve, args=(small_app(), certificate, key))
    thread.start()
    try:
        yield server.port
    finally:
        server.stop()
        thread.join()


def answer(port: int, request: bytes, context: ssl.SSLContext | None = None) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as plain:
        link = context.wrap_socket(plain, server_hostname="localhost") if context else plain
        link.sendall(request)
        received = b""
        while block := link.recv(4096):
            received += block
        return received.decode()


def get(port: int, path: str, method: str = "GET", context: ssl.SSLContext | None = None) -> str:
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    return answer(port, head.encode(), context)


def test_half_open_connections_hold_no_thread_and_are_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "TIMEOUT", 2)
    with serving() as port:
        assert get(port, "/").endswith("page over http")
        before = threading.active_count()
        body = b"POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\nhalf a form"
        links = []
        for start in (b"", b"GET / HTTP/1.1\r\nHost: loc", body) * 60:
            link = socket.create_connection(("127.0.0.1", port), timeout=20)
            link.sendall(start)
            links.append(link)
        assert get(port, "/").endswith("page over http"), "others are answered meanwhile"
        assert threading.active_count() <= before + 1
        for link in links:
            # Closed by the server, with or without an answer.
            while link.recv(4096):
                pass
            link.close()
        # A client that ends in the middle of its form has sent none.
        with socket.create_connection(("127.0.0.1", port)) as link:
            link.sendall(body)
        assert get(port, "/").endswith("page over http")
        assert SEEN == []
        form = (
            b"POST /form HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nabcd"
        )
        assert answer(port, form).endswith("saved")
        assert SEEN == [b"abcd"]


def test_clients_that_read_nothing_hold_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TIMEOUT", 1)
    with serving() as port:
        links = []
        # More than there are threads; each asks for more than the system keeps for a reader.
        for path in ("/large", "/endless") * module.THREADS:
            link = socket.socket()
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            link.connect(("127.0.0.1", port))
            link.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode() * 8)
            links.append(link)
        for _ in range(5):
            assert get(port, "/").endswith("page over http"), "others are answered meanwhile"
        whole = get(port, "/large").partition("\r\n\r\n")[2]
        assert whole == "0123456789" * 100_001, "a reader gets each part once, in order"
        for link in links:
            link.close()


def test_a_server_that_stops_reports_no_answers_on_their_way(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "GRACE", 0.2)
    server = DeskServer("127.0.0.1", 0)
    serves = threading.Thread(target=server.serve, args=(small_app(),))
    asks = threading.Thread(target=get, args=(server.port, "/held"))
    serves.start()
    asks.start()
    assert HELD.wait(20)
    server.stop()
    # The client's connection ends, and only then the application's thread.
    asks.join(20)
    RELEASED.set()
    serves.join(20)
    assert not serves.is_alive()
    assert capfd.readouterr().err == ""


def test_a_header_that_a_proxy_does_not_know_is_not_one_of_its_own() -> None:
    head = "GET /sender HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{}\r\n"
    with serving() as port:
        forged = "X-Forwarded-For: 192.0.2.1\r\nX_Forwarded_For: 192.0.2.9\r\n"
        assert answer(port, head.format(forged).encode()).endswith("192.0.2.1")
        alone = "X_Forwarded_For: 192.0.2.9\r\n"
        assert answer(port, head.format(alone).encode()).endswith("none")


def test_answers_tell_nothing_of_the_program_and_large_requests_are_refused() -> None:
    with serving() as port:
        for path, method in (("/", "GET"), ("/", "HEAD"), ("/empty", "GET"), ("/none", "GET")):
            told = get(port, path, method).lower()
            assert told.startswith("http/1.1 ")
            for word in ("server:", "hypercorn", "werkzeug", "python"):
                assert word not in told
        assert get(port, "/empty").startswith("HTTP/1.1 204")
        large = b"POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n"
        refused = answer(port, large + b"Connection: close\r\n\r\n")
        assert refused.startswith("HTTP/1.1 413")
        assert "1001 bytes; the most is 1000" in refused
        with pytest.raises(PortError, match="choose another one"):
            DeskServer("127.0.0.1", port)


def test_tls_takes_no_clear_text(tmp_path: Path) -> None:
    certificate, key = made_certificate(tmp_path)
    check_certificate(certificate, key)
    context = ssl.create_default_context(cafile=certificate)
    with serving(certificate, key) as port:
        assert get(port, "/", context=context).endswith("page over https")
        with pytest.raises(ssl.SSLError):
            get(port, "/", context=ssl.create_default_context())
        try:
            told = get(port, "/")
        except ConnectionError:
            told = ""
        assert "page over" not in told
    with pytest.raises(AccessError, match="not a certificate and its key"):
        check_certificate(key, certificate)


def test_an_encrypted_key_is_refused_without_asking_for_its_passphrase(tmp_path: Path) -> None:
    """A service has nobody to answer, and a person would be asked twice."""
    certificate, key = made_certificate(tmp_path)
    secret = serialization.load_pem_private_key(key.read_bytes(), None)
    key.write_bytes(
        secret.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"a passphrase"),
        )
    )
    with pytest.raises(AccessError, match=r"key\.pem is encrypted"):
        check_certificate(certificate, key)


def made_certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate = folder / "cert.pem"
    certificate.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    secret = folder / "key.pem"
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, secret
