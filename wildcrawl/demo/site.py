"""Base of the marketplaces' spiders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


class DemoSite:
    """Mixin for spiders of marketplaces at WILDCRAWL_DEMO_URL, crawled without delay."""

    demo: ClassVar[bool] = True
    since: ClassVar[str] = "2012-01"
    evidence: ClassVar[str] = "the marketplace itself, which is part of this project"
    confidence: ClassVar[str] = "high"
    custom_settings: dict[str, Any] | None = {  # noqa: RUF012 - as Scrapy declares it
        "AUTOTHROTTLE_ENABLED": False,
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_REQUESTS": 4,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
        "RETRY_TIMES": 1,
    }

    @classmethod
    def address(cls, settings: BaseSettings, url: str) -> str:
        """Absolute URL of a path on the marketplaces."""
        return str(settings.get("WILDCRAWL_DEMO_URL")).rstrip("/") + url if url else ""
