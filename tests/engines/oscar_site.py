"""A django-oscar shop on loopback with planted advertisements."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.engines.planted import planted, slug
from tests.engines.servers import running
from tests.helpers.crawling import environment
from tests.helpers.ports import free_port
from wildcrawl.demo.truth import Planted

HERE = Path(__file__).resolve().parent / "oscar"
HIDDEN = "hidden-1"
"""The slug of a product that the shop does not show."""
SECONDS = 300


@dataclass
class Shop:
    """The shop: its address, and the ids of what is planted in it."""

    address: str
    ids: dict[str, str]


@contextmanager
def open_shop(python: Path, folder: Path) -> Iterator[Shop]:
    """A shop in `folder`, run by a Python that has django-oscar, as long as the block lasts."""
    settings = environment() | {
        "ENGINE_FOLDER": str(folder),
        "DJANGO_SETTINGS_MODULE": "settings",
        "PYTHONPATH": str(HERE),
    }
    products = [product_of(ad) for ad in on_sale()]
    products.append({**products[0], "slug": HIDDEN, "title": "老象牙秘藏", "public": False})
    done = subprocess.run(
        [python, HERE / "plant.py"],
        input=json.dumps(products),
        capture_output=True,
        encoding="utf-8",
        env=settings,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    ids = json.loads(done.stdout.splitlines()[-1])
    port = free_port()
    with running([python, HERE / "serve.py", str(port)], folder / "shop.log", port, settings):
        yield Shop(f"http://127.0.0.1:{port}", ids)


def on_sale() -> list[Planted]:
    """What is planted: a shop of two hundred products would only take longer."""
    return [ad for ad in planted() if ad.site == "demo_mall"]


def product_of(ad: Planted) -> dict[str, str | bool]:
    """An advertisement as a shop's product: with a price where it is an amount, else without."""
    return {
        "slug": slug(ad),
        "title": ad.title,
        "description": ad.description,
        "category": ad.category,
        "price": str(ad.price_cny or ""),
        "public": True,
    }
