"""Bracelet: an advertisement with every field filled, for tests of stores."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from wildcrawl.items import (
    Advertisement,
)

MAY = datetime(2016, 5, 1, tzinfo=UTC)

DAY = timedelta(days=1)


def bracelet(ad_id: str = "7", **given: Any) -> Advertisement:
    """An advertisement with every field filled, as from the pipelines."""
    values: dict[str, Any] = {
        "site": "mall",
        "ad_id": ad_id,
        "url": f"http://mall.example/{ad_id}",
        "title": "老象牙手串 🐘",
        "description": "民国旧物\n包浆自然",
        "category": "文玩",
        "price": "12元/克",
        "seller": "shop",
        "seller_id": "s1",
        "location": "北京",
        "posted_at": "昨天",
        "found_at": MAY,
        "found_by": ["象牙", "果冻"],
        "image_urls": ["http://mall.example/a;b.jpg", "http://mall.example/2.jpg"],
        "images": 2,
        "videos": 0,
        "species": ["ivory", "tiger"],
        "product_type": "worked_uncarved",
        "age_claim": "old",
        "price_kind": "per_gram",
        "price_cny": Decimal("2800.10"),
        "price_usd": Decimal("406.40"),
        "relevance": "set_aside",
        "terms": ["象牙"],
        "original_title": "老象牙★手串 🐘",
        "original_description": "<p>民国旧物",
        "price_amount": Decimal("12.0005"),
        "price_currency": "CNY",
        "rate": Decimal("6.89"),
        "rate_date": date(2017, 4, 14),
        "reason": "imitation",
        "strength": "code",
        "supports": 2,
        "audit": True,
        "by_person": ["species"],
    }
    return Advertisement(**{**values, **given})
