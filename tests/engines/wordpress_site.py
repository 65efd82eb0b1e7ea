"""A WordPress on loopback with planted advertisements, shown in three ways."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path

from tests.engines.planted import planted, slug
from tests.engines.servers import running
from tests.helpers.crawling import environment
from tests.helpers.ports import free_port
from wildcrawl.demo.truth import Planted

HERE = Path(__file__).resolve().parent / "wordpress"
WAYS = {
    "open": {"ENGINE_THEME": "twentytwentyone"},
    "classic": {"ENGINE_THEME": "twentytwentyone", "ENGINE_API": "shut"},
    "blocks": {"ENGINE_THEME": "twentytwentythree", "ENGINE_API": "shut"},
}
"""By name: with the API, and without it in a classic theme and in one of blocks."""
UNSEEN = {"draft-1": "draft", "private-1": "private", "trash-1": "trash"}
"""Posts that nobody but their writers may see, by their slugs."""
SECONDS = 300


@dataclass
class Install:
    """The installation: the addresses of its ways, and the ids of what is planted in it."""

    addresses: dict[str, str]
    ids: dict[str, str]


@contextmanager
def open_wordpress(source: Path, folder: Path) -> Iterator[Install]:
    """A copy of the WordPress at `source` in `folder`, as long as the block lasts."""
    site = folder / "site"
    shutil.copytree(source, site, symlinks=True)
    shutil.copy(HERE / "config.php", site / "wp-config.php")
    (site / "wp-content" / "mu-plugins").mkdir()
    shutil.copy(HERE / "variants.php", site / "wp-content" / "mu-plugins")
    with ExitStack() as servers:
        socket = servers.enter_context(database(folder))
        addresses = {way: f"http://127.0.0.1:{free_port()}" for way in WAYS}
        ids = plant(site, environment(ENGINE_SOCKET=socket, ENGINE_HOME=addresses["open"]))
        for way, variant in WAYS.items():
            port = int(addresses[way].rsplit(":", 1)[1])
            settings = {"ENGINE_SOCKET": socket, "ENGINE_HOME": addresses[way], **variant}
            servers.enter_context(
                running(
                    ["php", "-S", f"127.0.0.1:{port}", "-t", site],
                    folder / f"{way}.log",
                    port,
                    environment(PHP_CLI_SERVER_WORKERS="2", **settings),
                )
            )
        yield Install(addresses, ids)


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """The socket of a MariaDB that nothing else reaches, with an empty database."""
    data, socket = folder / "data", folder / "db.sock"
    user = ["--user=root"] if os.geteuid() == 0 else []
    subprocess.run(
        [
            "mariadb-install-db",
            "--no-defaults",
            f"--datadir={data}",
            "--skip-test-db",
            "--auth-root-authentication-method=normal",
            *user,
        ],
        check=True,
        capture_output=True,
        timeout=SECONDS,
    )
    (folder / "init.sql").write_text("CREATE DATABASE IF NOT EXISTS wordpress;")
    command = [
        "mariadbd",
        "--no-defaults",
        f"--datadir={data}",
        f"--socket={socket}",
        f"--init-file={folder / 'init.sql'}",
        "--skip-networking",
        "--character-set-server=utf8mb4",
        f"--pid-file={folder / 'db.pid'}",
        *user,
    ]
    with running(command, folder / "db.log", socket, environment()):
        yield str(socket)


def plant(site: Path, settings: dict[str, str]) -> dict[str, str]:
    """Installs the site with what is planted; the ids that it gave, by slug."""
    posts = [post_of(ad) for ad in planted()]
    posts += [
        {**posts[0], "title": f"老象牙 {status}", "slug": name, "status": status}
        for name, status in UNSEEN.items()
    ]
    done = subprocess.run(
        ["php", HERE / "plant.php", site],
        input=json.dumps(posts, ensure_ascii=False),
        capture_output=True,
        encoding="utf-8",
        env=settings,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    ids: dict[str, str] = json.loads(done.stdout[done.stdout.index("{") :])
    return ids


def post_of(ad: Planted) -> dict[str, str]:
    """An advertisement as somebody writes it into a post: the price is part of the text."""
    price = f"<p>售价：{escape(ad.price)}</p>" if ad.price else ""
    return {
        "slug": slug(ad),
        "title": ad.title,
        "content": f"<p>{escape(ad.description)}</p>\n{price}",
        "status": "publish",
        "seller": ad.seller,
        "category": ad.category,
        "posted_at": f"{ad.posted_at}:00",
    }
