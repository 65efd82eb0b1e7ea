"""A real NodeBB with planted advertisements: its boards are walked by its API."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.engines.conftest import installed
from tests.engines.planted import planted, report, slug, stored
from tests.engines.servers import running
from tests.helpers.crawling import environment, scrapy
from tests.helpers.ports import free_port
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.demo.truth import Planted
from wildcrawl.months import CHINA

pytestmark = pytest.mark.engines
PLANT = Path(__file__).resolve().parent / "nodebb" / "plant.js"
TRADE, TALK = "牙角文玩交易", "站务公告"
PAGE_SIZE = 20
SECONDS = 300
FAST = (
    *("-s", "SPIDER_MODULES=tests.engines.spiders", "-s", "DOWNLOAD_DELAY=0"),
    *("-s", "AUTOTHROTTLE_ENABLED=0"),
)
# These two fetch their pictures from elsewhere when they start.
REACHING_OUT = ("nodebb-plugin-emoji-one", "nodebb-plugin-emoji-extended")


@dataclass
class Forum:
    """The forum: its program's folder, where it answers, and what it called what is planted."""

    app: Path
    address: str
    ids: dict[str, dict[str, str]]

    def post(self, topics: Sequence[dict[str, Any]], boards: Sequence[str] = ()) -> Any:
        """Posts topics; the ids that the forum gave, by slug."""
        posts = self.app / "posts.json"
        what = {"boards": list(boards), "topics": list(topics)}
        posts.write_text(json.dumps(what, ensure_ascii=False), encoding="utf-8")
        return json.loads(node(self.app, PLANT, self.app / "config.json", posts).splitlines()[-1])


def node(app: Path, *arguments: str | Path) -> str:
    done = subprocess.run(
        ["node", *arguments],
        cwd=app,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def topic(ad: Planted) -> dict[str, Any]:
    """An advertisement as somebody posts it: the price is part of the text."""
    price = f"\n\n售价：{ad.price}" if ad.price else ""
    posted = datetime.strptime(ad.posted_at, "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)
    return {
        "slug": slug(ad),
        "board": TRADE,
        "title": ad.title,
        "text": (ad.description or "看图") + price,
        "at": int(posted.timestamp() * 1000),
    }


@pytest.fixture(scope="module")
def forum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forum]:
    program = installed("nodebb")
    folder = tmp_path_factory.mktemp("nodebb")
    # Its setup writes beside its code; what npm fetched stays as it is.
    app = folder / "app"
    shutil.copytree(program / "app", app, ignore=shutil.ignore_patterns("node_modules"))
    (app / "node_modules").symlink_to(program / "app" / "node_modules")
    database, port = free_port(), free_port()
    address = f"http://127.0.0.1:{port}"
    config = app / "config.json"
    redis = ["--port", str(database), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with running([program / "redis-server", *redis], folder / "db.log", database, environment()):
        first = {"redis:host": "127.0.0.1", "redis:port": str(database), "redis:database": "0"}
        keeper = {"username": "keeper", "email": "keeper@example.org", "password": "loopback1"}
        keeper["password:confirm"] = keeper["password"]
        setup = {"url": address, "secret": "loopback", "database": "redis", "redis:password": ""}
        setup |= first | {f"admin:{name}": value for name, value in keeper.items()}
        node(app, "app", f"--setup={json.dumps(setup)}")
        settings = json.loads(config.read_text()) | {"bind_address": "127.0.0.1", "port": port}
        config.write_text(json.dumps(settings))
        for plugin in REACHING_OUT:
            node(app, "app", "--reset", f"-p={plugin}")
        forum = Forum(app, address, {})
        rules = {"slug": "rules", "board": TRADE, "title": "象牙制品交易须知", "text": "请看版规。"}
        posts = sorted(map(topic, planted()), key=lambda each: int(each["at"]))
        forum.ids = forum.post([{**rules, "pinned": True}, *posts], (TRADE, TALK))
        serve: list[str | Path] = ["node", app / "app.js"]
        with running(serve, folder / "forum.log", port, environment()):
            yield forum


def crawl(forum: Forum, folder: Path) -> Any:
    result = scrapy(
        *("crawl", "nodebb_trade", *FAST),
        folder=folder,
        WILDCRAWL_CONTACT="monitoring@example.org",
        ENGINE_NODEBB=forum.address,
    )
    assert result.code == 0, result.err
    crawled = stored(folder)
    assert crawled.run.health in ("ok", "quiet"), crawled.run.reason
    return crawled


def named(ads: Sequence[Planted]) -> list[Planted]:
    """Those with a keyword in the title, which is all that a board shows of them."""
    terms = [keyword.term for keyword in load_vocabulary().keywords if not keyword.extreme]
    return [ad for ad in ads if any(term in ad.title for term in terms)]


def test_every_advertisement_that_its_title_gives_away_is_found_once(
    forum: Forum, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = forum.ids["topics"]
    first = crawl(forum, tmp_path)
    wanted = {ids[slug(ad)]: ad for ad in named(planted()) if ad.relevant}
    decoys = {ids[slug(ad)]: ad for ad in planted() if not ad.relevant}
    with capsys.disabled():
        print("\n" + report("NodeBB", wanted, decoys, first))
    assert not [ad.title for key, ad in wanted.items() if key not in first.ads]
    assert first.run.pages == 1 + -(-(len(planted()) + 1) // PAGE_SIZE)
    priced = {key: ad for key, ad in wanted.items() if ad.price_kind == "amount" and ad.price}
    read = [key for key, ad in priced.items() if first.ads[key].price_cny == ad.price_cny]
    assert len(read) >= 0.9 * len(priced)
    for key, ad in wanted.items():
        assert unescape(first.ads[key].original_title) == ad.title
        assert first.ads[key].posted_at.startswith(ad.posted_at[:10])
        assert first.ads[key].url == f"{forum.address}/topic/{key}"

    again = crawl(forum, tmp_path)
    assert (again.run.new, again.run.pages) == (0, 2)

    late = {"slug": "late", "board": forum.ids["boards"][TRADE], "text": "一物一图，要价：800元"}
    new = forum.post([{**late, "title": "老象牙手镯，圈口58"}])["topics"]["late"]
    third = crawl(forum, tmp_path)
    assert (third.run.new, third.run.pages) == (1, 2)
    assert third.ads[new].price_cny == 800
