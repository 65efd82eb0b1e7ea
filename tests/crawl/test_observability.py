"""Logs, metrics and alerts of a run, as programs outside see them."""

from __future__ import annotations

import json
import logging
import smtplib
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar, Self

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.helpers.certificates import self_signed
from tests.helpers.settings import settings_in
from wildcrawl.crawl import alerts
from wildcrawl.crawl.alerts import RunAlert, check_alerts, send_alert
from wildcrawl.crawl.logs import JsonFormatter, log_format_of
from wildcrawl.crawl.metrics import check_metrics, write_metrics
from wildcrawl.crawl.session import Session
from wildcrawl.items import Run

START = datetime(2026, 11, 3, 4, 0, tzinfo=UTC)
BROKEN = Run(
    "r1",
    "mall",
    START,
    START + timedelta(minutes=2),
    pages=3,
    new=7,
    health="broken",
    reason="价格",
)


def test_a_line_of_the_log_is_one_json_object() -> None:
    record = logging.makeLogRecord(
        {"name": "x", "levelname": "INFO", "msg": "%s\n象牙", "args": ("a",), "health": "ok"}
    )
    record.spider = SimpleNamespace(name="mall")
    text = JsonFormatter().format(record)
    assert "\n" not in text
    line = json.loads(text)
    assert (line["level"], line["message"], line["site"]) == ("INFO", "a\n象牙", "mall")
    assert line["health"] == "ok"
    assert datetime.fromisoformat(line["time"]).utcoffset() == timedelta()
    with pytest.raises(ValueError, match=r"'xml' is not a valid log format; choose one of text"):
        log_format_of(settings_in(Path(), WILDCRAWL_LOG_FORMAT="xml"))


def test_metrics_are_what_prometheus_reads(tmp_path: Path) -> None:
    path = write_metrics(tmp_path, BROKEN, stored=False)
    assert [each.name for each in tmp_path.iterdir()] == ["wildcrawl-mall.prom"]
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(path.read_text(encoding="utf-8"))
        for sample in family.samples
    }
    assert samples["wildcrawl_run_new", "mall"] == 7
    assert samples["wildcrawl_run_health", "broken", "mall"] == 1
    assert samples["wildcrawl_run_health", "ok", "mall"] == 0
    assert samples["wildcrawl_run_duration_seconds", "mall"] == 120
    assert samples["wildcrawl_run_stored", "mall"] == 0
    assert samples["wildcrawl_disk_free_bytes",] > 0
    with pytest.raises(ValueError, match=r"WILDCRAWL_METRICS: .* is not a folder; create it"):
        check_metrics(tmp_path / "absent")


@contextmanager
def webhook(status: int) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """The address of a webhook that answers with `status`, and what it was sent."""
    sent: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.send_header("Location", self.path)
            self.end_headers()

        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook/s3cret", sent
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_failed_run_is_posted_and_a_good_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with webhook(200) as (url, sent):
        settings = settings_in(tmp_path, WILDCRAWL_ALERT_URL=url)
        session = Session(settings, BROKEN)
        RunAlert(session).closed()
        session.run = Run("r2", "mall", START, START, health="ok")
        RunAlert(session).closed()
        session.failed = True
        session.run.reason = "3 advertisements are not in the store"
        RunAlert(session).closed()
        session.failed = False
        monkeypatch.setattr(alerts, "ROOM_NEEDED", 1 << 60)
        RunAlert(session).closed()
    assert [each["reason"][:12] for each in sent] == ["价格", "3 advertisem", "the disk of "]
    assert sent[0]["text"] == "wildcrawl: mall is broken: 价格"
    assert "the disk of the store has" in sent[2]["reason"]


@pytest.mark.parametrize("status", [500, 302, 99999, 0])
def test_an_alert_that_is_not_taken_names_no_address(
    tmp_path: Path, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    with webhook(status or 200) as (url, _):
        address = url if status else "http://127.0.0.1:1/hook/s3cret"
        RunAlert(Session(settings_in(tmp_path, WILDCRAWL_ALERT_URL=address), BROKEN)).closed()
    assert "the webhook of WILDCRAWL_ALERT_URL did not take the alert" in caplog.text
    assert "s3cret" not in caplog.text


MAIL = "smtp://anna:s3cret@mail.example/?to=anna@example.org&from=crawl@example.org"


def test_an_alert_is_mailed_after_a_secure_login(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Any] = []

    class Server:
        def __init__(self, host: str, port: int, timeout: float) -> None:
            done.append((host, port))

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def starttls(self, context: ssl.SSLContext) -> None:
            done.append(context.verify_mode)

        def login(self, user: str, password: str) -> None:
            done.append((user, password))

        def send_message(self, message: EmailMessage) -> None:
            done.append(message)

    monkeypatch.setattr(smtplib, "SMTP", Server)
    settings = settings_in(tmp_path, WILDCRAWL_ALERT_MAIL=MAIL)
    assert send_alert(settings, "mall\nis broken", {"reason": "价格"}) == []
    assert done[:3] == [("mail.example", 587), ssl.CERT_REQUIRED, ("anna", "s3cret")]
    assert (done[3]["Subject"], done[3]["To"]) == ("mall is broken", "anna@example.org")
    assert "价格" in done[3].get_content()

    def away(*_: object, **__: object) -> None:
        raise ConnectionRefusedError("mail.example refused")

    monkeypatch.setattr(smtplib, "SMTP", away)
    (fault,) = send_alert(settings, "x", {})
    assert str(fault).endswith("did not take the alert: ConnectionRefusedError")


class MailServer(socketserver.StreamRequestHandler):
    """Mail server on loopback; it offers a secure connection if the connection is not one."""

    context: ssl.SSLContext | None = None
    at_once = False
    """Whether the connection is secure from its beginning."""
    lines: ClassVar[list[str]] = []
    """What it has read."""

    def handle(self) -> None:
        if self.at_once:
            self._secure()
        self._say("220 ready")
        in_letter = False
        for line in iter(self.rfile.readline, b""):
            self.lines.append(line.decode().rstrip())
            word = self.lines[-1].upper()
            if in_letter:
                in_letter = word != "."
                if not in_letter:
                    self._say("250 taken")
            elif word.startswith("EHLO"):
                self._say("250-here", "250 STARTTLS" if self.context else "250 HELP")
            elif word == "STARTTLS":
                self._say("220 go on")
                self._secure()
            elif word == "DATA":
                in_letter = True
                self._say("354 go on")
            else:
                self._say("221 bye" if word == "QUIT" else "250 yes")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    def _secure(self) -> None:
        assert self.context
        self.connection = self.context.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)


@contextmanager
def mail_server(**attributes: Any) -> Iterator[tuple[int, list[str]]]:
    """The port of a mail server, and the lines that it has read."""
    lines: list[str] = []
    handler = type("Handler", (MailServer,), {"lines": lines, **attributes})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server.server_address[1], lines
        server.shutdown()


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_no_password_goes_to_a_mail_server_without_a_valid_certificate(
    tmp_path: Path, scheme: str, caplog: pytest.LogCaptureFixture
) -> None:
    with mail_server(context=self_signed(tmp_path), at_once=scheme == "smtps") as (port, lines):
        address = f"{scheme}://anna:s3cret@127.0.0.1:{port}/?to=anna@example.org"
        RunAlert(Session(settings_in(tmp_path, WILDCRAWL_ALERT_MAIL=address), BROKEN)).closed()
    assert "did not take the alert: SSLCertVerificationError" in caplog.text
    assert [line for line in lines if not line.upper().startswith(("EHLO", "STARTTLS"))] == []
    assert "s3cret" not in caplog.text


def test_a_mail_without_a_password_needs_no_secure_connection(tmp_path: Path) -> None:
    with mail_server() as (port, lines):
        address = f"smtp://127.0.0.1:{port}/?to=anna@example.org"
        settings = settings_in(tmp_path, WILDCRAWL_ALERT_MAIL=address)
        assert send_alert(settings, "mall is broken", {"reason": "half \ud83d"}) == []
    assert "Subject: mall is broken" in lines
    assert "reason: half \\ud83d" in lines


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("WILDCRAWL_ALERT_URL", "http://127.0.0.1:{port}/s3cret"),
        ("WILDCRAWL_ALERT_MAIL", "smtp://127.0.0.1:{port}/?to=s3cret@example.org"),
    ],
)
def test_a_server_that_answers_a_byte_now_and_then_has_a_deadline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, address: str
) -> None:
    over = threading.Event()

    class Drips(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            while not over.wait(0.01):
                self.request.send(b"2")

    monkeypatch.setattr(alerts, "DEADLINE", 0.1)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Drips) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        settings = settings_in(tmp_path, **{name: address.format(port=server.server_address[1])})
        (fault,) = send_alert(settings, "mall is broken", {"reason": "prices"})
        over.set()
        server.shutdown()
    assert str(fault) == f"the server of {name} did not take the alert within 0.1 s"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WILDCRAWL_ALERT_URL", "s3cret"),
        ("WILDCRAWL_ALERT_URL", "file:///s3cret"),
        ("WILDCRAWL_ALERT_MAIL", "smtp://anna:s3cret@host/"),
        ("WILDCRAWL_ALERT_MAIL", "imap://anna:s3cret@host/?to=a@b"),
    ],
)
def test_a_wrong_address_is_refused_and_not_shown(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is not valid; write ") as caught:
        check_alerts(settings_in(tmp_path, **{name: value}))
    assert "s3cret" not in str(caught.value)
