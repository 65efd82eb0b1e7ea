"""Addresses that a crawl may request: public ones, of the site's own domains.

A monitored page chooses where its redirects, links, forms and scripts lead. It must not make this
program reach into the network that it runs in, nor on to sites that are not declared.
"""

from __future__ import annotations

import ipaddress
import logging
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from scrapy.settings import BaseSettings
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred

from wildcrawl.analysis.domains import registered_domain
from wildcrawl.crawl.compression import ROBOTS
from wildcrawl.crawl.installed import installed
from wildcrawl.crawl.received import PICTURE
from wildcrawl.crawl.stats import Stat

logger = logging.getLogger(__name__)

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 addresses as NAT64 spells them."""
_UNICAST = ipaddress.ip_network("2000::/3")
"""IPv6 addresses that are given out; those beyond it spell IPv4 ones or belong to a network."""
_SPECIAL = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")))
"""Networks for protocols and examples that Python counts as public."""
SHOWN = 120
"""Characters of a refused address that a message shows."""
DEMO_URL = "http://127.0.0.1:8765"
"""Where the bundled marketplaces listen unless WILDCRAWL_DEMO_URL says otherwise."""
PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


class NoAddress(Exception):
    """The name of a host has no address."""


class AddressRefused(IgnoreRequest):
    """Raised for a request that is not sent, since its address `url` is not one to be requested.

    `led_from` is the address whose redirect led there; "" without a redirect.
    """

    def __init__(self, url: str, why: str, led_from: str = "") -> None:
        super().__init__(f"{url[:SHOWN]} is not requested: {why}")
        self.url = url
        self.led_from = led_from


def is_public(address: IPAddress) -> bool:
    """Whether an address is one of the public network, also as it is spelled in IPv6.

    >>> texts = ("8.8.8.8", "10.0.0.1", "::ffff:127.0.0.1")
    >>> [is_public(ipaddress.ip_address(text)) for text in texts]
    [True, False, False]
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address.teredo:
            return False
        if inner:
            return is_public(inner)
        if address in _TRANSLATED:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address not in _UNICAST:
            return False
    if any(address in network for network in _SPECIAL):
        return False
    return address.is_global and not address.is_multicast


def parsed_address(text: str) -> IPAddress | None:
    """The IP address that a text spells in the common way; None if it is none."""
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None


class OneSpellingResolver(CachingThreadedResolver):
    """Resolver that looks a name up once, however a request spells it.

    Else a request to "mall.example." would ask anew after "mall.example" was checked, and might be
    told another address.
    """

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        return super().getHostByName(name.rstrip(".").lower(), timeout)


async def address_of(host: str) -> str:
    """The IP address of a host, as a request to it will use it."""
    from twisted.internet import reactor

    # The reactor's resolver keeps the address, so that the request goes to the one checked.
    return str(await maybe_deferred_to_future(reactor.resolve(host)))  # type: ignore[arg-type]


def host_and_port(url: str) -> tuple[str, int]:
    """The host of an address, in lower case, and its port; ("", 0) if it has none.

    >>> host_and_port("https://Mall.example/1"), host_and_port("http://[::1]:80/")
    (('mall.example', 443), ('::1', 80))
    """
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme.lower(), 0)
        return (parts.hostname or "").rstrip(".").lower(), port
    except ValueError:
        return "", 0


class LocalHosts:
    """Hosts that may be requested although they are not public: those that somebody named."""

    def __init__(self, named: Iterable[str], declared: Iterable[str]) -> None:
        """`named`: hosts, or hosts with a port. `declared`: addresses that a spider declares.

        Of a spider's own addresses, only those count that say themselves that they are not public,
        and only with their port: a public name that leads here is not excepted.
        """
        self._any_port: set[str] = set()
        self._exact: set[tuple[str, int]] = set()
        for text in named:
            parts = urlsplit(text if "//" in text else f"//{text}")
            host = (parts.hostname or "").lower()
            if parts.port:
                self._exact.add((host, parts.port))
            elif host:
                self._any_port.add(host)
        for url in declared:
            host, port = host_and_port(url)
            address = parsed_address(host)
            if host == "localhost" or (address is not None and not is_public(address)):
                self._exact.add((host, port))

    def __contains__(self, place: tuple[str, int]) -> bool:
        return place in self._exact or place[0] in self._any_port


def local_hosts_of(crawler: Crawler) -> LocalHosts:
    """The hosts that the settings and the spider of a crawl name."""
    named = [name.strip() for name in crawler.settings.getlist("WILDCRAWL_LOCAL_HOSTS")]
    demo = str(crawler.settings.get("WILDCRAWL_DEMO_URL"))
    if demo != DEMO_URL:
        # Somebody has served the marketplaces there; at their usual address may be anything.
        named.append(demo)
    return LocalHosts(filter(None, named), declared_addresses(crawler.spidercls, crawler.settings))


def declared_addresses(spider: type, settings: BaseSettings) -> list[str]:
    """The addresses that a spider class declares; none for one that is not a monitored site."""
    declared = getattr(spider, "declared_addresses", None)
    return list(declared(settings)) if declared else []


class PublicAddresses:
    """Checks where a host is, once for each; also for the browser's proxy."""

    def __init__(self, local: Callable[[], LocalHosts]) -> None:
        """`local` is called with the first address: a spider may know its own only then."""
        self._named = local
        self._refused: dict[str, str] = {}
        """Why nothing is requested of a host; "" if it is public."""

    @cached_property
    def _local(self) -> LocalHosts:
        return self._named()

    async def why_refused(self, host: str, port: int) -> str:
        """Why nothing may be requested of a host and port, as a sentence; "" if it may.

        NoAddress if its name has no address.
        """
        host = host.rstrip(".").lower()
        if (host, port) in self._local:
            return ""
        if host not in self._refused:
            self._refused[host] = await self._checked(host)
        return self._refused[host]

    async def _checked(self, host: str) -> str:
        literal = host if ":" in host or re.fullmatch(r"[\d.]+", host) else ""
        if literal and (address := parsed_address(literal)):
            return "" if is_public(address) else f"{host} is not a public address"
        try:
            found = await address_of(host)
        except Exception:
            raise NoAddress(f"its host {host} has no address") from None
        public = (address := parsed_address(found)) is not None and is_public(address)
        return "" if public else f"{host} is at {found}, which is not a public address"


class AddressMiddleware:
    """Downloader middleware that sends nothing to addresses that are not public or not the site's.

    Each redirect and each robots.txt passes it, too. What a browser requests by itself passes the
    browser's proxy, which asks `public`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.public = PublicAddresses(lambda: local_hosts_of(crawler))
        self.refused: dict[str, str] = {}
        """Host that was refused to the reason, in the order in which they were met."""
        self._domains: set[str] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @classmethod
    def of(cls, crawler: Crawler) -> Self:
        """The middleware of a running crawl; RuntimeError if the settings lack it."""
        return installed(crawler, cls, "no site may be crawled")

    async def process_request(self, request: Request) -> None:
        # Requests for pictures have rules of their own, and a reason for each that is skipped.
        if PICTURE in request.meta:
            return
        scheme = urlsplit(request.url).scheme.lower()
        if scheme not in ("http", "https"):
            self._refuse(request.url, f"a {scheme}: address is not one of a site", request)
        self._check_domain(request.url, request)
        if request.meta.get("proxy"):
            # The proxy looks the name up; what is an address itself can be judged here.
            address = parsed_address(host_and_port(request.url)[0])
            if address is None:
                return
        try:
            why = await self.public.why_refused(*host_and_port(request.url))
        except NoAddress:
            # The request itself reports that, and is retried.
            return
        if why:
            self._refuse(request.url, why, request)

    def process_response(self, request: Request, response: Response) -> Response:
        # A browser follows redirects by itself: only the address shows it.
        if request.meta.get("playwright") and response.url != request.url:
            self._check_domain(response.url, request)
        return response

    def _check_domain(self, url: str, request: Request) -> None:
        """Raises AddressRefused for an address beyond the site's declared domains."""
        if ROBOTS in request.meta:
            # RFC 9309 follows the redirects of a robots.txt to other sites, too.
            return
        if self._domains is None:
            declared = declared_addresses(self.crawler.spidercls, self.crawler.settings)
            self._domains = {registered_domain(address) for address in declared}
        domain = registered_domain(url)
        if self._domains and domain not in self._domains:
            self._refuse(
                url,
                f"{domain} is not a domain that the site declares; if it is the site's own, add it "
                "to 'further_domains'",
                request,
            )

    def _refuse(self, url: str, why: str, request: Request) -> None:
        self.note(url, why)
        led_from = request.meta.get("redirect_urls", [request.url if url != request.url else ""])
        raise AddressRefused(url, why, led_from[0])

    def note(self, url: str, why: str) -> None:
        """Counts a refused address; the first of each host is logged."""
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(Stat.ADDRESSES_REFUSED)
        host = host_and_port(url)[0]
        if host not in self.refused:
            logger.warning("%s is not requested: %s", url[:SHOWN], why)
            self.refused[host] = why

    def message(self) -> str:
        """A sentence about the refused addresses of the run; "" if there were none."""
        if not self.refused:
            return ""
        assert self.crawler.stats is not None
        total = self.crawler.stats.get_value(Stat.ADDRESSES_REFUSED, 0)
        reason = next(iter(self.refused.values()))
        return f"the site led to {total} addresses that are not requested ({reason})"
