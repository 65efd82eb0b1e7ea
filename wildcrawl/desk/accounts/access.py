"""Access to the desk: which addresses and names it answers, and how persons get in."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from wildcrawl.desk.accounts.access_log import AccessLog
from wildcrawl.desk.accounts.book import AccountBook
from wildcrawl.desk.accounts.sessions import Sessions

LOOPBACK = ("127.0.0.1", "::1")
LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]")


class AccessError(ValueError):
    """Raised for an address that the desk may not be opened on; the message gives the fix."""


class OneTimeToken:
    """The token in the printed address, which lets one browser in.

    `renewed` receives the next one when it is used; without it there is none, so that a token in
    a log file is of no use once the person is in.
    """

    def __init__(self, renewed: Callable[[str], None] | None = None) -> None:
        self.value = secrets.token_urlsafe(24)
        self._renewed = renewed
        self._lock = Lock()

    def use(self, given: str) -> bool:
        """Whether `given` is the token, which then is used up."""
        with self._lock:
            known = self.value
            if not known or not hmac.compare_digest(
                known.encode(), given.encode("utf-8", "replace")
            ):
                return False
            self.value = secrets.token_urlsafe(24) if self._renewed else ""
            if self._renewed:
                self._renewed(self.value)
            return True


@dataclass
class Access:
    """How a desk is reached. With a `book` persons sign in; without one, the token lets them in.

    `names` are the host names of its addresses, `proxy` is the address of a declared proxy that
    has the TLS certificate, `secure` is whether browsers reach the desk by TLS.
    """

    names: Sequence[str] = LOCAL_NAMES
    book: AccountBook | None = None
    log: AccessLog = field(default_factory=lambda: AccessLog(None))
    secure: bool = False
    proxy: str = ""
    local: bool = True
    """Whether only this machine is served."""
    port: int = 0
    token: OneTimeToken = field(default_factory=OneTimeToken)
    sessions: Sessions = field(default_factory=Sessions)

    @property
    def cookie(self) -> str:
        """Name of the session's cookie; two desks on one machine share all cookies."""
        return "__Host-desk" if self.secure else f"desk-{self.port}"


def check_address(
    host: str,
    *,
    accounts: int,
    certificate: str = "",
    key: str = "",
    proxy: str = "",
    name: str = "",
) -> None:
    """Raises AccessError unless the desk may listen on `host`.

    Every address other than 127.0.0.1 and ::1 needs accounts, and TLS or a declared proxy.
    """
    _check_tls(certificate, key, proxy)
    shared = host not in LOOPBACK
    if shared and not is_address(host):
        raise AccessError(f"--host {host}: write an IP address, such as 127.0.0.1 or 0.0.0.0")
    if (shared or proxy or certificate) and not accounts:
        raise AccessError(
            f"on {host} other people could reach the desk, and there are no accounts yet; run: "
            "scrapy desk --add-user NAME --role admin"
        )
    if shared and not (certificate or proxy):
        raise AccessError(
            f"on {host} passwords would cross the network in clear text; give --tls-cert FILE and "
            "--tls-key FILE, or --behind-proxy ADDRESS if a proxy has the certificate"
        )
    if not name and (proxy or (shared and ipaddress.ip_address(host).is_unspecified)):
        raise AccessError("give the host name in the browser's address with --name")


def _check_tls(certificate: str, key: str, proxy: str) -> None:
    if bool(certificate) != bool(key):
        raise AccessError("--tls-cert and --tls-key belong together; give both files")
    for option, path in (("--tls-cert", certificate), ("--tls-key", key)):
        if path and not Path(path).is_file():
            raise AccessError(f"{option}: there is no file {path}")
    if certificate and proxy:
        raise AccessError("--behind-proxy and --tls-cert exclude each other: one of them has TLS")
    if proxy and not is_address(proxy):
        raise AccessError(
            f"--behind-proxy {proxy}: write the IP address from which the proxy connects, such as "
            "127.0.0.1"
        )


def is_address(text: str) -> bool:
    """Whether `text` is an IP address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def in_url(host: str) -> str:
    """A host as it is written in an address.

    >>> in_url("::1"), in_url("127.0.0.1")
    ('[::1]', '127.0.0.1')
    """
    return f"[{host}]" if ":" in host else host
