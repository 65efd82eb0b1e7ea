"""Contacts in texts, and in the text and codes of pictures, as kinds and keyed hashes.

A contact is never kept as it was read. A keyed hash links the pictures of one seller, and is of
no use to anyone without the key.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from wildcrawl.analysis.contacts import ReadContact, read_contacts

LENGTH = 32
"""Hexadecimal digits of a contact's hash."""

VERSION = 8
"""Version of what counts as a contact and of its spelling; another one reads all texts again."""
_HOSTS = {
    "u.wechat.com": "wechat",
    "weixin.qq.com": "wechat",
    "wxp": "wechat",
    "weixin": "wechat",
    "qm.qq.com": "qq",
    "mqqapi": "qq",
    "qr.alipay.com": "alipay",
    "alipays": "alipay",
}
"""Kind of a code by the host or the scheme of its address."""


@dataclass(frozen=True, order=True)
class Contact:
    """A contact as read: kind (as in a text; or alipay, link, code) and value in one spelling.

    For use in memory only; `keyed` is what is kept.
    """

    kind: str
    value: str

    def keyed(self, key: bytes) -> str:
        """The kind, and the HMAC-SHA256 of the value under `key`: wechat:0a1b…"""
        text = f"{self.kind}\0{self.value}".encode("utf-8", "replace")
        return f"{self.kind}:{hmac.new(key, text, hashlib.sha256).hexdigest()[:LENGTH]}"


def contacts_in(text: str) -> list[Contact]:
    """The contacts in a text, each once.

    >>> contacts_in("象牙手镯 加微信: Ivory_8899")
    [Contact(kind='wechat', value='ivory_8899')]
    """
    return _contacts(read_contacts(text)[0])


def contacts_in_lines(lines: Iterable[str]) -> tuple[list[Contact], str]:
    """The contacts in the lines of a picture, and its text with each replaced by its kind."""
    found, masked = read_contacts("\n".join(lines), lines=True)
    return _contacts(found), masked


def _contacts(found: Iterable[ReadContact]) -> list[Contact]:
    return [Contact(str(each.kind), each.value) for each in found]


def contact_of_code(text: str) -> Contact:
    """What a QR code leads to: an account by its address, or the text of any other code.

    >>> contact_of_code("https://u.wechat.com/abc123").kind
    'wechat'
    """
    try:
        parts = urlsplit(text.strip())
        host = (parts.hostname or "").lower()
    except ValueError:
        return Contact("code", text.strip())
    kind = _HOSTS.get(host) or _HOSTS.get(parts.scheme.lower())
    if kind:
        return Contact(kind, text.strip())
    if parts.scheme.lower() in ("http", "https") and host:
        return Contact("link", text.strip())
    inside = contacts_in(text)
    return inside[0] if inside else Contact("code", text.strip())


def keyed_contacts(contacts: Iterable[Contact], key: bytes) -> list[str]:
    """Kinds and keyed hashes of contacts, sorted, each once."""
    return sorted({contact.keyed(key) for contact in contacts})
