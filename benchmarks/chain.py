"""Chain benchmark: a crawl of a site of cards, against a bare spider that writes JSON lines.

Run: python -m benchmarks.chain [--searches 112] [--totals] [--profile FILE]

A server on loopback answers each search with two pages of 50 cards, none of which is shown twice;
the cards hold everything, so that no page of an advertisement is requested. The bare spider of
Scrapy requests the same pages and applies the same selectors; both wait for nothing between
requests. Processor seconds are of whole processes, and the start of each is measured by a crawl of
one search and taken off. With `--totals` the lists state how many cards they have, so that none is
requested again.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from flask import Flask, request

ROOT = Path(__file__).resolve().parent.parent
PAGE = 50
PAGES = 2
TITLES = (
    "老象牙手串 {n} 民国旧物",
    "{n}号 精品犀角杯 老料",
    "现代翡翠手镯 {n} 冰种",
    "仿象牙摆件 树脂 {n}",
    "玳瑁眼镜框 老上海 {n}",
    "和田玉籽料挂件 {n}",
)
TEXTS = "包浆自然，传世精品，喜欢的朋友可以联系，支持当面看货，尺寸见图，售出不退。"
FIELDS = {
    "ad_id": "::attr(data-id)",
    "url": "a.title::attr(href)",
    "title": "a.title::text",
    "description": "p.text::text",
    "price": ".price::text",
    "seller": ".seller::text",
    "location": ".place::text",
    "posted_at": "time::text",
    "image_urls": "img::attr(src)",
}
SEARCH = "/search?q={keyword}&page={page}"
OURS = '''"""Site of cards."""

from wildcrawl.base_spiders import HtmlSearchSpider
from wildcrawl.demo.site import DemoSite


class Cards(DemoSite, HtmlSearchSpider):
    name = "cards"
    label = "Site of cards"
    label_zh = "卡片"
    kind = "antiques"
    since = "2026-01"
    home = "/"
    search_url = {search!r}
    card = "li.item"
    empty = "p.none"
    next_page = "a.next::attr(href)"
    fields = {fields!r}
    expect = {{"advertisements": 20, "title": 1.0, "price": 0.8}}
'''
BARE = """import scrapy
from urllib.parse import quote

FIELDS = {fields!r}


class Cards(scrapy.Spider):
    name = "cards"

    async def start(self):
        for keyword in {keywords!r}:
            yield scrapy.Request({base!r} + {search!r}.format(keyword=quote(keyword), page=1))

    def parse(self, response):
        for card in response.css("li.item"):
            item = {{name: card.css(query).get("") for name, query in FIELDS.items()}}
            item["url"] = response.urljoin(item["url"])
            yield item
        following = response.css("a.next::attr(href)").get()
        if following:
            yield response.follow(following)
"""
SETTINGS = {
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "0",
    "CONCURRENT_REQUESTS": "1",
    "LOG_LEVEL": "WARNING",
    "ROBOTSTXT_OBEY": "0",
}


@dataclass(frozen=True)
class Cost:
    """Processor seconds and peak memory in MB of a process."""

    seconds: float
    memory: float


def site(totals: bool) -> Flask:
    """The site of cards, whose lists state their `totals` or do not."""
    app = Flask(__name__)
    numbers: dict[str, int] = {}

    @app.get("/search")
    def search() -> str:
        keyword, page = request.args["q"], int(request.args["page"])
        first = numbers.setdefault(keyword, len(numbers)) * PAGE * PAGES + (page - 1) * PAGE
        cards = "".join(card(number, keyword) for number in range(first, first + PAGE))
        following = f'<a class="next" href="/search?q={keyword}&page={page + 1}">下一页</a>'
        total = f"<p>共 {PAGE * PAGES} 件</p>" if totals else ""
        return (
            f'<html><head><meta charset="utf-8"><title>{keyword}</title></head><body>'
            f'<form action="/search"><input name="q" value="{keyword}"></form>{total}'
            f'<ul class="list">{cards}</ul><div class="pages">'
            f"{following if page < PAGES else ''}</div></body></html>"
        )

    return app


def card(number: int, keyword: str) -> str:
    """The card of advertisement `number`; every sixth is of no interest."""
    title = TITLES[number % len(TITLES)].format(n=number)
    if number % 3 == 0:
        title = f"{title} {keyword}"
    return (
        f'<li class="item" data-id="{number}"><a class="title" href="/item/{number}.html">{title}'
        f'</a><img src="/img/{number}.jpg"><p class="text">{TEXTS}</p>'
        f'<span class="price">￥{number % 900 + 100}.00</span>'
        f'<span class="seller">藏友{number % 97}</span><span class="place">北京</span>'
        f"<time>2026-11-{number % 28 + 1:02} 10:20</time></li>"
    )


def serve(port: Connection, totals: bool) -> None:
    """Serves the site of cards, and sends its port through `port`."""

    class Handler(WSGIRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing."""

    with make_server("127.0.0.1", 0, site(totals), WSGIServer, Handler) as server:
        port.send(server.server_port)
        server.serve_forever()


@contextmanager
def running_site(totals: bool) -> Iterator[str]:
    """The address of the site of cards."""
    ours, theirs = Pipe()
    server = Process(target=serve, args=(theirs, totals), daemon=True)
    server.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        server.terminate()
        server.join()


def measured(command: list[str], folder: Path, **environment: str) -> Cost:
    """The cost of a process that must succeed."""
    with subprocess.Popen(command, cwd=folder, env=os.environ | environment) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, (command, process.returncode)
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def options() -> list[str]:
    return [part for name, value in SETTINGS.items() for part in ("-s", f"{name}={value}")]


def crawl(base: str, folder: Path, keywords: list[str], profile: str = "") -> Cost:
    """The cost of a crawl of this project for `keywords`."""
    folder.mkdir()
    sites = folder / "cards_site"
    sites.mkdir()
    (sites / "__init__.py").touch()
    code = OURS.format(search=SEARCH, fields=FIELDS)
    (sites / "cards.py").write_text(code, encoding="utf-8")
    scrapy = ["-m", "cProfile", "-o", profile, "-m", "scrapy"] if profile else ["-m", "scrapy"]
    return measured(
        [
            *(sys.executable, *scrapy, "crawl", "cards", "-a", f"keywords={','.join(keywords)}"),
            *options(),
            *("-s", "WILDCRAWL_EVIDENCE=off", "-s", "SPIDER_MODULES=cards_site"),
        ],
        folder,
        SCRAPY_SETTINGS_MODULE="wildcrawl.settings",
        PYTHONPATH=f"{ROOT}{os.pathsep}{folder}",
        WILDCRAWL_DEMO_URL=base,
        WILDCRAWL_STORE="sqlite:///wildcrawl.db",
    )


def bare_crawl(base: str, folder: Path, keywords: list[str]) -> Cost:
    """The cost of the bare spider for `keywords`."""
    folder.mkdir()
    code = BARE.format(search=SEARCH, fields=FIELDS, keywords=keywords, base=base)
    (folder / "cards.py").write_text(code, encoding="utf-8")
    return measured(
        [
            *(sys.executable, "-m", "scrapy", "runspider", "cards.py", "-o", "cards.jsonl"),
            *options(),
        ],
        folder,
    )


def main() -> None:
    from wildcrawl.analysis.vocabulary import load_vocabulary

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--searches", type=int, default=112)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--totals", action="store_true", help="lists state how many cards they have"
    )
    parser.add_argument("--profile", help="a file for cProfile's figures of this project's crawl")
    given = parser.parse_args()
    keywords = [each.term for each in load_vocabulary().keywords][: given.searches]
    with tempfile.TemporaryDirectory() as name, running_site(given.totals) as base:
        folder = Path(name)
        if given.profile:
            crawl(base, folder / "profiled", keywords, str(Path(given.profile).resolve()))
            return
        for number in range(given.rounds):
            start = crawl(base, folder / f"start{number}", keywords[:1])
            ours = crawl(base, folder / f"ours{number}", keywords)
            bare_start = bare_crawl(base, folder / f"bare_start{number}", keywords[:1])
            bare = bare_crawl(base, folder / f"bare{number}", keywords)
            cards = len(keywords) * PAGE * PAGES
            print(
                f"{cards} cards: {ours.seconds:.2f} s of processor time, {ours.memory:.0f} MB; "
                f"bare {bare.seconds:.2f} s, {bare.memory:.0f} MB: "
                f"{ours.seconds / bare.seconds:.2f} times; "
                f"without the start ({start.seconds:.2f} s and {bare_start.seconds:.2f} s) "
                f"{(ours.seconds - start.seconds) / (bare.seconds - bare_start.seconds):.2f} times"
            )


if __name__ == "__main__":
    main()
