"""Scriptable site on loopback that answers as a test says, and records its requests."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from threading import Lock, Thread
from urllib.parse import parse_qs, urlsplit

ROBOTS = "User-agent: *\nAllow: /\n"
LINGER = 0.03
"""Seconds that an answer takes, so that concurrent requests overlap."""
PIECE = 65_536
"""Bytes of a body that are sent at once."""


@dataclass
class Answer:
    """A response of the site; status 0: the connection is closed without one."""

    body: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    """The body in bytes, in place of `body` in UTF-8."""
    length: int | None = None
    """The length that is declared in place of the body's; below 0 for none."""
    pause: float = 0.0
    """Seconds before each byte of the body, if it is sent a byte at a time."""

    @property
    def content(self) -> bytes:
        return self.body.encode() if self.raw is None else self.raw

    @property
    def declared(self) -> int:
        return len(self.content) if self.length is None else self.length


@dataclass
class Asked:
    """A request: path with query, and `before`, the number of earlier requests for that path."""

    host: str
    path: str
    agent: str
    before: int
    body: str = ""
    cookie: str = ""

    @property
    def keyword(self) -> str:
        return parse_qs(urlsplit(self.path).query).get("key", [""])[0]


@dataclass
class OddSite:
    """The site: its address, its requests so far, and the most at once."""

    port: int
    scheme: str = "http"
    asked: list[Asked] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    sent: dict[str, int] = field(default_factory=dict)
    """Bytes of the last body that was sent to each path."""

    @property
    def address(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def paths(self, begins: str = "/") -> list[str]:
        return [request.path for request in self.asked if request.path.startswith(begins)]


def send(file: BufferedIOBase, response: Answer, sent: dict[str, int], path: str) -> None:
    """Sends the body of a response until it is refused; `sent` has how many bytes so far."""
    body, size = response.content, 1 if response.pause else PIECE
    with suppress(ConnectionError):
        for at in range(0, len(body), size):
            time.sleep(response.pause)
            file.write(body[at : at + size])
            sent[path] = at + size


@contextmanager
def odd_site(
    answer: Callable[[Asked], Answer],
    robots: Answer | Callable[[Asked], Answer] | None = None,
    tls: ssl.SSLContext | None = None,
) -> Iterator[OddSite]:
    """Serves `answer` of each request; robots.txt allows everything unless `robots` is given."""
    lock = Lock()
    rules = robots or Answer(ROBOTS)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with lock:
                before = sum(earlier.path == self.path for earlier in site.asked)
                host, agent = self.headers["Host"], self.headers["User-Agent"]
                length = int(self.headers["Content-Length"] or 0)
                sent = self.rfile.read(length).decode("latin-1")
                cookie = self.headers["Cookie"] or ""
                asked = Asked(host.partition(":")[0], self.path, agent, before, sent, cookie)
                site.asked.append(asked)
                site.at_once += 1
                site.most_at_once = max(site.most_at_once, site.at_once)
            time.sleep(LINGER)
            if self.path != "/robots.txt":
                response = answer(asked)
            else:
                response = rules(asked) if callable(rules) else rules
            with lock:
                site.at_once -= 1
            if not response.status:
                self.close_connection = True
                return
            self.send_response(response.status)
            for name, value in response.headers.items():
                self.send_header(name, value)
            if "Content-Type" not in response.headers:
                self.send_header("Content-Type", "text/html; charset=utf-8")
            if response.declared >= 0:
                self.send_header("Content-Length", str(response.declared))
            self.end_headers()
            send(self.wfile, response, site.sent, self.path)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = OddSite(server.server_port, "https" if tls else "http")
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def results(asked: Asked, number: int = 2) -> Answer:
    """A page of results that differ by keyword."""
    prefix = "".join(f"{ord(character):x}" for character in asked.keyword)
    return Answer(
        "".join(
            f'<li data-id="{prefix}{n}"><a href="/item/{prefix}{n}">{asked.keyword} 手镯 {n}</a>'
            f'<b class="price">{n + 1}00元</b></li>'
            for n in range(number)
        )
    )
