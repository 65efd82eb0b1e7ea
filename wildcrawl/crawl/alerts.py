"""Alerts by webhook and mail: a run that is broken, blocked or lost, or a disk that nears full.

Addresses and passwords come from the settings alone and are never logged.
"""

from __future__ import annotations

import json
import logging
import shutil
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from functools import partial
from http.client import HTTPException
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Self
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings

from wildcrawl.crawl.checkup import ROOM_NEEDED
from wildcrawl.crawl.health import FAILED
from wildcrawl.crawl.locations import store_url_of
from wildcrawl.crawl.session import Session
from wildcrawl.store import sqlite_path

logger = logging.getLogger(__name__)

TIMEOUT = 10.0
"""Seconds that a server may be silent."""
DEADLINE = 30.0
"""Seconds for an alert in all: a server may also answer a byte now and then."""
_PORTS = {"smtp": 587, "smtps": 465}


class AlertError(Exception):
    """An alert that was not sent; the message has no address and no password."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect that is an error: followed, it would be asked without the alert's text."""

    def redirect_request(self, *_: object) -> None:
        return None


def check_alerts(settings: BaseSettings) -> None:
    """ValueError, without what may be secret, for an address that is not valid."""
    url = str(settings.get("WILDCRAWL_ALERT_URL") or "")
    if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc):
        raise ValueError("WILDCRAWL_ALERT_URL is not valid; write https://host/path")
    mail = str(settings.get("WILDCRAWL_ALERT_MAIL") or "")
    if mail:
        _mail_parts(mail)


def send_alert(settings: BaseSettings, subject: str, facts: Mapping[str, str]) -> list[AlertError]:
    """Sends an alert by each way in the settings; the faults of those that did not work."""
    ways = (("WILDCRAWL_ALERT_URL", post), ("WILDCRAWL_ALERT_MAIL", mail))
    given = ((name, str(settings.get(name) or ""), send) for name, send in ways)
    return [
        fault
        for name, address, send in given
        if address and (fault := _fault(name, partial(send, address, subject, facts)))
    ]


def _fault(name: str, send: Callable[[], None]) -> AlertError | None:
    """Sends an alert within the deadline; the fault, None without one."""
    faults: SimpleQueue[AlertError | None] = SimpleQueue()

    def sent() -> None:
        try:
            send()
        except AlertError as error:
            faults.put(error)
        else:
            faults.put(None)

    # No time limit of a socket is one of the whole exchange, nor of looking up a name.
    Thread(target=sent, daemon=True).start()
    try:
        return faults.get(timeout=DEADLINE)
    except Empty:
        return AlertError(f"the server of {name} did not take the alert within {DEADLINE:g} s")


def post(url: str, subject: str, facts: Mapping[str, str]) -> None:
    """Posts {"text": subject, …facts} to a webhook; AlertError if it does not take it."""
    body = json.dumps({"text": f"{subject}: {facts.get('reason', '')}", **facts}).encode()
    headers = {"Content-Type": "application/json", "User-Agent": "wildcrawl"}
    request = urllib.request.Request(url, body, headers)  # noqa: S310 (checked in check_alerts)
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=TIMEOUT):
            return
    except urllib.error.HTTPError as error:
        why = f"it answered with status {error.code}"
    except (OSError, ValueError, HTTPException) as error:
        why = type(getattr(error, "reason", None) or error).__name__
    raise AlertError(f"the webhook of WILDCRAWL_ALERT_URL did not take the alert: {why}")


def mail(address: str, subject: str, facts: Mapping[str, str]) -> None:
    """Mails an alert; AlertError if the server does not take it."""
    import smtplib
    from email.message import EmailMessage

    parts, recipient, sender = _mail_parts(address)
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())
    message["To"], message["From"] = recipient, sender
    text = "\n".join(f"{name}: {text}" for name, text in facts.items())
    # What a site says may hold half a character.
    message.set_content(text.encode("utf-8", "backslashreplace").decode())
    # By itself, smtplib verifies no certificate.
    verified = ssl.create_default_context()
    secure = parts.scheme == "smtps"
    server = partial(smtplib.SMTP_SSL, context=verified) if secure else smtplib.SMTP
    try:
        with server(
            parts.hostname or "", parts.port or _PORTS[parts.scheme], timeout=TIMEOUT
        ) as to:
            if parts.username:
                if not secure:
                    to.starttls(context=verified)
                to.login(unquote(parts.username), unquote(parts.password or ""))
            to.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise AlertError(
            f"the server of WILDCRAWL_ALERT_MAIL did not take the alert: {type(error).__name__}"
        ) from None


def _mail_parts(address: str) -> tuple[SplitResult, str, str]:
    """The server, the recipient and the sender; ValueError, without the address, if not valid."""
    parts = urlsplit(address)
    query = parse_qs(parts.query)
    recipient, sender = query.get("to", [""])[0], query.get("from", [""])[0]
    if parts.scheme not in _PORTS or not parts.hostname or "@" not in recipient:
        raise ValueError(
            "WILDCRAWL_ALERT_MAIL is not valid; write "
            "smtps://user:password@host/?to=you@example.org&from=wildcrawl@example.org"
        )
    return parts, recipient, sender or recipient


class RunAlert:
    """Sends an alert for a run that failed, and for a disk that nears full."""

    def __init__(self, session: Session) -> None:
        self.session = session

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        names = ("WILDCRAWL_ALERT_URL", "WILDCRAWL_ALERT_MAIL")
        if not any(crawler.settings.get(name) for name in names):
            raise NotConfigured
        alert = cls(Session.of(crawler))
        crawler.signals.connect(alert.closed, signals.spider_closed)
        return alert

    def closed(self) -> None:
        run, settings = self.session.run, self.session.settings
        reasons = [run.reason] if run.health in FAILED or self.session.failed else []
        reasons += [disk_fault(settings)]
        reason = "; ".join(filter(None, reasons))
        if not reason:
            return
        facts = {"site": run.site, "health": run.health, "reason": reason, "run": run.id}
        for fault in send_alert(settings, f"wildcrawl: {run.site} is {run.health}", facts):
            logger.warning("%s", fault)


def disk_fault(settings: BaseSettings) -> str:
    """A sentence if the disk of the store nears full, else ""."""
    path = sqlite_path(store_url_of(settings))
    try:
        free = shutil.disk_usage(path.parent if path else ".").free
    except OSError:
        return ""
    return "" if free >= ROOM_NEEDED else f"the disk of the store has {free / 1e9:.1f} GB free"
