"""Platform site: derives all addresses from the declared domain."""

from __future__ import annotations

from typing import Any, ClassVar


class EngineSite:
    """Mixin before a way of working, which gives a site on a platform its addresses.

    A platform declares its paths, a site its `domain`: shop.example, www.shop.example/mall, or with
    a scheme and a port, http://127.0.0.1:8000.
    """

    domain: ClassVar[str] = ""
    """The site's domain, with a path if the program is in a folder; `home` and `search_url` follow
    from it."""
    search_path: ClassVar[str] = ""
    """Path of the platform's search, with {keyword} and {page} in it."""
    home: ClassVar[str] = ""
    search_url: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.domain and "domain" in vars(cls):
            if "home" not in vars(cls):
                cls.home = base_address(cls.domain) + "/"
            if "search_url" not in vars(cls) and cls.search_path:
                cls.search_url = base_address(cls.domain) + cls.search_path


def base_address(domain: str) -> str:
    """The base address of all of a site's paths.

    >>> base_address("shop.example/mall/")
    'https://shop.example/mall'
    """
    return (domain if "://" in domain else f"https://{domain}").rstrip("/")
