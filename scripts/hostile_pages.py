"""Hostile pages: what a site may send to hold up a crawl, to fill its memory, or to hide results.

Each is a page of ordinary results with something added, so that a run which reads it as *ok* must
have stored all of them.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import cache
from urllib.parse import urlsplit

import brotli

from tests.helpers.odd_site import Answer, Asked, results

RESULTS = 12
"""Advertisements on a page."""
UNPACKED = 200_000_000
"""Bytes of a bomb once it is unpacked."""
RING = 10_000
"""Addresses of a ring of redirects."""
Page = Callable[[Asked], Answer]


def _ordinary(asked: Asked) -> str:
    return results(asked, RESULTS).body


def _before(make: Callable[[], str]) -> Page:
    """A page that begins with a text, which is made once it is asked for."""
    made = cache(make)
    return lambda asked: Answer(made() + _ordinary(asked))


def _packed(encoding: str, pack: Callable[[bytes], bytes]) -> Page:
    made = cache(lambda: pack(bytes(UNPACKED)))
    return lambda _: Answer(raw=made(), headers={"Content-Encoding": encoding})


def _repeated(text: str, number: int = 100_000) -> str:
    """`text` again and again, with the number of each in place of {n}."""
    return "".join(text.replace("{n}", str(n)) for n in range(number))


def _ring(asked: Asked) -> Answer:
    """Redirects through a ring of addresses."""
    path, _, hop = asked.path.partition("&hop=")
    following = (int(hop or 0) + 1) % RING
    return Answer(status=302, headers={"Location": f"{path}&hop={following}"})


def _refreshing(asked: Asked) -> Answer:
    """A page that leads to another one by a meta refresh, as does the other one."""
    query = urlsplit(asked.path).query
    refresh = f'<meta http-equiv="refresh" content="0;url=/search?{query}&again={asked.before}">'
    return Answer(refresh + _ordinary(asked))


def _marked(asked: Asked) -> Answer:
    """A page with a byte order mark at each kilobyte, and one within each title."""
    text = _ordinary(asked).replace("手镯", "手\ufeff镯") + "<p>" + "说明" * 200_000
    return Answer("\ufeff".join(text[at : at + 1000] for at in range(0, len(text), 1000)))


def _cookies(asked: Asked) -> Answer:
    return Answer(_ordinary(asked), headers={"Set-Cookie": f"a={'b' * 1_000_000}; Path=/"})


PAGES: dict[str, Page] = {
    "100,000 options": _before(
        lambda: f"<select>{_repeated('<option value={n}>象牙 {n}</option>')}</select>"
    ),
    "tables nested 5,000 deep": _before(lambda: "<table><tr><td>" * 5_000),
    "a million empty cards": _before(lambda: "<li>" * 1_000_000),
    "400,000 keys of one name": _before(
        lambda: (
            '<script type="application/ld+json">{'
            + '"ad":{"title":"象牙"},' * 400_000
            + '"end":1}</script>'
        )
    ),
    "100,000 attributes": _before(lambda: f"<div{_repeated(' data-a{n}=x')}></div>"),
    "a form of 100,000 fields": _before(
        lambda: f'<form action="/search">{_repeated("<input type=hidden name=n{n}>")}</form>'
    ),
    "an address of a million letters": _before(lambda: f'<a href="/{"a?" * 500_000}">下一页</a>'),
    "a million entities": _before(lambda: f"<p>{'&nbsp;' * 1_000_000}</p>"),
    "a million combining marks": _before(
        lambda: f"<p>a{(marks := chr(0x316) + chr(0x301)) * 500_000}</p><a href=//{marks * 50_000}>"
    ),
    "gzip bomb": _packed("gzip", gzip.compress),
    "brotli bomb": _packed("br", lambda body: bytes(brotli.compress(body, quality=1))),
    "ring of 10,000 redirects": _ring,
    "meta refresh without an end": _refreshing,
    "cookie of 1 MB": _cookies,
    "a byte order mark each kilobyte": _marked,
}
"""Each hostile page by its name."""
