"""Contacts in the text and codes of pictures: WeChat, QQ, phones, as kinds and keyed hashes.

A contact is never kept as it was read. A keyed hash links the pictures of one seller, and is of
no use to anyone without the key.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

LENGTH = 32
"""Hexadecimal digits of a contact's hash."""

_GAP = r"[\s:：号號;；,，.。+＋/|()（）【】\[\]-]*"
_WECHAT_WORD = (
    r"(?:微\s?信|薇\s?信|威\s?信|徽\s?信|加\s?微|加\s?薇|加\s?v|\+\s?v"
    r"|v\s?信|v\s?x|w\s?x|wei\s?xin|we\s?chat)"
)
_WECHAT = re.compile(
    rf"(?<![a-z]){_WECHAT_WORD}{_GAP}(?:同\s?号)?{_GAP}"
    r"([a-z][a-z0-9_-]{5,19}|1[3-9]\d{9})(?![a-z0-9])"
)
_QQ = re.compile(rf"(?<![a-z])(?:q\s?q|扣\s?扣|企\s?鹅)(?:\s?群)?{_GAP}([1-9]\d{{4,10}})(?!\d)")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[\s-]?)?(1[3-9]\d[\s-]?\d{4}[\s-]?\d{4})(?!\d)")
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
    """A contact as read: kind (wechat, qq, phone, alipay, link, code) and value in one spelling.

    For use in memory only; `keyed` is what is kept.
    """

    kind: str
    value: str

    def keyed(self, key: bytes) -> str:
        """The kind, and the HMAC-SHA256 of the value under `key`: wechat:0a1b…"""
        text = f"{self.kind}\0{self.value}".encode("utf-8", "replace")
        return f"{self.kind}:{hmac.new(key, text, hashlib.sha256).hexdigest()[:LENGTH]}"


def contacts_in(text: str) -> tuple[list[Contact], str]:
    """The contacts in a text, each once, and the text with each replaced by its kind.

    >>> contacts_in("象牙手镯 加微信: Ivory_8899")
    ([Contact(kind='wechat', value='ivory_8899')], '象牙手镯 加微信: [wechat]')
    """
    plain = unicodedata.normalize("NFKC", text)
    found: list[Contact] = []
    for kind, pattern in (("wechat", _WECHAT), ("qq", _QQ), ("phone", _PHONE)):
        pieces: list[str] = []
        position = 0
        for match in pattern.finditer(plain.lower()):
            value = re.sub(r"[\s-]", "", match[1]) if kind == "phone" else match[1]
            found.append(Contact(kind, value))
            pieces += (plain[position : match.start(1)], f"[{kind}]")
            position = match.end(1)
        plain = "".join([*pieces, plain[position:]])
    return list(dict.fromkeys(found)), plain


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
    inside, _ = contacts_in(text)
    return inside[0] if inside else Contact("code", text.strip())


def keyed_contacts(contacts: Iterable[Contact], key: bytes) -> list[str]:
    """Kinds and keyed hashes of contacts, sorted, each once."""
    return sorted({contact.keyed(key) for contact in contacts})
