"""Cookies middleware: Scrapy's, with the list of public suffixes that tldextract bundles.

Scrapy's own fetches that list from publicsuffix.org at a crawl's first cookie, outside of
robots.txt, the delay and the log.
"""

from __future__ import annotations

from scrapy.downloadermiddlewares import cookies
from tldextract import TLDExtract

# Replaced in the module, so that every cookies middleware of the process uses it.
cookies._split_domain = TLDExtract(
    suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True
)


class CookiesMiddleware(cookies.CookiesMiddleware):
    """Scrapy's cookies middleware; it sends no request of its own."""
