"""Odd site: a site on loopback that answers as a test decides, and records its requests."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import parse_qs, urlsplit

ROBOTS = "User-agent: *\nAllow: /\n"
LINGER = 0.03
"""Seconds that an answer takes, so that requests made at once meet."""


@dataclass
class Answer:
    """What the site sends back."""

    body: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Asked:
    """One request as it came: the path with its query, and how often it came before."""

    host: str
    path: str
    agent: str
    before: int

    @property
    def keyword(self) -> str:
        return parse_qs(urlsplit(self.path).query).get("key", [""])[0]


@dataclass
class OddSite:
    """The site: its address, and what it was asked for."""

    port: int
    asked: list[Asked] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def paths(self, begins: str = "/") -> list[str]:
        return [each.path for each in self.asked if each.path.startswith(begins)]


@contextmanager
def odd_site(answer: Callable[[Asked], Answer], robots: Answer | None = None) -> Iterator[OddSite]:
    """Serves what `answer` gives for a request; robots.txt allows all if nothing else is said."""
    lock = Lock()
    rules = robots or Answer(ROBOTS)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with lock:
                before = sum(each.path == self.path for each in site.asked)
                host, agent = self.headers["Host"], self.headers["User-Agent"]
                asked = Asked(host.partition(":")[0], self.path, agent, before)
                site.asked.append(asked)
                site.at_once += 1
                site.most_at_once = max(site.most_at_once, site.at_once)
            time.sleep(LINGER)
            given = rules if self.path == "/robots.txt" else answer(asked)
            body = given.body.encode()
            with lock:
                site.at_once -= 1
            self.send_response(given.status)
            for name, value in given.headers.items():
                self.send_header(name, value)
            if "Content-Type" not in given.headers:
                self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = OddSite(server.server_port)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def results(asked: Asked, number: int = 2) -> Answer:
    """A page of results of its keyword's own."""
    mark = "".join(f"{ord(each):x}" for each in asked.keyword)
    return Answer(
        "".join(
            f'<li data-id="{mark}{n}"><a href="/item/{mark}{n}">{asked.keyword} 手镯 {n}</a>'
            f'<b class="price">{n + 1}00元</b></li>'
            for n in range(number)
        )
    )
