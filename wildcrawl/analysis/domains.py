"""Registered domain of an address: what one owner registers, below a public suffix."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tldextract import TLDExtract


@cache
def _domains() -> TLDExtract:
    from tldextract import TLDExtract

    # The suffix list bundled with the library, so that none is downloaded.
    return TLDExtract(suffix_list_urls=(), cache_dir=None)


def registered_domain(url: str) -> str:
    """The registered domain of an address.

    >>> registered_domain("https://s.mall.example.com/search?q=1"), registered_domain("http://127.0.0.1:8765/")
    ('example.com', '127.0.0.1')
    """
    parts = _domains()(url)
    if parts.suffix or parts.ipv4 or parts.ipv6 or not parts.subdomain:
        return parts.top_domain_under_public_suffix or parts.fqdn or parts.domain
    # An ending that nobody registered counts as a public suffix, as the list's rules say.
    return f"{parts.subdomain.rpartition('.')[2]}.{parts.domain}"
